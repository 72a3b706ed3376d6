"""Days and weeks of an agenda: what is asked, and showings grouped by the day they begin."""

import re
from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.dateparse import parse_date

from parvis.agenda.models import Showing

# How far one may look back and ahead.
BEFORE, AFTER = timedelta(days=400), timedelta(days=800)


@dataclass(frozen=True)
class Period:
    """A day, a week, Monday to Sunday, or its last two days."""

    first: date
    is_week: bool = False
    is_weekend: bool = False

    @classmethod
    def weekend(cls, day: date) -> "Period":
        """The Saturday and Sunday of the week of `day`."""
        return cls(day + timedelta(days=5 - day.weekday()), is_weekend=True)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.first + timedelta(days=6 if self.is_week else 1 if self.is_weekend else 0)

    @property
    def _step(self) -> timedelta:
        return timedelta(days=7 if self.is_week or self.is_weekend else 1)

    @property
    def before(self) -> "Period":
        """The one of the same length before."""
        return replace(self, first=self.first - self._step)

    @property
    def after(self) -> "Period":
        """The one of the same length after."""
        return replace(self, first=self.first + self._step)

    @property
    def week(self) -> list[date]:
        """The days of the week it lies in."""
        monday = self.first - timedelta(days=self.first.weekday())
        return [monday + timedelta(days=number) for number in range(7)]

    @property
    def query(self) -> tuple[str, str]:
        """How an address asks for it: ("jour", "2026-11-24") or ("semaine", "2026-W48")."""
        if self.is_week or self.is_weekend:
            year, number, _day = self.first.isocalendar()
            return "weekend" if self.is_weekend else "semaine", f"{year}-W{number:02}"
        return "jour", self.first.isoformat()


@dataclass(frozen=True)
class Month:
    """A month, from its first day."""

    first: date

    @property
    def last(self) -> date:
        """Its last day."""
        return self.after.first - timedelta(days=1)

    @property
    def before(self) -> "Month":
        """The month before."""
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def after(self) -> "Month":
        """The month after."""
        return Month((self.first + timedelta(days=31)).replace(day=1))

    @property
    def weeks(self) -> list[list[date]]:
        """The weeks it touches, Monday to Sunday."""
        return Calendar().monthdatescalendar(self.first.year, self.first.month)

    @property
    def query(self) -> tuple[str, str]:
        """How an address asks for it: ("mois", "2026-11")."""
        return "mois", f"{self.first:%Y-%m}"


def asked_month(month: str, today: date) -> Month:
    """The month of an address; that of today when it says nothing we understand or lies too far."""
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", month, re.ASCII)
    first = date(int(found[1]), int(found[2]), 1) if found and found[1] != "0000" else today
    return Month((first if within(first, today) else today).replace(day=1))


def asked_weekend(week: str, today: date) -> Period | None:
    """The Saturday and Sunday of a week of an address; None when it says none."""
    if not week:
        return None
    found = asked("", week, today)
    return Period.weekend(found.first)


def asked(day: str, week: str, today: date) -> Period:
    """The day or week of an address; today when it says nothing we understand or lies too far."""
    if found := re.fullmatch(r"(\d{4})-W(\d{2})", week, re.ASCII):
        try:
            monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        except ValueError:
            return Period(today)
        return Period(monday, is_week=True) if within(monday, today) else Period(today)
    try:
        parsed = parse_date(day)
    except ValueError:
        return Period(today)
    return Period(parsed) if parsed and within(parsed, today) else Period(today)


def within(day: date, today: date) -> bool:
    """Whether an agenda goes as far as `day`."""
    return today - BEFORE <= day <= today + AFTER


def by_day(showings: Iterable[Showing], first: date) -> list[tuple[date, list[Showing]]]:
    """Showings grouped by the day they begin; what began before `first` and goes on is under `first`.

    In each day, what has an hour comes before what lasts.
    """

    def day_of(showing: Showing) -> date:
        return max(timezone.localtime(showing.starts_at).date(), first)

    def going_on(showing: Showing) -> bool:
        return showing.occurrence.all_day or timezone.localtime(showing.starts_at).date() < first

    ordered = sorted(showings, key=lambda showing: (day_of(showing), going_on(showing)))
    return [(day, list(rows)) for day, rows in groupby(ordered, key=day_of)]
