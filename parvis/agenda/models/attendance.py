"""Who means to go, to one time of an event."""

from collections.abc import Collection
from datetime import datetime

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from parvis.agenda.models.events import Event, Occurrence
from parvis.agenda.models.organising import CoOrganiser
from parvis.people.models import Person
from parvis.publications.models import Publication

# « Plus de 10 personnes y vont »: no number under eleven, and a range rather than a number.
BANDS = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    """Who means to go, asked in sentences that name nobody."""

    def counted_at(self, occurrences: Collection[Occurrence]) -> dict[int, int]:
        """How many mean to go to each, by its number, rounded down so that nobody is singled out; few are none."""
        rows = self.filter(occurrence__in=occurrences).values_list("occurrence").annotate(going=Count("pk"))
        return {number: shown for number, going in rows if (shown := rounded(going))}

    def of(self, person: Person | None, occurrences: Collection[Occurrence]) -> dict[int, str]:
        """Those among `occurrences` that `person` means to go to, by number: "mine", or what they wait for.

        "waiting" for a seat, "asking" for the yes of whoever organises.
        """
        if person is None:
            return {}
        rows = self.filter(person=person, occurrence__in=occurrences).values_list("occurrence", "waiting", "asking")
        return {number: "waiting" if waits else "asking" if asks else "mine" for number, waits, asks in rows}

    def seated(self) -> "AttendanceQuerySet":
        """Those who have a seat, though perhaps not yet the yes of whoever organises."""
        return self.filter(waiting=False)

    def welcome(self) -> "AttendanceQuerySet":
        """Those who have a seat and may come: they know where (R-PRIV-12)."""
        return self.seated().filter(asking=False)

    def answerable_by(self, person: Person) -> "AttendanceQuerySet":
        """Those at what the voices of `person` organise, on registration: theirs to read, to accept or to refuse.

        Of a voice that organises with another, those who registered since it said yes: they were told so.
        """
        own = Publication.objects.written_by(person).filter(pk=OuterRef("occurrence__event"))
        with_another = CoOrganiser.objects.accepted().answerable_by(person)
        since = with_another.filter(event=OuterRef("occurrence__event"), accepted_at__lte=OuterRef("at"))
        return self.filter(Exists(own) | Exists(since.order_by()), occurrence__event__takes_registrations=True)

    def in_turn(self) -> "AttendanceQuerySet":
        """Those who wait for one, the first to have asked first."""
        return self.filter(waiting=True).order_by("at", "pk")

    def full_among(self, occurrences: Collection[Occurrence], capacity: int | None) -> set[int]:
        """The numbers of those among `occurrences` that have no seat left."""
        if capacity is None or not occurrences:
            return set()
        rows = self.seated().filter(occurrence__in=occurrences).values_list("occurrence").annotate(taken=Count("pk"))
        return {number for number, taken in rows if taken >= capacity}

    def listed_for(self, event: Event) -> "AttendanceQuerySet":
        """Those who come to `event`, by date, those who wait last: with their names."""
        rows = self.filter(occurrence__event=event).select_related("occurrence", "person")
        return rows.order_by("occurrence__starts_at", "waiting", "-asking", "at", "pk")

    def over_since(self, moment: datetime) -> "AttendanceQuerySet":
        """Those at what ended before `moment`."""
        ended = Q(occurrence__ends_at=None) | Q(occurrence__ends_at__lt=moment)
        return self.filter(ended, occurrence__starts_at__lt=moment)


def rounded(going: int) -> int:
    """The largest of `BANDS` that `going` is above, 0 under the first: what may be said of a number of people."""
    return max((band for band in BANDS if going > band), default=0)


class Attendance(models.Model):
    """« J’y vais »: someone means to go, at one time of an event.

    Counted without saying who, not even to its organiser, but for an event on registration: then they gave their name
    and an answer to whoever organises, and to nobody else. Personal data: kept until they change their mind, and a
    month after the event at most, or as long as their account (R-LAW-5).
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="attendances", db_index=False)
    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="attendances")
    at = models.DateTimeField(default=timezone.now)
    # Whether every seat was taken when they asked.
    waiting = models.BooleanField(default=False)
    # At someone's home one comes once whoever organises said yes.
    asking = models.BooleanField(default=False)
    answer = models.CharField(max_length=300, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "occurrence"], name="attendance_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.occurrence_id}"


class RefusalQuerySet(models.QuerySet["Refusal"]):
    """Those who were refused, asked in sentences."""

    def of(self, person: Person | None, occurrences: Collection[Occurrence]) -> dict[int, str]:
        """Why `person` was refused, by the number of each of `occurrences`."""
        if person is None:
            return {}
        return dict(self.filter(person=person, occurrence__in=occurrences).values_list("occurrence", "reason"))

    def over_since(self, moment: datetime) -> "RefusalQuerySet":
        """Those at what ended before `moment`."""
        ended = Q(occurrence__ends_at=None) | Q(occurrence__ends_at__lt=moment)
        return self.filter(ended, occurrence__starts_at__lt=moment)


class Refusal(models.Model):
    """Whoever organises did not keep someone at one time, and told them why, and nobody else.

    Personal data: forgotten a month after, as who came is (R-LAW-5).
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="refusals")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)

    objects = RefusalQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "occurrence"], name="refusal_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.occurrence_id}"


class CalendarKey(models.Model):
    """The secret address of someone's own calendar, of which only a digest is kept (R-SEC-10)."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="calendar_key")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.person_id} {self.made_at:%Y-%m-%d}"
