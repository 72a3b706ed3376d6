"""iCalendar of others is read, with what it gets wrong, and bombs are not (R-SEC-9, A15, F-13)."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

import pytest
from django.utils import timezone

from parvis.agenda.imports import Found, Unreadable, read
from parvis.agenda.models import Event
from tests.agenda.conftest import MORNING, paris
from tests.agenda.elsewhere import GOOD, WEEKLY, ics, only, said, why


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026 in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: MORNING)


def test_a_folded_line_with_escapes_and_a_zone_is_read() -> None:
    entry = only(
        ics(
            said(
                "DESCRIPTION:Ligne 1\\nLigne 2\\, et une phrase assez longue pour \n"
                " être repliée\nLOCATION:Place du Marché\\, 60000 Beauvais\nCATEGORIES:Fête,Quartier\nGEO:49.43;2.08"
            )
        )
    )
    assert entry.title == "Bal folk"
    assert entry.body == "Ligne 1\nLigne 2, et une phrase assez longue pour être repliée"
    assert (entry.where.spoken, entry.where.point) == ("Place du Marché, 60000 Beauvais", (2.08, 49.43))
    assert (entry.spans[0].starts_at, entry.spans[0].ends_at) == (paris(1, 19, month=12), paris(1, 21, month=12))
    assert (entry.details["category"], entry.details["keywords"]) == (Event.Category.FETE, "Fête, Quartier")


@pytest.mark.parametrize(
    ("when", "start", "end", "all_day"),
    [
        ("DTSTART:20261201T180000Z", paris(1, 19, month=12), None, False),
        ("DTSTART:20261201T190000", paris(1, 19, month=12), None, False),
        ("DTSTART:20261201T1900", paris(1, 19, month=12), None, False),
        ("DTSTART;TZID=Romance Standard Time:20261201T190000", paris(1, 19, month=12), None, False),
        ("DTSTART;TZID=/mozilla.org/2005/Europe/Paris:20261201T190000", paris(1, 19, month=12), None, False),
        ("DTSTART;TZID=Nulle/Part:20261201T190000", paris(1, 19, month=12), None, False),
        ('DTSTART;TZID="Europe/London":20261201T180000', paris(1, 19, month=12), None, False),
        ("DTSTART:20261201T180000Z\nDURATION:PT2H", paris(1, 19, month=12), paris(1, 21, month=12), False),
        ("DTSTART:20261201T180000Z\nDURATION:P1D", paris(1, 19, month=12), paris(2, 19, month=12), False),
        ("DTSTART:20261201T180000Z\nDTEND:20261201T180000Z", paris(1, 19, month=12), None, False),
        ("DTSTART:20261201T180000Z\nDTEND;VALUE=DATE:20261202", paris(1, 19, month=12), None, False),
        ("DTSTART;VALUE=DATE:20261201", paris(1, 0, month=12), paris(2, 0, month=12), True),
        ("DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261201", paris(1, 0, month=12), paris(2, 0, month=12), True),
        ("DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261203", paris(1, 0, month=12), paris(3, 0, month=12), True),
    ],
)
def test_when_is_understood_however_it_is_written(
    when: str, start: datetime, end: datetime | None, *, all_day: bool
) -> None:
    span = only(ics(said(when=f"{when}\n"))).spans[0]
    assert (span.starts_at, span.ends_at, span.all_day) == (start, end, all_day)


def test_a_zone_that_nobody_knows_is_said() -> None:
    found = read(ics(said(when="DTSTART;TZID=Nulle/Part:20261201T190000\n")), MORNING)
    assert ["Nulle/Part" in one.why and not one.is_left for one in found.said] == [True]


def test_a_series_comes_with_its_exceptions() -> None:
    master = said("RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20270630T215959Z\nEXDATE;TZID=Europe/Paris:20261222T190000")
    moved = said(
        "RECURRENCE-ID;TZID=Europe/Paris:20261208T190000",
        when="DTSTART;TZID=Europe/Paris:20261209T200000\n",
    )
    off = said("RECURRENCE-ID;TZID=Europe/Paris:20261215T190000\nSTATUS:CANCELLED")
    entry = only(ics(master, moved, off))
    assert entry.repeat is not None
    assert (str(entry.repeat.rule), entry.repeat.excluded) == (
        "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270630",
        (date(2026, 12, 22),),
    )
    assert [(one.day.day, one.status, one.span and one.span.starts_at) for one in entry.changes] == [
        (8, "", paris(9, 20, month=12)),
        (15, "cancelled", paris(1, 19, month=12)),
    ]


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=1", "FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1", "FREQ=MONTHLY;BYDAY=1TU"),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=1", "FREQ=YEARLY"),
        ("FREQ=WEEKLY;WKST=MO;INTERVAL=2;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
    ],
)
def test_a_rule_that_programs_write_otherwise_is_taken(rule: str, kept: str) -> None:
    repeat = only(ics(said(f"RRULE:{rule}"))).repeat
    assert repeat is not None
    assert str(repeat.rule) == kept


def test_a_series_begun_long_ago_is_read_as_of_lately() -> None:
    entry = only(ics(said("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", when="DTSTART:19990105T180000Z\n")))
    first = entry.spans[0].day
    assert (first - date(1999, 1, 5)).days % 14 == 0
    assert (MORNING.date() - first).days < 80


def test_what_is_over_is_counted_and_no_fault() -> None:
    found = read(ics(said(when="DTSTART:20200105T180000Z\n"), GOOD), MORNING)
    assert (found.past, len(found.entries), found.said) == (1, 1, [])
    assert len(found.known) == 2


def test_a_private_event_is_never_published() -> None:
    found = read(ics(said("CLASS:PRIVATE"), said("CLASS:CONFIDENTIAL", uid="2"), GOOD), MORNING)
    assert [one.title for one in found.entries] == ["Concert de Noël"]


def test_our_own_words_before_a_title_are_a_status() -> None:
    entry = only(ics(said("STATUS:CANCELLED", title="Annulé : Bal folk")))
    assert (entry.title, entry.status) == ("Bal folk", "cancelled")
    assert only(ics(said(title="Complet : Bal folk"))).status == "full"


BOMBS = {
    "no interval": "RRULE:FREQ=DAILY;INTERVAL=0",
    "a thousand million times": "RRULE:FREQ=DAILY;COUNT=1000000000",
    "every second": "RRULE:FREQ=SECONDLY",
    "every minute": "RRULE:FREQ=MINUTELY;INTERVAL=1",
    "dense lists": "RRULE:FREQ=YEARLY;BYHOUR="
    + ",".join(map(str, range(24)))
    + ";BYMINUTE="
    + ",".join(map(str, range(60)))
    + ";BYSECOND="
    + ",".join(map(str, range(60))),
    "a thousand days": "RRULE:FREQ=MONTHLY;BYDAY=" + ",".join(["1MO", "2TU"] * 500),
    "what excludes itself": "RRULE:FREQ=DAILY\nEXRULE:FREQ=DAILY",
    "a rule cut": "RRULE:FREQ=",
    "a rule of nothing": "RRULE:",
    "twice the same part": "RRULE:FREQ=DAILY;FREQ=WEEKLY;FREQ=DAILY;X",
    "far dates": "RRULE:FREQ=DAILY;UNTIL=99999999",
    "never": "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "many dates": "RDATE:" + ",".join(["20261201T190000Z"] * 5_000),
    "many exclusions": "RRULE:FREQ=DAILY\nEXDATE:" + ",".join(["20261201T190000Z"] * 5_000),
    "a year each day": "DURATION:P300D\nRRULE:FREQ=DAILY",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_left_out_within_a_second_with_its_reason_and_the_rest_is_read(name: str) -> None:
    when = "DTSTART:20261201T180000Z\n" if "DURATION" in BOMBS[name] else WEEKLY
    began = time.process_time()
    found = read(ics(said(BOMBS[name], when=when), GOOD), MORNING)
    # A core that others share takes twice what a calm one does.
    assert time.process_time() - began < 3
    if name == "twice the same part":
        assert len(found.entries) == 2
        return
    assert [one.title for one in found.entries] == ["Concert de Noël"], found.entries
    assert [(one.line, one.what) for one in found.said if one.is_left] == [(3, "Bal folk")]
    assert why(found)


HEAVY: dict[str, Callable[[], bytes]] = {
    "nested events": lambda: (
        b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 2_000 + GOOD.encode() + b"\nEND:VEVENT\n" * 2_000
    ),
    "nested alarms": lambda: ics(GOOD + "BEGIN:VALARM\n" * 2_000 + "END:VALARM\n" * 2_000),
    "two thousand daily since 1971": lambda: ics(
        *(said("RRULE:FREQ=DAILY", uid=str(number), when="DTSTART:19710101T080000Z\n") for number in range(2_000))
    ),
    "a line of five megabytes": lambda: ics(said("DESCRIPTION:" + "a" * 4_900_000), GOOD),
    "five megabytes of folds": lambda: ics(said("DESCRIPTION:a\n" + " b\n" * 1_200_000), GOOD),
    "five megabytes of lines": lambda: ics(said("X-RIEN:1\n" * 500_000), GOOD),
    "no end of line": lambda: b"BEGIN:VCALENDAR" + b"A" * 4_900_000,
    "one quote": lambda: ics(said('DTSTART;X="' + ";a=" * 1_000_000 + ":1"), GOOD),
    "tags": lambda: ics(said("DESCRIPTION:" + "<a " * 1_000_000), GOOD),
    "entities": lambda: ics(said("SUMMARY:" + "&amp;" * 900_000), GOOD),
    "ten megabytes": lambda: ics(*(said(uid=str(number)) for number in range(100_000))) * 2,
    "too many events": lambda: ics(*(said(uid=str(number), title=f"N{number}") for number in range(2_500))),
    "zeros": lambda: b"\0" * 4_000_000,
    "brackets": lambda: b"[" * 4_900_000,
    "objects": lambda: b'{"a":' * 900_000,
    "columns": lambda: b"titre;" * 800_000 + b"\n",
    "a quote never closed": lambda: b'titre;debut\n"' + b"x;" * 2_000_000,
    "a thousand timings": lambda: json.dumps(
        {"events": [{"uid": 1, "title": "x", "timings": [{"begin": "2026-12-01T10:00:00+01:00"}] * 60_000}]}
    ).encode(),
}


@pytest.mark.parametrize("name", HEAVY)
def test_what_is_heavy_is_read_or_refused_within_a_second(name: str) -> None:
    content = HEAVY[name]()
    began, found = time.process_time(), Found("")
    with suppress(Unreadable):
        found = read(content, MORNING)
    assert len(found.entries) <= 2_000
    assert all("\0" not in one.title + one.body and len(one.body) <= 10_000 for one in found.entries)
    # A core that others share takes twice what a calm one does.
    assert time.process_time() - began < 3


NASTY = {
    "nul": "DESCRIPTION:a\0b",
    "html": "DESCRIPTION:<script>alert(1)</script><p onclick=x>Bonjour <b>à tous</b></p>&lt;img src=x onerror=y&gt;",
    "bidi": "DESCRIPTION:\u202egnp.exe",
    "header": "URL:https://exemple.fr/\r\nBcc: tous@exemple.fr",
    "script": "URL:javascript:alert(1)",
    "formula": "LOCATION:=HYPERLINK(1)",
    "badly folded": "DESCRIPTION:une ligne\nqui continue sans espace",
    "no colon": "DESCRIPTION",
    "not a place": "GEO:999;x",
    "a stray end": "END:VALARM",
    "a bad length": "DURATION:P999999999999999999999999D",
    "empty": "DESCRIPTION:\nLOCATION:\nCATEGORIES:\nURL:",
}


@pytest.mark.parametrize("name", NASTY)
def test_what_is_wrong_in_a_field_is_put_right_and_the_event_stays(name: str) -> None:
    found = read(ics(said(NASTY[name]), GOOD), MORNING)
    titles = [one.title for one in found.entries]
    assert "Concert de Noël" in titles
    if name != "no colon":
        entry = found.entries[titles.index("Bal folk")]
        everything = repr(entry)
        assert "\0" not in everything
        assert "<script" not in everything
        assert "\u202e" not in everything
        assert "javascript:" not in everything
        assert "\r" not in entry.title + entry.details["link"]


def test_html_is_read_as_its_words() -> None:
    entry = only(
        ics(said("DESCRIPTION:<p>Venez <b>nombreux</b> &amp; joyeux.</p><ul><li>à 8 h</li></ul>", title="<b>Bal</b>"))
    )
    assert (entry.title, entry.body) == ("Bal", "Venez nombreux & joyeux.\n\n- à 8 h")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("SUMMARY:\nDTSTART:20261201T180000Z", "titre"),
        ("SUMMARY:x", "date de début"),
        ("SUMMARY:x\nDTSTART:20261301T180000Z", "Ligne 6"),
        ("SUMMARY:x\nDTSTART:99999999", "n’est pas une date"),
        ("SUMMARY:x\nDTSTART:20261201T180000Z\nDTEND:20261130T180000Z", "avant le début"),
        ("SUMMARY:x\nDTSTART:20261201T180000Z\nDTEND:20290101T180000Z", "un an"),
        ("SUMMARY:x\nDTSTART:20300101T180000Z", "deux ans"),
    ],
)
def test_an_event_that_cannot_be_is_left_out_with_its_line(lines: str, reason: str) -> None:
    found = read(ics(f"UID:x\n{lines}", GOOD), MORNING)
    assert len(found.entries) == 1
    assert reason in why(found)
    assert why(found).startswith("3 ")


def test_a_file_cut_in_an_event_gives_what_comes_before() -> None:
    found = read(ics(GOOD, said())[:-40], MORNING)
    assert [one.title for one in found.entries] == ["Concert de Noël"]
    assert "coupé" in why(found)


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "cp1252"])
def test_an_old_spelling_of_letters_is_read(coding: str) -> None:
    assert only(ics(said(title="Fête d’été")).decode().encode(coding)).title == "Fête d’été"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "vide"),
        (b"<!doctype html><html>", "page web"),
        (b"PK\x03\x04rien", "compress"),
        (b'{"events": [', "JSON"),
        (b"bonjour", "tableau"),
        (b"a" * 5_000_001, "Mo"),
    ],
)
def test_what_is_no_calendar_is_refused_with_what_to_do(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(content, MORNING)
