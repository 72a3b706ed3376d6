"""What several people do at the same moment is counted whole."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from parvis.groups import actions
from parvis.groups.models import Ballot, Choice, Group, Poll
from parvis.people.models import Person
from tests.cast import Cast, make_person
from tests.circles import own

TIMES = 8

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: list[Callable[[], Any]]) -> None:
    """All of them, together."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            act()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_all_who_enter_are_counted(garden: Group, territory: Cast) -> None:
    people = [make_person(f"e{number}@example.org", f"Entrant {number}", territory.bois) for number in range(TIMES)]
    at_once([partial(actions.join, garden, by=one, voice=own(one)) for one in people])
    garden.refresh_from_db()
    assert garden.habitants == garden.members.count() == TIMES + 1


def test_two_clicks_on_one_answer_leave_one(garden: Group, amina: Person) -> None:
    question = actions.Question("Quel jour ?", [str(day) for day in range(TIMES)], timezone.now() + timedelta(days=1))
    topic = actions.open_topic(garden, by=amina, voice=own(amina), title="Jour", body="Dites", poll=question)
    poll = Poll.objects.select_related("message__topic__group").get(message__topic=topic)
    choices = list(Choice.objects.filter(poll=poll))
    actions.vote(poll, by=amina, choices=choices[:1])
    at_once([partial(actions.vote, poll, by=amina, choices=[one]) for one in choices])
    assert Ballot.objects.get().choices.count() == 1
