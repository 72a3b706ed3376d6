"""What an event becomes is said everywhere: page, card, calendar, feed, and to each who meant to go."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from dateutil.rrule import rrule, rruleset, rrulestr
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from parvis.agenda import actions
from parvis.agenda.actions import Repeat, Span
from parvis.agenda.models import Event
from parvis.agenda.recurrence import parse
from parvis.people.models import Person
from parvis.publications.actions import Refused
from tests.agenda.conftest import PARIS, Announce, paris
from tests.publications.conftest import html, signed_in

DAY = "/agenda/?jour=2026-12-08"


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026 in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: paris(24, 9))


@pytest.fixture
def choir(announce: Announce) -> Event:
    """Every Tuesday at 20:00 until the end of June, but for two weeks of holidays."""
    excluded = (date(2026, 12, 22), date(2026, 12, 29))
    rule = parse("FREQ=WEEKLY;BYDAY=TU;UNTIL=20270629")
    return announce(
        "Répétition",
        paris(1, 20, month=12),
        ends_at=paris(1, 22, month=12),
        repeat=Repeat(rule, excluded),
    )


def read(client: Client, path: str = "/agenda.ics") -> list[Any]:
    return list(Calendar.from_ical(client.get(path).content).walk("VEVENT"))


def unrolled(entries: list[Any]) -> set[datetime]:
    """When things happen, as a program that knows RFC 5545 and nothing of ours unrolls it."""
    found: set[datetime] = set()
    apart = {entry["RECURRENCE-ID"].dt for entry in entries if "RECURRENCE-ID" in entry}
    for entry in entries:
        if "RRULE" not in entry:
            found |= {entry["DTSTART"].dt} if entry["STATUS"] != "CANCELLED" else set()
            continue
        times = rruleset()
        rule = rrulestr(entry["RRULE"].to_ical().decode(), dtstart=entry["DTSTART"].dt)
        assert isinstance(rule, rrule)
        times.rrule(rule)
        excluded = entry.get("EXDATE", [])
        for days in excluded if isinstance(excluded, list) else [excluded]:
            for day in days.dts:
                times.exdate(day.dt)
        found |= set(times) - apart
    return {one.astimezone(UTC) for one in found}


def test_another_program_unrolls_what_we_show(client: Client, choir: Event, chloe: Person) -> None:
    """R-REL-21: the rule goes out as such, in a zone that the file describes, with its exceptions."""
    one, two = choir.occurrences.all()[1:3]
    actions.change_time(one, by=chloe, status="moved", span=Span(paris(10, 19, month=12)), venue="Église")
    actions.change_time(two, by=chloe, status="cancelled", note="Orage")
    entries = read(client)
    assert [("RRULE" in entry, "RECURRENCE-ID" in entry) for entry in entries] == [
        (True, False),
        (False, True),
        (False, True),
    ]
    assert len({str(entry["UID"]) for entry in entries}) == 1
    shown = {row.starts_at.astimezone(UTC) for row in choir.occurrences.all() if not row.is_off}
    assert unrolled(entries) == shown
    assert b"BEGIN:VTIMEZONE" in client.get("/agenda.ics").content
    assert entries[1]["LOCATION"] == "Église, Bois-le-Comte"
    assert "Orage" in entries[2]["DESCRIPTION"]


def test_a_series_is_one_entry_however_many_times_it_has(client: Client, choir: Event) -> None:
    assert len(read(client)) == 1
    path = choir.publication.get_absolute_url().rstrip("/") + ".ics"
    assert len(read(client, path)) == 1


def test_all_day_series_go_out_as_dates(client: Client, announce: Announce) -> None:
    midnight = datetime(2026, 12, 5, tzinfo=PARIS)
    repeat = Repeat(parse("FREQ=MONTHLY;BYDAY=1SA;UNTIL=20270630"), (date(2027, 1, 2),))
    announce("Brocante", midnight, ends_at=midnight + timedelta(days=1), all_day=True, repeat=repeat)
    [entry] = read(client)
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (date(2026, 12, 5), date(2026, 12, 6))
    assert entry["RRULE"]["UNTIL"] == [date(2027, 6, 30)]
    assert [day.dt for day in entry["EXDATE"].dts] == [date(2027, 1, 2)]


@pytest.mark.parametrize(
    ("status", "label", "said"),
    [
        ("moved", "Déplacé", "CONFIRMED"),
        ("postponed", "Reporté", "CANCELLED"),
        ("full", "Complet", "CONFIRMED"),
        ("cancelled", "Annulé", "CANCELLED"),
    ],
)
def test_it_is_said_on_each_outlet(
    client: Client, announce: Announce, chloe: Person, status: str, label: str, said: str
) -> None:
    event = announce("Bal folk", paris(8, 20, month=12))
    before = read(client)[0]["SEQUENCE"]
    actions.change_status(event, by=chloe, status=status, note="À cause du vent")
    [entry] = read(client)
    assert (entry["STATUS"], entry["SUMMARY"]) == (said, f"{label} : Bal folk")
    assert entry["SEQUENCE"] > before
    assert label in client.get("/agenda.atom").content.decode()
    for path in (DAY, "/agenda/semaine/?semaine=2026-W50", event.publication.get_absolute_url()):
        assert label in html(client.get(path)), path
    assert "À cause du vent" in html(client.get(event.publication.get_absolute_url()))


def test_one_does_not_come_back_on_a_cancellation(announce: Announce, chloe: Person, bruno: Person) -> None:
    event = announce("Bal folk", paris(8, 20, month=12))
    actions.cancel_event(event, by=chloe)
    with pytest.raises(Refused):
        actions.change_status(event, by=chloe, status="planned")
    with pytest.raises(Refused):
        actions.attend(bruno, event.occurrences.select_related("event").get())


def test_another_does_not_move_it(announce: Announce, bruno: Person) -> None:
    event = announce("Bal folk", paris(8, 20, month=12))
    with pytest.raises(Refused):
        actions.change_status(event, by=bruno, status="moved")
    with pytest.raises(Refused):
        actions.change_time(event.occurrences.get(), by=bruno, status="cancelled")
    assert Event.objects.get().status == "planned"


def test_one_date_is_moved_from_its_page(client: Client, choir: Event, chloe: Person) -> None:
    second = choir.occurrences.all()[1]
    browser = signed_in(chloe)
    page = html(browser.get(f"/agenda/{choir.pk}/etat/"))
    assert f"/agenda/date/{second.pk}/" in page
    empty = browser.post(f"/agenda/date/{second.pk}/", {"status": "moved"})
    assert empty.status_code == 422
    sent = {"status": "moved", "day": "2026-12-10", "start": "19:00", "venue": "Église", "note": "Salle prise"}
    assert browser.post(f"/agenda/date/{second.pk}/", sent).status_code == 302
    second.refresh_from_db()
    assert (second.starts_at, second.ends_at) == (paris(10, 19, month=12), paris(10, 21, month=12))
    assert client.get(DAY).context["days"] == []
    moved = html(client.get("/agenda/?jour=2026-12-10"))
    assert "Répétition" in moved
    assert "Déplacé" in moved
    assert "Église" in moved


def test_a_series_is_announced_and_corrected_from_the_form(client: Client, chloe: Person, choir: Event) -> None:
    browser = signed_in(chloe)
    path = f"/agenda/{choir.pk}/corriger/"
    page = browser.get(path)
    form = page.context["form"]
    sent: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if value not in (None, "", False):
            sent[name] = value.isoformat() if isinstance(value, date) else value
    assert sent["excluded"] == "22/12/2026, 29/12/2026"
    before = [one.starts_at for one in choir.occurrences.all()]
    assert browser.post(path, sent).status_code == 302
    assert [one.starts_at for one in choir.occurrences.all()] == before
    shown = html(client.get(choir.publication.get_absolute_url()))
    assert "Toutes les semaines, le mardi" in shown
