"""Registration: seats, a waiting list that moves by itself, reminders, and who reads the list (R-LAW-5, R-PRIV-1)."""

import threading
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from parvis.agenda import actions, jobs
from parvis.agenda.models import Attendance, Event, Occurrence
from parvis.core.models import JournalEntry
from parvis.people.actions import erase_account
from parvis.people.models import Person
from tests.agenda.conftest import Announce
from tests.cast import Cast, make_person
from tests.publications.conftest import html, signed_in
from tests.worker import run_until_idle


@pytest.fixture
def soon() -> datetime:
    """In three days, to the minute."""
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=3)


@pytest.fixture
def workshop(announce: Announce, soon: datetime, chloe: Person) -> Event:
    """Two seats, and a question."""
    event = announce("Atelier", soon, at=timezone.now())
    return actions.set_seats(event, by=chloe, takes_registrations=True, capacity=2, question="Combien d’enfants ?")


def time_of(event: Event) -> Occurrence:
    return Occurrence.objects.select_related("event__publication").get(event=event)


def crowd(territory: Cast, count: int) -> list[Person]:
    return [make_person(f"p{n}@example.org", f"Personne {n}", territory.ormoy) for n in range(count)]


def test_past_the_last_seat_one_waits_and_moves_up_alone(territory: Cast, workshop: Event) -> None:
    time = time_of(workshop)
    people = crowd(territory, 4)
    assert [actions.attend(person, time) for person in people] == [True, True, False, False]
    run_until_idle()
    mail.outbox.clear()
    actions.unattend(people[0], time)
    run_until_idle()
    [message] = mail.outbox
    assert message.to == [people[2].email]
    assert message.subject == "Une place pour vous : Atelier"
    assert {one.person_id: one.waiting for one in Attendance.objects.all()} == {
        people[1].pk: False,
        people[2].pk: False,
        people[3].pk: True,
    }
    # Who leaves the waiting list takes no seat with them.
    actions.unattend(people[3], time)
    assert Attendance.objects.seated().count() == 2


def test_who_leaves_for_good_leaves_their_seat_to_who_waits(territory: Cast, workshop: Event) -> None:
    time, people = time_of(workshop), crowd(territory, 3)
    for person in people:
        actions.attend(person, time)
    erase_account(people[0], by=people[0])
    assert dict(Attendance.objects.values_list("person", "waiting")) == {people[1].pk: False, people[2].pk: False}


def test_more_seats_are_given_at_once_to_who_waits(territory: Cast, workshop: Event, chloe: Person) -> None:
    time = time_of(workshop)
    for person in crowd(territory, 5):
        actions.attend(person, time)
    actions.set_seats(workshop, by=chloe, takes_registrations=True, capacity=4, question="")
    assert Attendance.objects.seated().count() == 4
    actions.set_seats(workshop, by=chloe, takes_registrations=True, capacity=1, question="")
    assert Attendance.objects.seated().count() == 4
    actions.set_seats(workshop, by=chloe, takes_registrations=False, capacity=None, question="")
    assert Attendance.objects.seated().count() == 5


@pytest.mark.django_db(transaction=True)
def test_of_those_who_ask_for_the_last_seats_at_once_no_more_have_one(territory: Cast, workshop: Event) -> None:
    """On both databases: two browsers, one seat."""
    people = crowd(territory, 8)
    gate = threading.Barrier(len(people))
    seated: list[bool] = []

    def ask(person: Person) -> None:
        gate.wait()
        try:
            seated.append(actions.attend(person, time_of(workshop)))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seated) == [False] * 6 + [True] * 2
    assert Attendance.objects.seated().count() == 2


def test_the_list_is_for_those_who_organise_alone(
    workshop: Event, amina: Person, chloe: Person, moderator: Person, admin: Person
) -> None:
    browser = signed_in(amina)
    page = html(browser.get(workshop.publication.get_absolute_url()))
    assert "Combien d’enfants ?" in page
    sent = {"action": "attend", "answer": "Deux, et un bébé"}
    assert browser.post(f"/agenda/presence/{time_of(workshop).pk}/", sent).status_code == 302
    path = f"/agenda/{workshop.pk}/inscriptions/"
    listed = html(signed_in(chloe).get(path))
    assert "Amina Belkacem" in listed
    assert "Deux, et un bébé" in listed
    assert amina.email not in listed
    for person in (moderator, admin, amina):
        assert signed_in(person).get(path).status_code == 404
    for other in (Client(), signed_in(moderator)):
        assert "Deux, et un bébé" not in html(other.get(workshop.publication.get_absolute_url()))


def test_an_event_without_registration_lists_nobody(
    announce: Announce, soon: datetime, amina: Person, chloe: Person
) -> None:
    event = announce("Bal", soon, at=timezone.now())
    actions.attend(amina, time_of(event), answer="Je viens avec Paul")
    assert Attendance.objects.get().answer == ""
    assert "Amina" not in html(signed_in(chloe).get(f"/agenda/{event.pk}/inscriptions/"))


def test_one_is_reminded_the_day_before_once(
    workshop: Event, territory: Cast, soon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = crowd(territory, 3)
    for person in people:
        actions.attend(person, time_of(workshop))
    assert jobs.remind_of_tomorrow() == 0
    eve = timezone.localtime(soon).replace(hour=10, minute=0) - timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: eve.replace(hour=7))
    assert jobs.remind_of_tomorrow() == 0
    monkeypatch.setattr(timezone, "now", lambda: eve)
    assert jobs.remind_of_tomorrow() == 1
    assert jobs.remind_of_tomorrow() == 0
    mail.outbox.clear()
    run_until_idle()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(person.email for person in people[:2])
    assert {message.subject for message in mail.outbox} == {"Demain : Atelier"}


def test_who_came_is_forgotten_a_month_after(workshop: Event, amina: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    actions.attend(amina, time_of(workshop), answer="Deux")
    for days, left in ((20, 1), (34, 0)):
        later = timezone.now() + timedelta(days=days)
        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda later=later: later)
            jobs.forget_attendances()
        assert Attendance.objects.count() == left


def test_the_journal_tells_neither_who_waits_nor_where(workshop: Event, territory: Cast) -> None:
    people, before = crowd(territory, 3), JournalEntry.objects.count()
    for person in people:
        actions.attend(person, time_of(workshop))
    actions.unattend(people[0], time_of(workshop))
    for entry in JournalEntry.objects.order_by("pk")[before:]:
        assert entry.target_type != "occurrence"
        assert entry.details == {} or entry.actor_id is None


def test_a_full_event_says_so_and_offers_to_wait(workshop: Event, territory: Cast, amina: Person) -> None:
    for person in crowd(territory, 2):
        actions.attend(person, time_of(workshop))
    page = html(signed_in(amina).get(workshop.publication.get_absolute_url()))
    assert "Complet" in page
    assert "Me mettre sur la liste d’attente" in page
    assert "Complet" in html(Client().get(workshop.publication.get_absolute_url()))
