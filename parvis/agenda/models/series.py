"""What comes back: the rule an event follows, kept apart from the times it was unrolled into."""

from datetime import date, datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.agenda.models.events import Event
from parvis.agenda.recurrence import Rule, parse


class SeriesQuerySet(models.QuerySet["Series"]):
    """Series, asked in sentences."""

    def to_unroll(self, today: date) -> "SeriesQuerySet":
        """Those that have further times to show by now, the longest waiting first."""
        return self.filter(unroll_on__lte=today).order_by("unroll_on", "pk")


class Series(models.Model):
    """A first time, and the rule by which it comes back, in the territory's time; `excluded` days are in ISO.

    `unroll_on` is the day to look for further times; null once every one is an occurrence.
    """

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="series")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    all_day = models.BooleanField(default=False)
    rule = models.CharField(max_length=300)
    excluded = models.JSONField(default=list, blank=True)
    unroll_on = models.DateField(null=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["unroll_on", "event"], name="series_to_unroll"),)

    def __str__(self) -> str:
        return f"{self.event_id} {self.rule}"

    @property
    def said(self) -> Rule:
        """Its rule, read."""
        return parse(self.rule)

    @property
    def first_day(self) -> date:
        """The day of its first time."""
        return timezone.localtime(self.starts_at).date()

    @property
    def excluded_days(self) -> list[date]:
        """The days on which it does not come back."""
        return [date.fromisoformat(day) for day in self.excluded]

    @property
    def spoken(self) -> str:
        """« toutes les semaines, le mardi, jusqu’au 29 juin 2027, sauf 3 dates »."""
        days = self.excluded_days
        if not days:
            return self.said.spoken(self.first_day)
        but = _("sauf le %(day)s") % {"day": f"{days[0]:%d/%m/%Y}"} if len(days) == 1 else ""
        but = but or _("sauf %(count)s dates") % {"count": len(days)}
        return f"{self.said.spoken(self.first_day)}, {but}"

    def begins(self, day: date) -> datetime:
        """When it begins on `day`, at the hour of its first time."""
        return at_same_hour(self.starts_at, day)


def at_same_hour(first: datetime, day: date) -> datetime:
    """`day` at the hour a clock of the territory shows at `first`, whatever the season (R-REL-21)."""
    return datetime.combine(day, timezone.localtime(first).time(), timezone.get_current_timezone())
