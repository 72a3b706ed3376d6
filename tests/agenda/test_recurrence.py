"""What comes back: rules read, spoken and unrolled, bounded whatever is asked (R-SEC-9, R-REL-21)."""

import time
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.agenda import actions, jobs
from parvis.agenda.actions import Repeat, Span
from parvis.agenda.models import Event, Occurrence, Series, Showing
from parvis.agenda.recurrence import MOST, Rule, days_of, parse
from parvis.people.models import Person
from parvis.publications.actions import Refused
from tests.agenda.conftest import Announce, paris

TUESDAY = date(2026, 12, 1)
LAST = date(2028, 5, 31)


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026 in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: paris(24, 9))


@pytest.mark.parametrize(
    ("text", "first", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=3", TUESDAY, ["2026-12-01", "2026-12-08", "2026-12-15"]),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=4",
            TUESDAY,
            ["2026-12-01", "2026-12-03", "2026-12-15", "2026-12-17"],
        ),
        ("FREQ=MONTHLY;BYDAY=1TU;COUNT=3", TUESDAY, ["2026-12-01", "2027-01-05", "2027-02-02"]),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", date(2026, 11, 27), ["2026-11-27", "2026-12-25"]),
        # A month without a 31st has none.
        ("FREQ=MONTHLY;COUNT=3", date(2026, 12, 31), ["2026-12-31", "2027-01-31", "2027-03-31"]),
        ("FREQ=YEARLY;COUNT=2", date(2027, 2, 3), ["2027-02-03", "2028-02-03"]),
        ("FREQ=DAILY;UNTIL=20261203", TUESDAY, ["2026-12-01", "2026-12-02", "2026-12-03"]),
        # The first time counts, whether or not the rule falls on it (RFC 5545).
        ("FREQ=WEEKLY;BYDAY=TH;COUNT=2", TUESDAY, ["2026-12-01", "2026-12-03"]),
    ],
)
def test_a_rule_gives_its_days(text: str, first: date, expected: list[str]) -> None:
    assert [day.isoformat() for day in parse(text).dates(first, LAST)] == expected


@pytest.mark.parametrize(
    ("rule", "spoken"),
    [
        (Rule("WEEKLY"), "toutes les semaines, le mardi"),
        (Rule("WEEKLY", 2, ("TH", "TU")), "une semaine sur deux, le mardi et le jeudi"),
        (Rule("MONTHLY", 1, ("2TU",)), "tous les mois, le 2e mardi"),
        (Rule("MONTHLY", 1, ("-1FR",)), "tous les mois, le dernier vendredi"),
        (Rule("MONTHLY", 3), "tous les 3 mois, le 1er du mois"),
        (Rule("DAILY", until=date(2027, 1, 2)), "tous les jours, jusqu’au 2 janvier 2027"),
        (Rule("YEARLY"), "tous les ans, le 1 décembre"),
        (Rule("WEEKLY", count=10), "toutes les semaines, le mardi, 10 fois"),
    ],
)
def test_a_rule_is_spoken(rule: Rule, spoken: str) -> None:
    assert rule.spoken(TUESDAY) == spoken


@pytest.mark.parametrize(
    "bomb",
    [
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=SECONDLY;COUNT=1000000000",
        "FREQ=DAILY;COUNT=1000000000",
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
        "FREQ=MONTHLY;BYDAY=" + ",".join(["1MO"] * 5_000),
        "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=" + ",".join(map(str, range(60))),
        "FREQ=WEEKLY;BYSETPOS=1",
        "FREQ=WEEKLY;FREQ=DAILY",
        "FREQ=WEEKLY;UNTIL=demain",
        "FREQ=WEEKLY;BYDAY=9MO",
        "FREQ=",
        "",
        "INTERVAL=1",
        "FREQ=WEEKLY;COUNT=²",
    ],
    ids=lambda bomb: bomb[:30],
)
def test_a_bomb_is_refused_at_once(bomb: str) -> None:
    began = time.process_time()
    with pytest.raises(Refused):
        parse(bomb)
    assert time.process_time() - began < 0.1


