"""Who follows an event or a place: they hear of it without going there."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from parvis.agenda.models.attendance import Attendance
from parvis.agenda.models.events import Event, Occurrence
from parvis.agenda.models.venues import Venue
from parvis.people.models import Person
from parvis.publications.models import Publication
from parvis.publications.models.publications import position

# Events and places that one person follows.
MOST_FOLLOWED = 200
# What began so long ago may still go on.
STILL_ON = timedelta(days=1)


def heard_now() -> int:
    """The position of what comes online now: of what was before, nothing is news."""
    return position(timezone.now(), 0)


class FollowQuerySet(models.QuerySet["Follow"]):
    """Who follows what, asked in sentences."""

    def of(self, person: Person) -> "FollowQuerySet":
        """What `person` follows and may still read, the last first."""
        events = Publication.objects.visible_to(person).filter(pk=OuterRef("event"))
        venues = Venue.objects.visible_to(person).filter(pk=OuterRef("venue"))
        return self.filter(Exists(events) | Exists(venues), person=person).order_by("-at", "-pk")

    def shown(self) -> "FollowQuerySet":
        """With what a line of a list says."""
        return self.select_related("event__publication", "event__commune", "venue__commune").defer(
            "event__commune__geometry", "venue__commune__geometry"
        )

    def due(self) -> Any:
        """Those of places where something was announced that they were not told of, with its position as `newest`."""
        said = Publication.objects.visible_to(None).filter(event__held_at=OuterRef("venue"))
        newest = Subquery(said.order_by("-position").values("position")[:1])
        return self.annotate(newest=newest).filter(newest__gt=F("heard")).order_by("pk")

    def over_since(self, moment: datetime) -> "FollowQuerySet":
        """Those of events that ended before `moment`; what is postponed may still come."""
        times = Occurrence.objects.filter(event=OuterRef("event"))
        later = times.filter(Q(ends_at__gte=moment) | Q(ends_at=None, starts_at__gte=moment))
        return self.filter(~Exists(later), event__isnull=False).exclude(event__status=Event.Status.POSTPONED)


class Follow(models.Model):
    """« Suivre »: someone hears of an event that changes, or of what is announced at a place.

    Nobody else knows, not even who organises. Personal data: until they change their mind, a month after the event at
    most, or as long as their account (R-LAW-5). `heard` is the position of the last event of a place they were told of.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="follows", db_index=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="follows", null=True)
    venue = models.ForeignKey(Venue, models.CASCADE, related_name="follows", null=True)
    heard = models.BigIntegerField(default=heard_now)
    at = models.DateTimeField(default=timezone.now)

    objects = FollowQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "event"], name="follow_event_once"),
            models.UniqueConstraint(fields=["person", "venue"], name="follow_venue_once"),
            models.CheckConstraint(
                condition=Q(event=None, venue__isnull=False) | Q(event__isnull=False, venue=None), name="follow_of_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} → {self.event_id or self.venue_id}"

    @property
    def last(self) -> Publication | None:
        """The last event announced at the place, of those anyone may read."""
        said = Publication.objects.visible_to(None).filter(event__held_at=self.venue_id or 0)
        return said.order_by("-position").first()


def concerned_by(event: int, *, only: int | None, after: int, most: int) -> dict[int, bool]:
    """Those to tell that an event changed, or one of its times: by number, whether they go there or only follow it.

    In the order of their numbers, those after `after`, `most` of them; none once it is over.
    """
    now = timezone.now()
    times = Occurrence.objects.filter(event=event, **({"pk": only} if only else {}))
    coming = times.filter(Q(ends_at__gt=now) | Q(ends_at=None, starts_at__gt=now - STILL_ON))
    going = Attendance.objects.filter(occurrence__in=coming, person__gt=after)
    following = Follow.objects.filter(event=event, person__gt=after).filter(Exists(coming.order_by()))
    found = [
        set(rows.order_by("person").values_list("person", flat=True).distinct()[:most]) for rows in (going, following)
    ]
    return {number: number in found[0] for number in sorted(found[0] | found[1])[:most]}


def on_calendar_of(person: Person) -> Any:
    """The numbers of the times `person` goes to, and of those of what they follow."""
    meant = Attendance.objects.filter(person=person).values_list("occurrence")
    mine = Follow.objects.filter(person=person)
    events = Occurrence.objects.filter(event__in=mine.exclude(event=None).values("event")).order_by()
    # A time held elsewhere is not at the place.
    places = Occurrence.objects.filter(event__held_at__in=mine.exclude(venue=None).values("venue"), venue="").order_by()
    return meant.union(events.values_list("pk"), places.values_list("pk"))
