"""What goes out by our feeds and comes in again is the same."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.agenda import actions, exports, feeds
from parvis.agenda.models import Event, Occurrence
from parvis.agenda.recurrence import parse
from parvis.people.models import Person, Voice
from parvis.publications.models import Publication
from tests.agenda.conftest import MORNING, Add, Announce, paris
from tests.agenda.elsewhere import last, titles
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026 in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: MORNING)


def test_out_by_our_calendar_and_in_again_it_is_the_same(
    announce: Announce, add: Add, chloe: Person, admin: Person, routes: Voice, agent: Person
) -> None:
    repeat = actions.Repeat(parse("FREQ=WEEKLY;BYDAY=TU;UNTIL=20270330"), (paris(22, month=12).date(),))
    weekly = announce("Répétition", paris(1, 19, month=12), ends_at=paris(1, 21, month=12), repeat=repeat)
    off, moved = weekly.occurrences.all()[1:3]
    actions.change_time(off, by=chloe, status="cancelled")
    actions.change_time(
        moved, by=chloe, status="moved", span=actions.Span(paris(16, 20, month=12), paris(16, 22, month=12))
    )
    whole = announce("Exposition", paris(5, 0, month=12), ends_at=paris(8, 0, month=12), all_day=True)
    actions.cancel_event(announce("Sortie", paris(6, 14, month=12), body="Dans les bois."), by=chloe, note="Il pleut.")
    before = {one: facts(one) for one in titles()}
    calendar = feeds.calendar(
        "Agenda", Occurrence.objects.select_related("event__publication__voice", "event__commune")
    )
    Event.objects.all().delete()
    Publication.objects.all().delete()
    source = add(calendar, commune=whole.commune)
    assert last(source).remarks == []
    assert {one: facts(one) for one in titles()} == before
    # The status is not said twice, nor the reason lost.
    assert Publication.objects.get(title="Sortie").body.startswith("Il pleut.\n\nDans les bois.")


def facts(title: str) -> list[Any]:
    """When and whether an event takes place."""
    event = Event.objects.get(publication__title=title)
    return [(one.starts_at, one.ends_at, one.all_day, one.state) for one in event.occurrences.all()]


@pytest.mark.parametrize("kind", ["ics", "json"])
def test_the_year_of_an_association_out_and_in_again(
    kind: str, announce: Announce, add: Add, chloe: Person, territory: Cast
) -> None:
    """A weekly choir without the holidays, a festival of two days, a meeting that moves; by our public feeds."""
    off = tuple(paris(day, month=month, year=year).date() for day, month, year in ((22, 12, 2026), (29, 12, 2026)))
    choir = announce(
        "Chœur du mardi",
        paris(1, 19, month=12),
        ends_at=paris(1, 21, month=12),
        repeat=actions.Repeat(parse("FREQ=WEEKLY;BYDAY=TU;UNTIL=20270330"), off),
    )
    announce("Festival", paris(12, 0, month=12), ends_at=paris(14, 0, month=12), all_day=True, venue="Parc")
    announce("Nuit du conte", paris(19, 20, month=12), ends_at=paris(20, 2, month=12), is_free=True)
    meeting = announce("Assemblée générale", paris(10, 18, month=12), ends_at=paris(10, 20, month=12))
    span = actions.Span(paris(17, 18, month=12), paris(17, 20, month=12))
    actions.change_time(meeting.occurrences.get(), by=chloe, status="moved", span=span)
    actions.change_time(choir.occurrences.all()[1], by=chloe, status="cancelled")
    actions.change_status(
        announce("Sortie", paris(6, 14, month=12), ends_at=paris(6, 17, month=12)), by=chloe, status="postponed"
    )
    before = {one: [*facts(one), place(one)] for one in titles()}
    feed = Client().get(f"/agenda.{kind}").content
    Publication.objects.all().delete()
    source = add(feed, commune=territory.bois)
    assert last(source).remarks == []
    after = {one: [*facts(one), place(one)] for one in titles()}
    if kind == "json":
        # It says no state of one time: the rehearsal that is cancelled is not there.
        before["Chœur du mardi"] = [one for one in before["Chœur du mardi"] if one[-1] != "cancelled"]
        states = {title: [one[-1] for one in said[:-1]] for title, said in after.items()}
        assert states["Sortie"] == ["postponed"]
        before, after = ({title: [one[:3] for one in said] for title, said in each.items()} for each in (before, after))
    assert after == before
    assert Event.objects.get(publication__title="Nuit du conte").is_free is (kind == "json")


def place(title: str) -> tuple[str, str]:
    """Where an event is held."""
    event = Event.objects.get(publication__title=title)
    return event.venue, event.commune.name


def test_out_as_openagenda_and_in_again_it_is_the_same(announce: Announce, add: Add) -> None:
    announce(
        "Bal folk",
        paris(1, 19, month=12),
        ends_at=paris(1, 21, month=12),
        others=[actions.Span(paris(3, 19, month=12), paris(3, 21, month=12))],
        price="5 €",
        access="mi",
        keywords="danse, bal",
    )
    event = Event.objects.get()
    document = exports.openagenda(
        "Agenda", event.occurrences.select_related("event__publication__voice", "event__commune")
    )
    before = facts("Bal folk")
    Publication.objects.all().delete()
    add(document)
    came = Event.objects.get()
    assert facts("Bal folk") == before
    assert (came.price, came.access, came.keywords, came.venue) == ("5 €", "mi", "danse, bal", "Foyer rural")


def test_out_as_a_table_and_in_again_it_is_the_same(announce: Announce, add: Add) -> None:
    announce(
        "=Bal; folk",
        paris(1, 19, month=12),
        ends_at=paris(1, 21, month=12),
        others=[actions.Span(paris(3, 19, month=12), paris(3, 21, month=12))],
    )
    occurrences = Occurrence.objects.select_related("event__publication__voice", "event__commune")
    table, before = exports.table("Agenda", occurrences), facts("=Bal; folk")
    Publication.objects.all().delete()
    add(table)
    assert facts("=Bal; folk") == before
