"""What a letter covers, and when it may leave."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from parvis.core.jobs import NotBefore
from parvis.letters.models import Often
from parvis.publications.models.publications import position

# A week is told on Thursday morning, before its end comes.
THURSDAY = 3
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Period:
    """What was said from `opens` to `closes`, and what takes place on the days `first` to `last`."""

    key: str
    often: str
    opens: datetime
    closes: datetime
    first: date
    last: date

    @property
    def positions(self) -> tuple[int, int]:
        """What was said, in the order of feeds: from the first of these to before the second."""
        return position(self.opens, 0), position(self.closes, 0)

    @property
    def number(self) -> int:
        """Of its week in the year."""
        return self.first.isocalendar().week

    @property
    def before(self) -> "Period":
        """The one before, of the same length."""
        return daily(self.first - DAY) if self.often == Often.DAILY else weekly(self.first - WEEK)

    @property
    def after(self) -> "Period":
        """The one after, of the same length."""
        return daily(self.first + DAY) if self.often == Often.DAILY else weekly(self.first + WEEK)


def daily(day: date) -> Period:
    """What one reads on the morning of `day`: what was said since the day before; today and tomorrow."""
    return Period(day.isoformat(), Often.DAILY, _at(day - DAY), _at(day), day, day + DAY)


def weekly(day: date) -> Period:
    """What one reads on the Thursday of the week of `day`: what was said in seven days; the seven to come."""
    thursday = day + timedelta(days=THURSDAY - day.weekday())
    year, week, _weekday = thursday.isocalendar()
    last = thursday + WEEK - DAY
    return Period(f"{year}-W{week:02}", Often.WEEKLY, _at(thursday - WEEK), _at(thursday), thursday, last)


def now_on(now: datetime) -> Period:
    """The seven days up to this moment, and today with the six to come: a gazette between two issues."""
    today = timezone.localtime(now).date()
    # What is said this very second has been said.
    return Period("", Often.WEEKLY, now - WEEK, now + timedelta(seconds=1), today, today + WEEK - DAY)


def named(key: str) -> Period | None:
    """The period of « 2026-11-28 » or of « 2026-W48 »; None for anything else."""
    try:
        if found := re.fullmatch(r"([12]\d{3})-W(\d{2})", key, re.ASCII):
            return weekly(date.fromisocalendar(int(found[1]), int(found[2]), 4))
        return daily(date.fromisoformat(key)) if re.fullmatch(r"[12]\d{3}-\d{2}-\d{2}", key, re.ASCII) else None
    except ValueError:
        return None


def last_week(now: datetime) -> Period:
    """The last one that is over."""
    period = weekly(timezone.localtime(now).date())
    return period if period.closes <= now else period.before


def due(now: datetime) -> list[Period]:
    """The periods whose letters may leave at `now`: none in the quiet hours, nor before them on the same morning."""
    local = timezone.localtime(now)
    if is_quiet(now):
        return []
    today = local.date()
    return [daily(today), *([weekly(today)] if today.weekday() >= THURSDAY else [])]


def is_quiet(now: datetime) -> bool:
    """Whether people sleep: what can wait does (R-MOD-16)."""
    first, last = settings.QUIET_HOURS
    hour = timezone.localtime(now).hour
    return first <= hour < last if first <= last else hour >= first or hour < last


def morning_after(now: datetime) -> datetime:
    """When the quiet hours that `now` is in come to their end."""
    local = timezone.localtime(now)
    first, last = settings.QUIET_HOURS
    day = local.date() + (DAY if first > last and local.hour >= first else timedelta())
    return datetime.combine(day, time(last), timezone.get_current_timezone())


def wait_for_morning() -> None:
    """Have the job that calls it run when the quiet hours are over."""
    now = timezone.now()
    if is_quiet(now):
        raise NotBefore(morning_after(now))


def _at(day: date) -> datetime:
    """When the quiet hours of `day` end: a letter says what was said until it leaves, and the next goes on."""
    return datetime.combine(day, time(settings.QUIET_HOURS[1]), timezone.get_current_timezone())
