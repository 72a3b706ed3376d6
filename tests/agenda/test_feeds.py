"""Feeds of the agenda: read back, they say what the site says, whatever the clock does (R-REL-21, F-26)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from pytest_django.fixtures import Settings

from parvis.agenda import actions
from parvis.agenda.actions import Span
from parvis.agenda.models import Event
from parvis.people.models import Person
from parvis.publications.actions import hide
from tests.agenda.conftest import Announce, paris
from tests.cast import Cast

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026 in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: paris(24, 9))


def entries(client: Client, path: str = "/agenda.ics") -> list[Any]:
    response = client.get(path)
    assert response.status_code == 200
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def titles(client: Client, path: str) -> set[str]:
    return {str(entry["SUMMARY"]) for entry in entries(client, path)}


def test_an_event_read_back_says_the_same(client: Client, announce: Announce) -> None:
    event = announce(
        "Bal folk, soupe ; et « danse »",
        paris(28, 20),
        ends_at=paris(29, 1),
        address="3, rue Haute",
        price="8 €",
    )
    [entry] = entries(client)
    assert entry["SUMMARY"] == event.publication.title
    assert entry["LOCATION"] == "Foyer rural, 3, rue Haute, Bois-le-Comte"
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (paris(28, 20), paris(29, 1))
    assert entry["DTSTART"].dt.utcoffset() == timedelta()
    assert str(entry["URL"]).endswith(event.publication.get_absolute_url())
    assert entry["STATUS"] == "CONFIRMED"
    assert entry["CATEGORIES"].cats == ["Fête et festival"]
    assert "Chorale de Saint-Rémy (Association)" in entry["DESCRIPTION"]


@pytest.mark.parametrize(
    ("zone", "start", "offset"),
    [
        ("Europe/Paris", (2027, 3, 27, 20), 1),
        ("Europe/Paris", (2027, 3, 28, 20), 2),
        ("Europe/Paris", (2027, 10, 30, 20), 2),
        ("Europe/Paris", (2027, 10, 31, 20), 1),
        ("Indian/Reunion", (2027, 3, 28, 20), 4),
        ("America/Guadeloupe", (2027, 10, 31, 20), -4),
    ],
)
def test_hours_hold_across_changes_of_hour_and_overseas(
    client: Client,
    announce: Announce,
    settings: Settings,
    zone: str,
    start: tuple[int, int, int, int],
    offset: int,
) -> None:
    settings.TIME_ZONE = zone
    begins = datetime(*start, tzinfo=ZoneInfo(zone))
    announce("Bal folk", begins, ends_at=begins + timedelta(hours=2))
    [entry] = entries(client)
    assert entry["DTSTART"].dt == datetime(*start, tzinfo=UTC) - timedelta(hours=offset)
    assert entry["DTSTART"].dt.astimezone(ZoneInfo(zone)).hour == 20


@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion", "America/Guadeloupe"])
@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31), date(2027, 1, 1)])
def test_all_day_is_dates_and_not_midnights(
    client: Client, announce: Announce, settings: Settings, zone: str, day: date
) -> None:
    settings.TIME_ZONE = zone
    here = ZoneInfo(zone)
    first, after = datetime.combine(day, datetime.min.time(), here), day + timedelta(days=2)
    announce("Foire", first, ends_at=datetime.combine(after, datetime.min.time(), here), all_day=True)
    [entry] = entries(client)
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (day, after)
    assert type(entry["DTSTART"].dt) is date


def test_uid_stays_and_sequence_grows_when_it_moves_then_is_cancelled(
    client: Client, announce: Announce, chloe: Person
) -> None:
    event = announce("Bal folk", paris(28, 20), others=[Span(paris(29, 15))])
    before = {str(entry["UID"]): entry["SEQUENCE"] for entry in entries(client)}
    said = {name: getattr(event, name) for name in ("category", "venue", "address", "price", "link")}
    actions.correct_event(
        event,
        by=chloe,
        title="Bal folk",
        body="Reporté.",
        spans=[Span(paris(29, 15)), Span(paris(30, 20))],
        **said,
    )
    moved = {str(entry["UID"]): entry for entry in entries(client)}
    assert set(moved) == set(before)
    assert {entry["DTSTART"].dt for entry in moved.values()} == {paris(29, 15), paris(30, 20)}
    assert all(moved[uid]["SEQUENCE"] > number for uid, number in before.items())
    actions.cancel_event(Event.objects.get(), by=chloe)
    for entry in entries(client):
        assert entry["STATUS"] == "CANCELLED"
        assert entry["SEQUENCE"] > moved[str(entry["UID"])]["SEQUENCE"]


def test_each_zone_has_its_own(client: Client, announce: Announce, territory: Cast) -> None:
    announce("À Bois", paris(28, 20))
    announce("À Clairval", paris(28, 20), commune=territory.clairval)
    announce("À Ormoy", paris(28, 20), commune=territory.ormoy)
    for zone, expected in [
        (territory.bois, {"À Bois"}),
        (territory.epci, {"À Bois", "À Clairval"}),
        (territory.canton_2, {"À Ormoy", "À Clairval"}),
        (territory.etang, set()),
    ]:
        assert titles(client, f"{zone.get_absolute_url()}agenda.ics") == expected
    assert titles(client, "/agenda.ics") == {"À Bois", "À Clairval", "À Ormoy"}
    assert titles(client, f"/communes/n-importe-quoi-{territory.bois.code}/agenda.ics") == {"À Bois"}


@pytest.mark.parametrize(
    "path",
    ["/communes/x-00000/agenda.ics", "/cantons/x-99001/agenda.ics", "/villes/x-99001/agenda.ics", "/agenda/1.ics"],
)
def test_what_is_not_there_is_404(client: Client, territory: Cast, path: str) -> None:
    assert client.get(path).status_code == 404


def test_what_is_over_or_hidden_is_in_no_calendar(client: Client, announce: Announce, moderator: Person) -> None:
    announce("Hier", paris(23, 20), at=paris(10))
    announce("En cours", paris(20, 10), ends_at=paris(30, 18))
    hidden = announce("Masqué", paris(28, 20))
    hide(hidden.publication, by=moderator, rule="inexact", reason="La salle est fermée.")
    assert titles(client, "/agenda.ics") == {"En cours"}
    assert client.get(f"/agenda/{hidden.pk}.ics").status_code == 404
    assert "Masqué" not in client.get("/agenda.atom").content.decode()


def test_a_calendar_is_answered_304_until_something_changes(
    client: Client, announce: Announce, moderator: Person
) -> None:
    announce("Bal folk", paris(28, 20))
    other = announce("Loto", paris(29, 14))
    for path in ("/agenda.ics", "/agenda.atom"):
        first = client.get(path)
        assert "no-store" not in first["Cache-Control"]
        assert "Cookie" not in first.get("Vary", "")
        again = client.get(path, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    known = client.get("/agenda.ics")["ETag"]
    hide(other.publication, by=moderator, rule="inexact", reason="La salle est fermée.")
    assert client.get("/agenda.ics", headers={"if-none-match": known}).status_code == 200


def test_one_event_is_a_file_to_add_to_a_calendar(client: Client, announce: Announce) -> None:
    event = announce("Bal folk", paris(28, 20), others=[Span(paris(29, 15))])
    path = event.publication.get_absolute_url().rstrip("/") + ".ics"
    assert len(entries(client, path)) == 2
    assert client.get(path)["Content-Disposition"] == 'attachment; filename="bal-folk.ics"'


def test_no_line_of_a_calendar_can_be_forged(client: Client, announce: Announce) -> None:
    announce(
        "Bal\r\nBEGIN:VALARM", paris(28, 20), venue="Foyer\nATTENDEE:mailto:x@example.org", body="a\r\nEND:VEVENT\r\nb"
    )
    [entry] = entries(client)
    assert entry["SUMMARY"] == "Bal BEGIN:VALARM"
    assert "ATTENDEE" not in entry


def test_the_atom_feed_is_well_formed_and_says_who_speaks(client: Client, announce: Announce) -> None:
    event = announce("Bal <folk> & soupe", paris(28, 20), body="Venez <script>alert(1)</script> *danser*.")
    feed = ET.fromstring(client.get("/agenda.atom").content)
    [entry] = feed.findall("a:entry", ATOM)
    assert entry.findtext("a:title", "", ATOM) == "Bal <folk> & soupe"
    assert entry.findtext("a:id", "", ATOM).endswith(f"/agenda/{event.pk}/")
    assert "samedi 28 novembre" in entry.findtext("a:summary", "", ATOM)
    assert "Chorale de Saint-Rémy (Association" in entry.findtext("a:summary", "", ATOM)
    assert "<script>" not in entry.findtext("a:content", "", ATOM)
