"""What stands on which agenda, day by day: what pages and feeds read."""

from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber, TruncDate
from django.utils import timezone

from parvis.agenda.models.events import LONGEST, Occurrence
from parvis.agenda.models.follows import on_calendar_of
from parvis.agenda.models.organising import CoOrganiser
from parvis.agenda.models.rows import JOINED_IN_ROWS, JOINED_ON_MAP, SAID_IN_ROWS, SAID_ON_MAP
from parvis.people.models import Person, Voice
from parvis.publications.models import Publication
from parvis.territory.models import Neighbour, Zone

# What has been over for so long is set aside (`Showing.past`): the week that people look at is not.
SET_ASIDE_AFTER = timedelta(days=8)
# Communes that touch one: a few, more around a large one.
NEIGHBOURS = 40
# Events that one voice organises with others, on its agenda.
SHARED = 500


class ShowingQuerySet(models.QuerySet["Showing"]):
    """What is on, asked in sentences."""

    def visible_to(self, person: Person | None, at: datetime | None = None) -> "ShowingQuerySet":
        """Those of events `person` (None: a visitor) may read: the one gate, asked from the row outwards."""
        gate = Publication.objects.visible_to(person, at).filter(pk=OuterRef("occurrence__event"))
        return self.filter(Exists(gate))

    def in_zone(self, zone: Zone) -> "ShowingQuerySet":
        """What happens in `zone`."""
        return self.filter(zone=zone)

    def upcoming(self, now: datetime) -> "ShowingQuerySet":
        """What is not over, soonest first; what is set aside is not read again."""
        return self.filter(past=False, ends_at__gt=now).order_by("starts_at", "occurrence_id")

    def over(self, now: datetime) -> "ShowingQuerySet":
        """What can be set aside."""
        return self.filter(past=False, ends_at__lte=now - SET_ASIDE_AFTER)

    def between(self, first: date, last: date) -> "ShowingQuerySet":
        """What happens on the days `first` to `last`, both included, in the territory's own time."""
        zone = timezone.get_current_timezone()
        opens = datetime.combine(first, time.min, zone)
        closes = datetime.combine(last, time.max, zone)
        # Of all that was, only what may still go on is read.
        aside = {} if opens < timezone.now() - SET_ASIDE_AFTER else {"past": False}
        on = self.filter(starts_at__gt=opens - LONGEST, starts_at__lte=closes, ends_at__gt=opens, **aside)
        return on.order_by("starts_at", "occurrence_id")

    def versions(self) -> "models.QuerySet[Showing, tuple[int, int]]":
        """The number of each, and the version of its event: all that a line of an agenda depends on."""
        return self.values_list("pk", "occurrence__event__publication__version")

    def attended_by(self, person: Person) -> "ShowingQuerySet":
        """Those `person` means to go to, each once."""
        return self.filter(occurrence__attendances__person=person, zone=F("occurrence__event__commune"))

    def on_calendar_of(self, person: Person) -> "ShowingQuerySet":
        """Those `person` means to go to, or follows, each once."""
        return self.filter(occurrence__in=on_calendar_of(person), zone=F("occurrence__event__commune"))

    def beginning(self, first: date, last: date) -> "ShowingQuerySet":
        """What begins on the days `first` to `last`, both included."""
        opens = datetime.combine(first, time.min, timezone.get_current_timezone())
        return self.between(first, last).filter(starts_at__gte=opens)

    def held_at(self, venue: int) -> "ShowingQuerySet":
        """What is held at the place of this number, each time once; not the times that are held elsewhere."""
        return self.filter(occurrence__event__held_at=venue, zone=F("occurrence__event__commune"), occurrence__venue="")

    def announced_by(self, voice: Voice) -> "ShowingQuerySet":
        """What `voice` announces, or organises with another, each time once."""
        return self.organised_by(voice).filter(zone=F("occurrence__event__commune"))

    def organised_by(self, voice: Voice) -> "ShowingQuerySet":
        """What `voice` announces, or organises with another."""
        mine = Q(occurrence__event__publication__voice=voice)
        # Asked apart: most voices organise nothing with another, and pay nothing for it.
        shared = list(CoOrganiser.objects.accepted().filter(voice=voice).values_list("event", flat=True)[:SHARED])
        return self.filter(mine | Q(occurrence__event__in=shared) if shared else mine)

    def of_category(self, category: str) -> "ShowingQuerySet":
        """Concerts only, fairs only, and so on."""
        return self.filter(category=category)

    def around(self, zone: Zone) -> "ShowingQuerySet":
        """What happens in the commune `zone` and in those that touch it."""
        beside = Neighbour.objects.filter(zone=zone).values_list("other", flat=True)
        return self.filter(zone__in=[zone.pk, *beside[:NEIGHBOURS]])

    def free(self) -> "ShowingQuerySet":
        """What costs nothing."""
        return self.filter(occurrence__event__is_free=True)

    def accessible(self, need: str) -> "ShowingQuerySet":
        """What is made accessible for one disability."""
        return self.filter(occurrence__event__access__contains=need)

    def later_than(self, at: datetime) -> "ShowingQuerySet":
        """What begins at `at` or later."""
        return self.filter(starts_at__gte=at)

    def titled(self) -> "ShowingQuerySet":
        """With the title and the address of each, in the same statement."""
        publication = "occurrence__event__publication"
        said = (f"{publication}__{name}" for name in ("kind", "title", "slug"))
        joined = self.select_related(publication)
        return joined.only("starts_at", "occurrence__event__category", "occurrence__all_day", *said)

    def firsts(self, most: int) -> "ShowingQuerySet":
        """The `most` first of each day; what has an hour comes before what lasts."""
        order = ("occurrence__all_day", "starts_at", "occurrence_id")
        turn = Window(RowNumber(), partition_by=TruncDate("starts_at"), order_by=order)
        return self.annotate(turn=turn).filter(turn__lte=most)

    def in_rows(self) -> "ShowingQuerySet":
        """With what a row of an agenda says, in the same statement, and nothing else of the tables it reads."""
        return self.select_related(*JOINED_IN_ROWS).only(*SAID_IN_ROWS)

    def in_rows_and_on_map(self) -> "ShowingQuerySet":
        """The same, and what tells where it is."""
        return self.select_related(*JOINED_ON_MAP).only(*SAID_ON_MAP)

    def shown(self) -> "ShowingQuerySet":
        """With what an agenda row needs, in the same statement."""
        event = "occurrence__event"
        joined = self.select_related(f"{event}__publication__voice__zone", f"{event}__commune", f"{event}__held_at")
        return joined.defer(f"{event}__publication__voice__zone__geometry", f"{event}__commune__geometry")


