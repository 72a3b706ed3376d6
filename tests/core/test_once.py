"""A form sent twice acts once (R-REL-5, F-14)."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection

from parvis.core.models import JournalEntry, Submission
from parvis.core.once import submit_once


def act() -> str:
    """Write something and say where it is."""
    return f"/{JournalEntry.objects.create(verb='acted').pk}/"


@pytest.mark.django_db
def test_the_second_time_gives_the_first_address():
    key = uuid.uuid4()

    assert submit_once(None, key, act) == submit_once(None, key, act)
    assert JournalEntry.objects.count() == 1


@pytest.mark.django_db
def test_another_key_is_another_act():
    submit_once(None, uuid.uuid4(), act)
    submit_once(None, uuid.uuid4(), act)

    assert JournalEntry.objects.count() == 2


@pytest.mark.django_db
def test_an_act_that_fails_can_be_tried_again():
    key = uuid.uuid4()

    def fail() -> str:
        act()
        raise IntegrityError("not ours")

    with pytest.raises(IntegrityError):
        submit_once(None, key, fail)

    assert not Submission.objects.exists()
    assert not JournalEntry.objects.exists()
    assert submit_once(None, key, act)


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_act_once():
    key = uuid.uuid4()

    def send(_number):
        try:
            return submit_once(None, key, act)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        addresses = set(pool.map(send, range(50)))

    assert len(addresses) == 1
    assert JournalEntry.objects.count() == 1
