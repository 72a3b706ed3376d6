"""Whoever organises accepts who comes to a home, or refuses someone and tells them why (R-PRIV-12, R-PRIV-1)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from parvis.agenda import actions, jobs
from parvis.agenda.models import Attendance, Event, Occurrence, Refusal
from parvis.core.models import JournalEntry
from parvis.notifications.models import Notification
from parvis.people.models import Person
from parvis.publications.actions import Refused
from tests.agenda.conftest import Announce
from tests.cast import Cast, make_person
from tests.publications.conftest import html, signed_in
from tests.worker import run_until_idle

HOME = "7 impasse du Puits"


@pytest.fixture
def soon() -> datetime:
    """In three days, to the minute."""
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=3)


@pytest.fixture
def evening(announce: Announce, soon: datetime, chloe: Person) -> Event:
    """At someone's home, with one seat."""
    event = announce("Veillée", soon, venue="Chez un particulier", home_address=HOME, at=timezone.now())
    return actions.set_seats(event, by=chloe, takes_registrations=True, capacity=1, question="")


def time_of(event: Event) -> Occurrence:
    return Occurrence.objects.select_related("event__publication").get(event=event)


def told(person: Person) -> list[str]:
    return sorted(Notification.objects.filter(person=person).values_list("what", flat=True))


def post(person: Person, one: Attendance, **sent: str) -> int:
    return signed_in(person).post(f"/agenda/inscription/{one.pk}/", sent).status_code


def test_one_asks_to_come_to_a_home_and_knows_where_once_accepted(
    evening: Event, amina: Person, chloe: Person, moderator: Person
) -> None:
    page, browser = evening.publication.get_absolute_url(), signed_in(amina)
    assert "Demander à venir" in html(browser.get(page))
    browser.post(f"/agenda/presence/{time_of(evening).pk}/", {"action": "attend"})
    assert "Demande envoyée" in html(browser.get(page))
    assert HOME not in html(browser.get(page))
    run_until_idle()
    assert told(chloe) == ["asks_seat"]
    one = Attendance.objects.get()
    assert "à accepter" in html(signed_in(chloe).get(f"/agenda/{evening.pk}/inscriptions/"))
    for other in (amina, moderator):
        assert post(other, one, action="accept") == 404
    assert post(chloe, one, action="accept") == 302
    assert post(chloe, one, action="accept") == 302
    assert HOME in html(browser.get(page))
    mail.outbox.clear()
    run_until_idle()
    [message] = mail.outbox
    assert message.to == [amina.email]
    assert message.subject.startswith("Vous pouvez venir")
    assert HOME not in str(message.body)
    assert told(amina) == ["seat_yes"]


def test_who_is_refused_alone_reads_why_and_the_next_has_the_seat(
    evening: Event, amina: Person, bruno: Person, chloe: Person
) -> None:
    time = time_of(evening)
    assert actions.attend(amina, time)
    assert not actions.attend(bruno, time)
    one = Attendance.objects.get(person=amina)
    assert post(chloe, one, action="refuse", reason=" ") == 302
    assert Attendance.objects.filter(pk=one.pk).exists()
    assert post(chloe, one, action="refuse", reason="La salle à manger est trop petite.") == 302
    assert post(chloe, one, action="refuse", reason="Encore") == 404
    assert Attendance.objects.get().person == bruno
    assert not Attendance.objects.get().waiting
    mail.outbox.clear()
    run_until_idle()
    # Who had the seat after is not told it is theirs before they are accepted.
    [message] = [message for message in mail.outbox if message.to == [amina.email]]
    assert "trop petite" in str(message.body)
    assert not [message for message in mail.outbox if message.to == [bruno.email]]
    assert told(amina) == ["seat_no"]
    page = evening.publication.get_absolute_url()
    assert "trop petite" in html(signed_in(amina).get(page))
    for other in (Client(), signed_in(bruno), signed_in(chloe)):
        assert "trop petite" not in html(other.get(page))
    with pytest.raises(Refused):
        actions.attend(amina, time)


def test_anyone_who_registered_may_be_refused(
    announce: Announce, soon: datetime, territory: Cast, chloe: Person
) -> None:
    event = announce("Atelier", soon, at=timezone.now())
    actions.set_seats(event, by=chloe, takes_registrations=True, capacity=1, question="")
    first, second = (make_person(f"p{n}@example.org", f"Personne {n}", territory.ormoy) for n in range(2))
    for person in (first, second):
        actions.attend(person, time_of(event))
    actions.refuse_attendee(Attendance.objects.get(person=first), by=chloe, reason="Réservé aux adultes")
    mail.outbox.clear()
    run_until_idle()
    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert subjects[second.email] == "Une place pour vous : Atelier"
    assert subjects[first.email].startswith("Votre inscription n’est pas retenue")