class Showing(models.Model):
    """One occurrence on the agenda of one zone: its commune and all that contain it; only while it is online.

    `ends_at` is never null here: what says no end is over two hours after it began. `past` tells what has been over
    for long: indexes leave it out, so that years of it cost nothing to who asks what is next.
    """

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="showings", db_index=False)
    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="showings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    category = models.CharField(max_length=12)
    past = models.BooleanField(default=False)

    objects = ShowingQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["zone", "occurrence"], name="showing_once"),)
        indexes = (
            models.Index(fields=["zone", "starts_at", "occurrence", "ends_at"], name="showing_agenda"),
            models.Index(
                fields=["zone", "starts_at", "occurrence", "ends_at"], name="showing_coming", condition=Q(past=False)
            ),
            models.Index(
                fields=["zone", "category", "starts_at", "occurrence", "ends_at"],
                name="showing_category",
                condition=Q(past=False),
            ),
            models.Index(fields=["ends_at"], name="showing_over", condition=Q(past=False)),
        )

    def __str__(self) -> str:
        return f"{self.occurrence_id} @ {self.zone_id}"


class DayCountQuerySet(models.QuerySet["DayCount"]):
    """How much there is, asked in sentences."""

    def in_zone(self, zone: Zone) -> "DayCountQuerySet":
        """What begins in `zone`."""
        return self.filter(zone=zone)

    def between(self, first: date, last: date) -> "DayCountQuerySet":
        """What begins on the days `first` to `last`, both included."""
        return self.filter(day__gte=first, day__lte=last)


class DayCount(models.Model):
    """How many occurrences of a category begin on a day in a zone, as showings come and go.

    Kept and not computed: a month of a département would read thousands of showings for thirty numbers.
    """

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    category = models.CharField(max_length=12)
    count = models.IntegerField()

    objects = DayCountQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["zone", "day", "category"], name="day_count_once"),)

    def __str__(self) -> str:
        return f"{self.count} × {self.category} @ {self.zone_id} {self.day}"
