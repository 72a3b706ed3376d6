"""Another organisation organises an event too: invited, named once it says yes, reading who registers since then."""

import csv
import io
import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.agenda import actions
from parvis.agenda.models import Attendance, CoOrganiser, Event, Occurrence
from parvis.notifications.models import Notification
from parvis.people.actions import follow
from parvis.people.models import Person, Voice
from parvis.publications.actions import Refused
from parvis.publications.feed import feed_for
from parvis.publications.ways import ways_to
from tests.agenda.conftest import Announce
from tests.cast import Cast, make_person
from tests.publications.conftest import html, signed_in
from tests.worker import run_until_idle


@pytest.fixture
def soon() -> datetime:
    """In three days, to the minute."""
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=3)


@pytest.fixture
def ball(announce: Announce, soon: datetime, chloe: Person) -> Event:
    """By the chorale, on registration."""
    event = announce("Bal folk", soon, at=timezone.now())
    return actions.set_seats(event, by=chloe, takes_registrations=True, capacity=None, question="")


def time_of(event: Event) -> Occurrence:
    return Occurrence.objects.select_related("event__publication").get(event=event)


def test_it_is_named_once_it_says_yes(ball: Event, atelier: Voice, amina: Person, chloe: Person) -> None:
    page, feed = ball.publication.get_absolute_url(), f"{atelier.get_absolute_url()}agenda."
    own, other = signed_in(chloe), signed_in(amina)
    path = f"/agenda/{ball.pk}/co-organisateurs/"
    assert atelier.name in html(own.get(f"{path}?q={atelier.name[:8]}"))
    for _turn in range(2):
        own.post(path, {"action": "invite", "voice": atelier.pk})
    assert atelier.name not in html(Client().get(page))
    assert "Bal folk" not in Client().get(feed + "ics").content.decode()
    run_until_idle()
    assert list(Notification.objects.filter(person=amina).values_list("what", flat=True)) == ["co_asked"]
    asked = CoOrganiser.objects.get()
    answer = f"/agenda/co-organisation/{asked.pk}/"
    assert own.post(answer, {"action": "accept"}).status_code == 404
    assert "à co-organiser" in html(other.get(page))
    assert other.post(answer, {"action": "accept"})["Location"] == page
    assert atelier.name in html(Client().get(page))
    for kind in ("ics", "atom", "json", "csv"):
        assert "Bal folk" in Client().get(feed + kind).content.decode(), kind
    assert "Bal folk" in html(Client().get(atelier.get_absolute_url()))
    other.post(answer, {"action": "leave"})
    assert atelier.name not in html(Client().get(page))
    assert not CoOrganiser.objects.exists()


def test_it_reads_who_registers_from_then_on_and_changes_nothing_else(
    ball: Event, atelier: Voice, amina: Person, chloe: Person, bruno: Person, territory: Cast
) -> None:
    before, after = (
        make_person(f"p{n}@example.org", name, territory.ormoy) for n, name in enumerate(("Avant", "Après"))
    )
    actions.attend(before, time_of(ball))
    path = f"/agenda/{ball.pk}/inscriptions/"
    asked = actions.invite_to_organise(ball, atelier, by=chloe)
    assert signed_in(amina).get(path).status_code == 404
    actions.accept_to_organise(asked, by=amina)
    assert "ses co-organisateurs" in html(signed_in(bruno).get(ball.publication.get_absolute_url()))
    actions.attend(after, time_of(ball))
    listed = html(signed_in(amina).get(path))
    assert "Après" in listed
    assert "Avant" not in listed
    assert "Avant" in html(signed_in(chloe).get(path))
    with pytest.raises(Refused):
        actions.refuse_attendee(Attendance.objects.get(person=before), by=amina, reason="Non")
    actions.refuse_attendee(Attendance.objects.get(person=after), by=amina, reason="Complet")
    # The seats, the words and the invitations are not theirs.
    signed_in(amina).post(path, {"takes_registrations": "", "capacity": "", "question": ""})
    ball.refresh_from_db()
    assert ball.takes_registrations
    for door in ("corriger", "annuler", "etat", "co-organisateurs"):
        assert signed_in(amina).get(f"/agenda/{ball.pk}/{door}/").status_code == 404
    assert signed_in(bruno).get(path).status_code == 404