def test_nobody_answers_for_another_or_where_nobody_registers(
    announce: Announce, soon: datetime, amina: Person, chloe: Person, bruno: Person
) -> None:
    event = announce("Bal", soon, at=timezone.now())
    actions.attend(amina, time_of(event))
    one = Attendance.objects.get()
    assert post(chloe, one, action="refuse", reason="Non") == 404
    for person in (chloe, bruno):
        with pytest.raises(Refused):
            actions.refuse_attendee(one, by=person, reason="Non")


def test_an_event_that_moves_to_a_home_asks_again(
    announce: Announce, soon: datetime, amina: Person, chloe: Person
) -> None:
    """R-PRIV-12: who said they go before is not accepted yet."""
    event = announce("Goûter", soon, at=timezone.now())
    actions.attend(amina, time_of(event))
    spans = [actions.Span(soon)]
    said: dict[str, Any] = {"title": "Goûter", "body": "Ici", "spans": spans, "venue": "Chez un particulier"}
    actions.correct_event(event, by=chloe, home_address=HOME, **said)
    assert HOME not in html(signed_in(amina).get(event.publication.get_absolute_url()))
    event.refresh_from_db()
    actions.correct_event(event, by=chloe, home_address="", **said)
    assert not Attendance.objects.get().asking


def test_a_refusal_is_forgotten_a_month_after(
    evening: Event, amina: Person, chloe: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-LAW-5."""
    actions.attend(amina, time_of(evening))
    actions.refuse_attendee(Attendance.objects.get(), by=chloe, reason="Complet")
    for days, left in ((20, 1), (34, 0)):
        later = timezone.now() + timedelta(days=days)
        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda later=later: later)
            jobs.forget_attendances()
        assert Refusal.objects.count() == left


def test_the_journal_holds_no_reason(evening: Event, amina: Person, chloe: Person) -> None:
    actions.attend(amina, time_of(evening))
    actions.refuse_attendee(Attendance.objects.get(), by=chloe, reason="Un motif privé")
    assert not [entry for entry in JournalEntry.objects.all() if "privé" in str(entry.details)]


def test_the_home_is_in_the_calendar_of_who_was_accepted_and_in_no_other_outlet(
    evening: Event, amina: Person, bruno: Person, moderator: Person, chloe: Person, territory: Cast
) -> None:
    time, page = time_of(evening), evening.publication.get_absolute_url()
    actions.set_seats(evening, by=chloe, takes_registrations=True, capacity=2, question="")
    for person in (amina, bruno):
        actions.attend(person, time)
    actions.follow_event(moderator, evening)
    actions.accept_attendee(Attendance.objects.get(person=amina), by=chloe)

    def own(person: Person) -> str:
        answer = Client().get(f"/mon-agenda/{actions.make_calendar_key(by=person)}.ics").content.decode()
        return answer.replace("\r\n ", "")

    assert f"LOCATION:{HOME}\\, {territory.bois.name}" in own(amina)
    for person in (bruno, moderator):
        assert "Veillée" in own(person)
        assert HOME not in own(person)
        assert HOME not in html(signed_in(person).get(page))
    assert HOME in html(signed_in(amina).get(page))
    commune, voice = territory.bois.get_absolute_url(), evening.publication.voice.get_absolute_url()
    week = f"{timezone.localtime(time.starts_at):%G-W%V}"
    outlets = [
        *(f"{door}agenda.{kind}" for door in ("/", commune, voice) for kind in ("ics", "atom", "json", "csv")),
        *(f"{page.rstrip('/')}.ics", page, f"/embed/agenda/{evening.pk}/", "/embed/agenda/", commune, voice),
        *(f"/agenda/?semaine={week}", f"/agenda/semaine/?semaine={week}", "/recherche/?q=Veillée", "/agenda/"),
    ]
    for outlet in outlets:
        # Whoever was accepted reads the same as anyone there, but on the page.
        for browser in (Client(), signed_in(bruno), *([] if outlet == page else [signed_in(amina)])):
            answer = browser.get(outlet)
            assert answer.status_code == 200, outlet
            assert HOME not in answer.content.decode().replace("\r\n ", ""), outlet
    run_until_idle()
    assert all(HOME not in str(message.message()) for message in mail.outbox)
