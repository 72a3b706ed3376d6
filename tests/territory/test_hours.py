"""When a town hall is open."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.territory.hours import DAYS, Opening, opening, schedule
from parvis.territory.models import TownHall

PARIS = ZoneInfo("Europe/Paris")
MORNING, AFTERNOON = ["09:00:00", "12:00:00"], ["14:00:00", "17:30:00"]
HOURS: list[Any] = [
    ["lundi", "mardi", [MORNING, AFTERNOON]],
    ["vendredi", "vendredi", [MORNING]],
    ["jeudi", "jeudi", [MORNING, AFTERNOON]],
]


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """Day 23 of November 2026 is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "is_open", "text"),
    [
        (at(23, 10), True, "ferme à 12\u00a0h"),
        (at(23, 9), True, "ferme à 12\u00a0h"),
        (at(23, 14), True, "ferme à 17\u00a0h\u00a030"),
        (at(23, 12), False, "ouvre à 14\u00a0h"),
        (at(23, 8), False, "ouvre à 9\u00a0h"),
        (at(23, 18), False, "ouvre demain à 9\u00a0h"),
        (at(24, 18), False, "ouvre jeudi à 9\u00a0h"),
        (at(27, 13), False, "ouvre lundi à 9\u00a0h"),
        # The eleventh of November is a holiday, a Wednesday in 2026; so is Christmas, a Friday.
        (at(25, 10, month=12), False, "ouvre lundi à 9\u00a0h"),
        # Easter Monday 2026.
        (at(6, 10, month=4), False, "ouvre demain à 9\u00a0h"),
        (at(14, 10, month=5), False, "ouvre demain à 9\u00a0h"),
    ],
)
def test_open_or_next_time(now: datetime, is_open: bool, text: str) -> None:
    assert opening(TownHall(hours=HOURS), now) == Opening(is_open, text)


def test_a_week_away_is_told_apart_from_today() -> None:
    hall = TownHall(hours=[["lundi", "lundi", [MORNING]]])
    assert opening(hall, at(23, 13)) == Opening(False, "ouvre lundi prochain à 9\u00a0h")


def test_the_hour_is_that_of_the_territory() -> None:
    assert opening(TownHall(hours=HOURS), datetime(2026, 11, 23, 8, 30, tzinfo=ZoneInfo("UTC"))) == Opening(
        True, "ferme à 12\u00a0h"
    )


def test_unknown_hours_say_nothing() -> None:
    assert opening(TownHall(hours=[]), at(23, 10)) is None
    assert schedule(TownHall(hours=[])) == []


def test_the_week_groups_days_with_the_same_hours() -> None:
    hours = [["mercredi", "jeudi", [MORNING]], ["lundi", "mardi", [MORNING]], ["samedi", "samedi", [AFTERNOON]]]
    assert schedule(TownHall(hours=hours)) == [
        ("lundi au jeudi", ["9\u00a0h\u00a0–\u00a012\u00a0h"]),
        ("samedi", ["14\u00a0h\u00a0–\u00a017\u00a0h\u00a030"]),
    ]
    assert schedule(TownHall(hours=HOURS))[0][0] == "lundi, mardi"


spans = st.tuples(st.integers(0, 22), st.integers(0, 59), st.integers(1, 23), st.integers(0, 59)).filter(
    lambda span: span[:2] < span[2:]
)
lines = st.lists(
    st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS), st.lists(spans, min_size=1, max_size=3)), max_size=4
)


@given(lines, st.integers(0, 1_000_000))
def test_any_hours_make_sense(week: list[Any], minutes: int) -> None:
    now = at(1, 0, month=1) + timedelta(minutes=minutes)
    hours = [
        [first, last, [[f"{a:02}:{b:02}:00", f"{c:02}:{d:02}:00"] for a, b, c, d in found]]
        for first, last, found in week
    ]
    hall = TownHall(hours=hours)
    told = opening(hall, now)
    assert (told is None) == (not week)
    if told:
        assert told.text.startswith("ferme à " if told.is_open else "ouvre ")
    assert bool(schedule(hall)) == bool(week)