def test_who_announced_it_takes_another_off(ball: Event, atelier: Voice, amina: Person, chloe: Person) -> None:
    actions.accept_to_organise(actions.invite_to_organise(ball, atelier, by=chloe), by=amina)
    signed_in(chloe).post(f"/agenda/{ball.pk}/co-organisateurs/", {"action": "remove", "voice": atelier.pk})
    assert not CoOrganiser.objects.exists()


def test_not_everyone_is_invited(ball: Event, atelier: Voice, chorale: Voice, amina: Person, chloe: Person) -> None:
    for voice, by in ((chorale, chloe), (amina.voice, chloe), (atelier, amina)):
        with pytest.raises(Refused):
            actions.invite_to_organise(ball, voice, by=by)
    path = f"/agenda/{ball.pk}/co-organisateurs/"
    for sent in ({"action": "invite", "voice": "0"}, {"action": "invite", "voice": "x"}, {"action": "dance"}):
        assert signed_in(chloe).post(path, sent).status_code == 404


def test_those_who_follow_it_receive_the_event_and_read_why(
    ball: Event, atelier: Voice, amina: Person, chloe: Person, bruno: Person
) -> None:
    follow(bruno, atelier)
    assert ball.pk not in [card.number for card in feed_for(bruno).cards]
    asked = actions.invite_to_organise(ball, atelier, by=chloe)
    actions.accept_to_organise(asked, by=amina)
    [card] = [card for card in feed_for(bruno).cards if card.number == ball.pk]
    assert atelier.name in card.reason
    assert [way.buttons[0].label for way in ways_to(bruno, ball.publication)] == [f"Ne plus suivre {atelier.name}"]
    actions.leave_organising(asked, by=amina)
    assert ball.pk not in [card.number for card in feed_for(bruno).cards]


def test_its_card_names_it_as_long_as_it_organises(
    ball: Event, chorale: Voice, atelier: Voice, amina: Person, chloe: Person, bruno: Person
) -> None:
    follow(bruno, chorale)
    reader, name = signed_in(bruno), f'href="{atelier.get_absolute_url()}">{atelier.name}</a>'
    assert "Bal folk" in html(reader.get("/"))
    asked = actions.invite_to_organise(ball, atelier, by=chloe)
    assert name not in html(reader.get("/"))
    actions.accept_to_organise(asked, by=amina)
    assert name in html(reader.get("/"))
    asked.refresh_from_db()
    actions.leave_organising(asked, by=amina)
    assert name not in html(reader.get("/"))


def test_it_stands_in_every_outlet_that_has_room(ball: Event, atelier: Voice, amina: Person, chloe: Person) -> None:
    page = ball.publication.get_absolute_url()

    def organisers() -> Any:
        said = re.search(r'<script type="application/ld\+json">(.*?)</script>', Client().get(page).content.decode())
        assert said
        return json.loads(said[1])["organizer"]

    assert organisers()["name"] == "Chorale de Saint-Rémy"
    asked = actions.invite_to_organise(ball, atelier, by=chloe)
    assert atelier.name not in str(organisers())
    actions.accept_to_organise(asked, by=amina)
    assert [one["name"] for one in organisers()] == ["Chorale de Saint-Rémy", atelier.name]
    [event] = json.loads(Client().get("/agenda.json").content)["events"]
    assert event["co-organisateurs"] == [atelier.name]
    [row] = csv.DictReader(io.StringIO(Client().get("/agenda.csv").content.decode("utf-8-sig")), delimiter=";")
    assert row["co_organisateurs"] == atelier.name
