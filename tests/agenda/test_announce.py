"""Announcing an event: who may, when it can be, and on which agendas it then stands."""

from datetime import timedelta
from typing import Any

import pytest

from parvis.agenda import actions
from parvis.agenda.actions import Span
from parvis.agenda.models import Event, Occurrence, Showing
from parvis.core.models import JournalEntry
from parvis.people.models import Person, Voice
from parvis.publications.actions import Refused, approve, hide, restore, withdraw
from parvis.publications.models import Publication, State
from tests.agenda.conftest import Announce, paris
from tests.cast import Cast


def zones_of(event: Event) -> set[str]:
    return set(Showing.objects.filter(occurrence__event=event).values_list("zone__name", flat=True))


def test_it_stands_on_the_agenda_of_its_commune_and_of_all_that_contain_it(announce: Announce) -> None:
    event = announce("Bal folk", paris(28, 20))
    assert zones_of(event) == {
        "Bois-le-Comte",
        "Clairval-1",
        "Communauté de communes des Trois Clochers",
        "1re circonscription du Val-d’Ombre",
        "Val-d’Ombre",
        "Haute-Ombre",
    }


def test_a_commune_across_two_cantons_is_on_the_agenda_of_both(announce: Announce, territory: Cast) -> None:
    event = announce("Bal folk", paris(28, 20), commune=territory.clairval)
    assert {"Clairval-1", "Clairval-2"} <= zones_of(event)
    assert "Clairval" in zones_of(event)


def test_an_unverified_association_waits_and_its_event_is_on_no_agenda(
    announce: Announce, atelier: Voice, amina: Person, moderator: Person
) -> None:
    event = announce("Bal folk", paris(28, 20), voice=atelier, by=amina)
    assert event.publication.state == State.PENDING
    assert zones_of(event) == set()
    approve(event.publication, by=moderator)
    assert "Bois-le-Comte" in zones_of(event)


def test_hidden_it_leaves_every_agenda_and_restored_it_comes_back(announce: Announce, moderator: Person) -> None:
    event = announce("Bal folk", paris(28, 20))
    before = zones_of(event)
    hide(event.publication, by=moderator, rule="inexact", reason="La salle dit ne pas être au courant.")
    assert zones_of(event) == set()
    restore(event.publication, by=moderator)
    assert zones_of(event) == before


def test_withdrawn_it_leaves_every_agenda(announce: Announce, chloe: Person) -> None:
    event = announce("Bal folk", paris(28, 20))
    withdraw(event.publication, by=chloe)
    assert zones_of(event) == set()


def test_an_inhabitant_announces_nothing_and_nothing_is_written(announce: Announce, amina: Person) -> None:
    with pytest.raises(Refused):
        announce("Bal folk", paris(28, 20), voice=amina.voice, by=amina)
    assert not Publication.objects.exists()
    assert not Event.objects.exists()


def test_one_who_does_not_speak_for_the_association_announces_nothing(announce: Announce, amina: Person) -> None:
    with pytest.raises(Refused):
        announce("Bal folk", paris(28, 20), by=amina)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (paris(20), None),
        (paris(28, 20), paris(28, 19)),
        (paris(28, year=2029), None),
        (paris(28), paris(28, year=2028)),
    ],
    ids=["over", "ends before it starts", "too far ahead", "too long"],
)
def test_times_that_cannot_be_are_refused(announce: Announce, starts: object, ends: object) -> None:
    with pytest.raises(Refused):
        announce("Bal folk", starts, ends_at=ends)
    assert not Publication.objects.exists()


def test_what_began_and_goes_on_can_be_announced(announce: Announce) -> None:
    event = announce("Exposition", paris(1, 10), ends_at=paris(30, 18))
    assert event.publication.state == State.ONLINE


def test_the_same_start_given_twice_is_one_time(announce: Announce) -> None:
    event = announce("Bal folk", paris(28, 20), others=[Span(paris(28, 20)), Span(paris(29, 15))])
    assert [time.starts_at for time in event.occurrences.all()] == [paris(28, 20), paris(29, 15)]


