"""Who meant to go to an event is told when it changes: once, and only of what they may still read."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from parvis.agenda import actions
from parvis.agenda.actions import Span
from parvis.agenda.models import Attendance
from parvis.letters.events import TOLD_AT_ONCE
from parvis.people.models import Person
from parvis.publications.actions import hide
from tests.agenda.conftest import Announce, announce
from tests.worker import run_until_idle

__all__ = ["announce"]


@pytest.fixture
def soon() -> datetime:
    """In two weeks, to the minute."""
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=14)


def test_those_who_go_are_told_once(
    announce: Announce, soon: datetime, chloe: Person, bruno: Person, amina: Person
) -> None:
    event = announce("Bal folk", soon, others=[Span(soon + timedelta(days=1))])
    first, second = event.occurrences.all()
    actions.attend(bruno, first)
    actions.attend(amina, second)
    run_until_idle()
    mail.outbox.clear()
    actions.change_time(first, by=chloe, status="cancelled", note="Orage")
    actions.change_time(first, by=chloe, status="cancelled", note="Orage")
    run_until_idle()
    [message] = mail.outbox
    assert message.to == [bruno.email]
    assert message.subject == "Annulé : Bal folk"
    assert "Orage" in message.body
    mail.outbox.clear()
    actions.change_status(event, by=chloe, status="postponed")
    run_until_idle()
    assert sorted(message.to[0] for message in mail.outbox) == [amina.email, bruno.email]


def test_however_many_go_each_is_told_once_in_turns(announce: Announce, soon: datetime, chloe: Person) -> None:
    event = announce("Bal folk", soon)
    crowd = [Person(email=f"p{number}@example.org", name=f"Personne {number}") for number in range(TOLD_AT_ONCE + 3)]
    Person.objects.bulk_create(crowd)
    time = event.occurrences.get()
    Attendance.objects.bulk_create(
        [Attendance(person=person, occurrence=time) for person in Person.objects.filter(name__startswith="Personne ")]
    )
    actions.change_status(event, by=chloe, status="cancelled")
    run_until_idle()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(person.email for person in crowd)


def test_nobody_is_told_of_what_they_may_no_longer_read(
    announce: Announce, soon: datetime, chloe: Person, bruno: Person, moderator: Person
) -> None:
    """R-SEC-3: rights are those of the moment the mail leaves."""
    event = announce("Bal folk", soon)
    actions.attend(bruno, event.occurrences.get())
    actions.change_status(event, by=chloe, status="moved")
    hide(event.publication, by=moderator, rule="inexact", reason="La salle est fermée.")
    run_until_idle()
    assert bruno.email not in {message.to[0] for message in mail.outbox}