@pytest.mark.parametrize("text", ["FREQ=DAILY", "FREQ=DAILY;UNTIL=99991231", "FREQ=MONTHLY;BYDAY=5MO", "FREQ=YEARLY"])
@pytest.mark.parametrize("first", [date(1970, 1, 1), date(2024, 2, 29), date(2026, 12, 1)])
def test_whatever_is_taken_is_unrolled_in_bounded_time(text: str, first: date) -> None:
    began = time.process_time()
    assert len(parse(text).dates(first, LAST, after=date(2026, 11, 1))) <= MOST
    # A core that others share takes twice what a calm one does.
    assert time.process_time() - began < 3


days = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), unique=True, max_size=7).map(tuple)


@given(
    st.sampled_from(["DAILY", "WEEKLY"]),
    st.integers(1, 99),
    days,
    st.none() | st.integers(1, 1_000),
    st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1)),
)
def test_a_rule_written_and_read_again_is_the_same(
    frequency: str, interval: int, chosen: tuple[str, ...], count: int | None, until: date | None
) -> None:
    rule = Rule(frequency, interval, chosen, until, count)
    assert parse(str(rule)) == rule
    dates = rule.dates(TUESDAY, LAST)
    assert dates == sorted(set(dates))
    assert len(dates) <= MOST


def test_days_left_out_are_read_alone_and_by_spans() -> None:
    said = "le 11/11/2026, du 19/12/2026 au 03/01/2027 et 1/5/2027"
    assert days_of(said) == [
        (date(2026, 11, 11), date(2026, 11, 11)),
        (date(2026, 12, 19), date(2027, 1, 3)),
        (date(2027, 5, 1), date(2027, 5, 1)),
    ]
    for wrong in ("31/02/2027", "à Noël", "2026-12-01", "1/1/2027 2/1/2027 3/1/2027"):
        with pytest.raises(Refused):
            days_of(wrong)


@pytest.fixture
def choir(announce: Announce) -> Event:
    """Every Tuesday at 20:00 until the end of June, but for two weeks of holidays."""
    excluded = (date(2026, 12, 22), date(2026, 12, 29))
    rule = parse("FREQ=WEEKLY;BYDAY=TU;UNTIL=20270629")
    begins, ends = paris(1, 20, month=12), paris(1, 22, month=12)
    return announce("Répétition", begins, ends_at=ends, repeat=Repeat(rule, excluded))


def starts(event: Event) -> list[Any]:
    return [timezone.localtime(one.starts_at) for one in event.occurrences.all()]


def test_the_hour_holds_across_the_changes_of_season(choir: Event) -> None:
    """R-REL-21: 20 h is 20 h in December and in June."""
    assert len(starts(choir)) == 29
    assert {(one.hour, one.isoweekday()) for one in starts(choir)} == {(20, 2)}
    offsets = {one.utcoffset() for one in starts(choir)}
    assert offsets == {timedelta(hours=1), timedelta(hours=2)}
    assert date(2026, 12, 22) not in {one.date() for one in starts(choir)}
    assert Showing.objects.filter(occurrence__event=choir, zone=choir.commune).count() == 29