def test_too_many_dates_are_refused(announce: Announce) -> None:
    with pytest.raises(Refused):
        announce("Bal folk", paris(28), others=[Span(paris(28) + timedelta(days=n)) for n in range(1, 202)])


def test_hostile_characters_are_not_kept(announce: Announce) -> None:
    event = announce(
        "Bal\x00 folk", paris(28), venue="Foyer\u202e rural\x00", address="1\nrue\r\nHaute", price="8\x07 €"
    )
    event.refresh_from_db()
    assert (event.publication.title, event.venue, event.address, event.price) == (
        "Bal folk",
        "Foyer rural",
        "1 rue Haute",
        "8 €",
    )


@pytest.mark.parametrize(
    ("price", "is_free", "said"),
    [
        ("Gratuit", True, (True, "", "Gratuit")),
        ("gratuit.", False, (True, "", "Gratuit")),
        ("Gratuit, sur réservation", True, (True, "sur réservation", "Gratuit\u00a0· sur réservation")),
        ("Gratuit, ou presque", False, (False, "Gratuit, ou presque", "Gratuit, ou presque")),
        ("Gratuit pour les enfants", False, (False, "Gratuit pour les enfants", "Gratuit pour les enfants")),
        ("5 €", False, (False, "5 €", "5 €")),
    ],
)
def test_what_is_free_says_so_once(announce: Announce, price: str, is_free: bool, said: tuple[bool, str, str]) -> None:
    event = announce("Bal folk", paris(28), price=price, is_free=is_free)
    assert (event.is_free, event.price, event.cost) == said


def correction(event: Event, **changed: object) -> dict[str, Any]:
    said: dict[str, Any] = {
        "title": event.publication.title,
        "body": event.publication.body,
        "category": event.category,
        "venue": event.venue,
        "address": event.address,
        "price": event.price,
        "link": event.link,
        "spans": [Span(time.starts_at, time.ends_at, time.all_day) for time in event.occurrences.all()],
    }
    return said | changed


def test_a_time_that_moves_keeps_its_row_and_what_it_said_stays_readable(announce: Announce, chloe: Person) -> None:
    event = announce("Bal folk", paris(28, 20), others=[Span(paris(29, 15))])
    rows = list(event.occurrences.values_list("pk", flat=True))
    version = event.publication.version
    moved = [Span(paris(29, 15)), Span(paris(30, 15))]
    actions.correct_event(event, by=chloe, **correction(event, spans=moved, venue="Halle"))
    times = Occurrence.objects.filter(event=event)
    assert {time.pk: time.starts_at for time in times} == {rows[1]: paris(29, 15), rows[0]: paris(30, 15)}
    assert set(Showing.objects.filter(zone__name="Bois-le-Comte").values_list("starts_at", flat=True)) == {
        paris(29, 15),
        paris(30, 15),
    }
    revision = event.publication.revisions.get()
    assert "Foyer rural" in revision.body_html
    assert "samedi 28 novembre" in revision.body_html
    assert event.publication.version == version + 1


def test_a_correction_escapes_what_the_event_said(announce: Announce, chloe: Person) -> None:
    event = announce("Bal folk", paris(28, 20), venue="<script>alert(1)</script>")
    actions.correct_event(event, by=chloe, **correction(event, venue="Halle"))
    assert "<script>" not in event.publication.revisions.get().body_html


def test_a_stranger_corrects_nothing(announce: Announce, amina: Person) -> None:
    event = announce("Bal folk", paris(28, 20))
    with pytest.raises(Refused):
        actions.correct_event(event, by=amina, **correction(event, venue="Ailleurs"))
    event.refresh_from_db()
    assert event.venue == "Foyer rural"


def test_cancelled_it_stays_on_agendas_and_says_so_once(announce: Announce, chloe: Person) -> None:
    event = announce("Bal folk", paris(28, 20))
    actions.cancel_event(event, by=chloe)
    actions.cancel_event(event, by=chloe)
    event.refresh_from_db()
    assert event.is_cancelled
    assert "Bois-le-Comte" in zones_of(event)
    assert JournalEntry.objects.filter(verb="event.cancelled").count() == 1
