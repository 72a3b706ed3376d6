"""One's own calendar: a secret address, kept as a digest, revocable, read with the rights of the moment (R-SEC-10)."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from parvis.agenda import actions
from parvis.agenda.actions import Repeat
from parvis.agenda.models import CalendarKey, Event
from parvis.agenda.recurrence import parse
from parvis.core.models import JournalEntry
from parvis.people.models import Person
from parvis.publications.actions import hide
from tests.agenda.conftest import Announce
from tests.publications.conftest import html, signed_in


@pytest.fixture
def soon() -> datetime:
    """In two days, to the minute."""
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=2)


@pytest.fixture
def choir(announce: Announce, soon: datetime) -> Event:
    """Every week, four times."""
    return announce("Chœur", soon, at=timezone.now(), repeat=Repeat(parse("FREQ=WEEKLY;COUNT=4")))


def made(person: Person) -> str:
    """Make the address from its page; its path."""
    page = html(signed_in(person).post("/mon-agenda/", {"action": "make"}))
    [path] = re.findall(r"(/mon-agenda/[-\w]{22}\.ics)", page)
    return str(path)


def read(path: str) -> list[Any]:
    return list(Calendar.from_ical(Client().get(path).content).walk("VEVENT"))


def test_it_holds_the_times_one_goes_to_and_no_other(choir: Event, amina: Person, moderator: Person) -> None:
    second = choir.occurrences.select_related("event__publication").all()[1]
    actions.attend(amina, second)
    path = made(amina)
    [entry] = read(path)
    assert entry["DTSTART"].dt == second.starts_at
    assert "RRULE" not in entry
    hide(choir.publication, by=moderator, rule="inexact", reason="La salle est fermée.")
    assert read(path) == []


def test_no_cache_keeps_it_and_no_secret_is_kept(amina: Person) -> None:
    path = made(amina)
    answer = Client().get(path)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies
    secret = path.rpartition("/")[2].removesuffix(".ics")
    assert secret not in CalendarKey.objects.get().digest
    assert secret not in html(signed_in(amina).get("/mon-agenda/"))
    assert all(secret not in str(entry.details) for entry in JournalEntry.objects.all())


def test_replaced_or_closed_the_former_address_opens_nothing(amina: Person, bruno: Person) -> None:
    first = made(amina)
    second = made(amina)
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    signed_in(bruno).post("/mon-agenda/", {"action": "drop"})
    assert Client().get(second).status_code == 200
    signed_in(amina).post("/mon-agenda/", {"action": "drop"})
    assert Client().get(second).status_code == 404
    third = made(amina)
    Person.objects.filter(pk=amina.pk).update(is_active=False)
    assert Client().get(third).status_code == 404