def test_without_an_end_it_is_unrolled_further_by_the_clock(
    announce: Announce, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = announce("Marché", paris(28, 8), repeat=Repeat(parse("FREQ=WEEKLY")))
    before = event.occurrences.count()
    assert before == 78
    assert jobs.unroll_series() == 0
    monkeypatch.setattr(timezone, "now", lambda: paris(24, 9) + timedelta(days=70))
    assert jobs.unroll_series() == 1
    assert jobs.unroll_series() == 0
    assert event.occurrences.count() == before + 10
    assert Showing.objects.filter(occurrence__event=event, zone=event.commune).count() == before + 10
    assert starts(event)[-1].hour == 8


def test_a_daily_one_never_holds_more_than_so_many_times(announce: Announce, monkeypatch: pytest.MonkeyPatch) -> None:
    event = announce("Angélus", paris(28, 8), repeat=Repeat(parse("FREQ=DAILY")))
    assert event.occurrences.count() == MOST
    monkeypatch.setattr(timezone, "now", lambda: paris(24, 9) + timedelta(days=34))
    assert jobs.unroll_series() == 1
    assert event.occurrences.filter(starts_at__gte=timezone.now() - timedelta(days=1)).count() == MOST


def test_a_rule_that_ends_is_looked_at_no_more(choir: Event) -> None:
    assert Series.objects.get(event=choir).unroll_on is None


def test_sessions_at_other_hours_come_with_it(announce: Announce) -> None:
    event = announce(
        "Théâtre", paris(28, 20), others=[Span(paris(27, 14))], repeat=Repeat(parse("FREQ=WEEKLY;COUNT=2"))
    )
    assert [(one.day, one.hour) for one in starts(event)] == [(27, 14), (28, 20), (5, 20)]


def corrected(event: Event, by: Person, spans: list[Span], repeat: Repeat | None) -> list[Occurrence]:
    said: dict[str, Any] = {name: getattr(event, name) for name in ("category", "venue", "address", "price", "link")}
    said |= {"title": event.publication.title, "body": event.publication.body}
    actions.correct_event(event, by=by, spans=spans, repeat=repeat, **said)
    return list(event.occurrences.all())


def test_another_hour_keeps_each_day_and_what_was_said_of_one(choir: Event, chloe: Person) -> None:
    second = choir.occurrences.all()[1]
    actions.change_time(second, by=chloe, status="cancelled")
    third = choir.occurrences.all()[2]
    actions.change_time(third, by=chloe, status="moved", span=Span(paris(16, 18, month=12)))
    numbers = [one.pk for one in choir.occurrences.all()]
    rule = Repeat(parse("FREQ=WEEKLY;BYDAY=TU;UNTIL=20270629"), (date(2026, 12, 22), date(2026, 12, 29)))
    rows = corrected(choir, chloe, [Span(paris(1, 19, month=12), paris(1, 21, month=12))], rule)
    assert [row.pk for row in rows] == numbers
    assert (rows[0].starts_at, rows[1].starts_at) == (paris(1, 19, month=12), paris(8, 19, month=12))
    assert rows[1].state == "cancelled"
    assert rows[2].starts_at == paris(16, 18, month=12)
    assert rows[2].series_at == paris(15, 19, month=12)


def test_a_time_that_goes_stays_cancelled_for_those_who_meant_to_come(
    choir: Event, chloe: Person, bruno: Person, amina: Person
) -> None:
    actions.attend(bruno, choir.occurrences.all()[1])
    rows = corrected(choir, chloe, [Span(paris(1, 20, month=12))], None)
    assert [(row.starts_at, row.state) for row in rows] == [
        (paris(1, 20, month=12), "planned"),
        (paris(8, 20, month=12), "cancelled"),
    ]
    assert not Series.objects.exists()


@pytest.mark.parametrize("zone", ["Indian/Reunion", "America/Guadeloupe", "Pacific/Noumea"])
def test_all_day_is_the_day_of_the_place(announce: Announce, settings: Any, zone: str) -> None:
    settings.TIME_ZONE = zone
    here = ZoneInfo(zone)
    first = paris(28, 0).astimezone(here).replace(hour=0, day=28)
    event = announce(
        "Fête", first, ends_at=first + timedelta(days=1), all_day=True, repeat=Repeat(parse("FREQ=YEARLY;COUNT=2"))
    )
    one, two = event.occurrences.all()
    assert (one.first_day, one.last_day) == (date(2026, 11, 28), date(2026, 11, 28))
    assert (two.first_day, two.last_day) == (date(2027, 11, 28), date(2027, 11, 28))
