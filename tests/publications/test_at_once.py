"""The same form, sent many times at once, acts once (R-REL-5, F-14)."""

import threading
import uuid

import pytest
from django.db import connection

from parvis.core.models import JournalEntry
from parvis.core.once import submit_once
from parvis.people.models import Person
from parvis.publications import actions
from parvis.publications.models import Delivery, Publication
from tests.cast import Cast

TIMES = 20


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twenty_times_at_once_publishes_once(territory: Cast, trusted_bruno: Person) -> None:
    bruno, key = trusted_bruno, uuid.uuid4()
    gate = threading.Barrier(TIMES)
    addresses: list[str] = []

    def publish() -> str:
        draft = actions.compose(
            voice=bruno.voice,
            by=bruno,
            kind="post",
            place=territory.clairval,
            title="Bonjour",
            body="À tous.",
            zones=[territory.clairval],
        )
        return actions.submit(draft, by=bruno).get_absolute_url()

    def send() -> None:
        gate.wait()
        try:
            addresses.append(submit_once(bruno, key, publish))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(TIMES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    post = Publication.objects.get()
    assert addresses == [post.get_absolute_url()] * TIMES
    assert Delivery.objects.count() == 2
    assert JournalEntry.objects.filter(verb="publication.published").count() == 1
