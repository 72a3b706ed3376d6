"""Following an event or a place: told of what changes, in one's own calendar; and nobody else knows (R-LAW-11)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from parvis.agenda import actions
from parvis.agenda.jobs import forget_attendances, tell_of_places
from parvis.agenda.models import Event, Follow, Venue
from parvis.agenda.models.follows import MOST_FOLLOWED, concerned_by
from parvis.core.models import JournalEntry
from parvis.notifications.models import Notification
from parvis.people.models import Person, Voice
from parvis.publications.actions import Refused, hide
from tests.agenda.conftest import Announce
from tests.cast import Cast, make_person
from tests.publications.conftest import html, signed_in
from tests.worker import run_until_idle


@pytest.fixture
def soon() -> datetime:
    """In three days, to the minute."""
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=3)


@pytest.fixture
def ball(announce: Announce, soon: datetime) -> Event:
    """By the chorale."""
    return announce("Bal folk", soon, at=timezone.now())


@pytest.fixture
def hall(territory: Cast, moderator: Person) -> Venue:
    """A place of the directory."""
    return actions.propose_venue(by=moderator, name="Foyer rural", commune=territory.bois)


def follow(person: Person, path: str, action: str = "follow") -> Any:
    return signed_in(person).post(path, {"action": action})


def words_of(person: Person) -> list[str]:
    run_until_idle()
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("what", flat=True))


def own_calendar(person: Person) -> list[Any]:
    path = f"/mon-agenda/{actions.make_calendar_key(by=person)}.ics"
    return list(Calendar.from_ical(Client().get(path).content).walk("VEVENT"))


def test_a_button_follows_and_another_stops(ball: Event, bruno: Person) -> None:
    page, path = ball.publication.get_absolute_url(), f"/agenda/{ball.pk}/suivre/"
    assert "Suivre cet événement" in html(signed_in(bruno).get(page))
    assert f'/connexion/?next={page}">Suivre cet événement<' in html(Client().get(page))
    for _turn in range(2):
        assert follow(bruno, path)["Location"] == page
    assert Follow.objects.get().person == bruno
    assert "Ne plus suivre" in html(signed_in(bruno).get(page))
    listed = html(signed_in(bruno).get("/mon-agenda/"))
    assert "Bal folk" in listed
    follow(bruno, path, "unfollow")
    assert not Follow.objects.exists()
    assert follow(bruno, path, "dance").status_code == 404
    assert follow(bruno, "/agenda/999999/suivre/").status_code == 404
    entries = JournalEntry.objects.filter(verb__in=("person.followed", "person.unfollowed"))
    assert [entry.target_id for entry in entries] == [bruno.pk] * 2


def test_followers_hear_of_what_changes_as_those_who_go(
    ball: Event, bruno: Person, amina: Person, chloe: Person, soon: datetime
) -> None:
    actions.follow_event(bruno, ball)
    actions.attend(amina, ball.occurrences.select_related("event__publication").get())
    actions.follow_event(amina, ball)
    run_until_idle()
    mail.outbox.clear()
    actions.change_status(ball, by=chloe, status=Event.Status.POSTPONED, note="La salle est prise.")
    assert words_of(bruno) == ["followed"]
    assert words_of(amina) == ["event"]
    letters = {one.to[0]: one.body for one in mail.outbox}
    assert "que vous suivez" in letters[bruno.email]
    assert "La salle est prise" in letters[bruno.email]
    assert "où vous aviez prévu d’aller" in letters[amina.email]
    assert len(mail.outbox) == 2
    assert "que vous suivez, a changé" in html(signed_in(bruno).get("/notifications/"))


def test_each_is_told_once_in_turns(ball: Event, territory: Cast, bruno: Person) -> None:
    people = [make_person(f"p{n}@example.org", f"Personne {n}", territory.ormoy) for n in range(5)]
    time = ball.occurrences.select_related("event__publication").get()
    for number, person in enumerate(people):
        if number % 2:
            actions.attend(person, time)
        if number != 3:
            actions.follow_event(person, ball)
    told: list[tuple[int, bool]] = []
    while turn := concerned_by(ball.pk, only=None, after=told[-1][0] if told else 0, most=2):
        told += turn.items()
    assert told == [(person.pk, number % 2 == 1) for number, person in enumerate(people)]
    type(time).objects.update(starts_at=timezone.now() - timedelta(days=9), ends_at=timezone.now() - timedelta(days=8))
    assert concerned_by(ball.pk, only=None, after=0, most=9) == {}


def test_it_stands_in_their_own_calendar_and_leaves_it(ball: Event, bruno: Person, moderator: Person) -> None:
    assert own_calendar(bruno) == []
    actions.follow_event(bruno, ball)
    actions.attend(bruno, ball.occurrences.select_related("event__publication").get())
    assert [str(entry["SUMMARY"]) for entry in own_calendar(bruno)] == ["Bal folk"]
    hide(ball.publication, by=moderator, rule="inexact", reason="La salle est fermée.")
    assert own_calendar(bruno) == []
    assert "Bal folk" not in html(signed_in(bruno).get("/mon-agenda/"))
    assert follow(bruno, f"/agenda/{ball.pk}/suivre/", "unfollow").status_code == 302
    assert not Follow.objects.exists()
    with pytest.raises(Refused, match="plus en ligne"):
        actions.follow_event(bruno, ball)


def test_a_place_is_followed_and_what_is_announced_there_is_told_once(
    hall: Venue, announce: Announce, soon: datetime, bruno: Person, chloe: Person, moderator: Person
) -> None:
    announce("Loto", soon, at=timezone.now() - timedelta(hours=1))
    path = f"/lieux/{hall.pk}/suivre/"
    assert f'action="{path}"' in html(signed_in(bruno).get(hall.get_absolute_url()))
    follow(bruno, path)
    assert "Ne plus suivre" in html(signed_in(bruno).get(hall.get_absolute_url()))
    assert tell_of_places() == 0
    first = announce("Bal folk", soon, at=timezone.now() + timedelta(seconds=2))
    assert tell_of_places() == 1
    assert tell_of_places() == 0
    assert words_of(bruno) == ["at_place"]
    page = html(signed_in(bruno).get("/notifications/"))
    assert "Annoncé dans un lieu que vous suivez" in page
    assert "Bal folk" in page
    assert {str(entry["SUMMARY"]) for entry in own_calendar(bruno)} == {"Loto", "Bal folk"}
    actions.change_time(first.occurrences.get(), by=chloe, status="moved", venue="La halle")
    assert {str(entry["SUMMARY"]) for entry in own_calendar(bruno)} == {"Loto"}
    assert "Foyer rural" in html(signed_in(bruno).get("/mon-agenda/"))
    announce("Thé", soon, at=timezone.now() + timedelta(seconds=4))
    assert tell_of_places() == 1
    assert words_of(bruno) == ["at_place"]
    follow(bruno, path, "unfollow")
    assert own_calendar(bruno) == []
    actions.remove_venue(hall, by=moderator)
    assert words_of(bruno) == []


def test_what_a_place_said_last_is_asked_once_for_all_who_follow_it(
    hall: Venue, announce: Announce, soon: datetime, bruno: Person, amina: Person, chloe: Person
) -> None:
    for person in (bruno, amina, chloe):
        actions.follow_venue(person, hall)
    announce("Bal folk", soon, at=timezone.now() + timedelta(seconds=2))
    with CaptureQueriesContext(connection) as asked:
        assert tell_of_places() == 3
    assert sum('FROM "publications_publication"' in one["sql"] for one in asked if "SELECT" in one["sql"][:6]) == 1


def test_who_follows_a_place_that_was_another_follows_the_other(
    hall: Venue, territory: Cast, bruno: Person, amina: Person, moderator: Person
) -> None:
    other = actions.propose_venue(by=moderator, name="Le foyer", commune=territory.bois)
    for person, venue in ((bruno, hall), (amina, hall), (amina, other)):
        actions.follow_venue(person, venue)
    actions.merge_venues(hall, into=other, by=moderator)
    assert sorted(Follow.objects.values_list("person", "venue")) == sorted([(bruno.pk, other.pk), (amina.pk, other.pk)])


def test_not_everything_is_followed(
    hall: Venue, ball: Event, territory: Cast, bruno: Person, amina: Person, announce: Announce, soon: datetime
) -> None:
    Venue.objects.filter(pk=hall.pk).update(opened_at=None)
    with pytest.raises(Refused, match="pas encore"):
        actions.follow_venue(bruno, hall)
    Follow.objects.bulk_create(
        Follow(person=bruno, venue=Venue.objects.create(name=f"L{n}", search_name=f"l{n}", commune=territory.bois))
        for n in range(MOST_FOLLOWED)
    )
    with pytest.raises(Refused, match=str(MOST_FOLLOWED)):
        actions.follow_event(bruno, ball)
    actions.follow_event(amina, ball)
    amina.delete()
    assert Follow.objects.count() == MOST_FOLLOWED


def test_it_is_forgotten_a_month_after(ball: Event, bruno: Person, hall: Venue) -> None:
    actions.follow_event(bruno, ball)
    actions.follow_venue(bruno, hall)
    forget_attendances()
    assert Follow.objects.count() == 2
    long_ago = timezone.now() - timedelta(days=40)
    ball.occurrences.update(starts_at=long_ago, ends_at=long_ago + timedelta(hours=2))
    Event.objects.update(status=Event.Status.POSTPONED)
    forget_attendances()
    assert Follow.objects.count() == 2
    Event.objects.update(status=Event.Status.PLANNED)
    forget_attendances()
    assert Follow.objects.get().venue == hall


def test_its_address_is_shared_without_a_script_of_anyone(ball: Event) -> None:
    page = html(Client().get(ball.publication.get_absolute_url()))
    block = page[page.index("data-share=") :]
    shared = block[block.index('"') + 1 : block.index('"', block.index('"') + 1)]
    assert shared == settings.SITE_URL + ball.publication.get_absolute_url()
    assert f'readonly value="{shared}"' in page
    assert "mailto:?subject=Bal%20folk&amp;body=http" in page
    assert f"/embed/agenda/{ball.pk}/" in page
    for hidden in ("data-copy", "data-send"):
        button = page[page.index(hidden) :]
        assert "hidden" in button[: button.index(">")]


def test_one_event_stands_in_the_page_of_another_site(
    ball: Event, chorale: Voice, bruno: Person, moderator: Person
) -> None:
    answer = signed_in(bruno).get(f"/embed/agenda/{ball.pk}/")
    page = html(answer)
    assert "Bal folk" in page
    assert chorale.name in page
    assert bruno.name not in page
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    hide(ball.publication, by=moderator, rule="inexact", reason="La salle est fermée.")
    assert Client().get(f"/embed/agenda/{ball.pk}/").status_code == 404
