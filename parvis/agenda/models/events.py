"""Events: what happens when and where. An event extends its publication; pages read `Showing`."""

from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from parvis.agenda.models.rows import JOINED_IN_ROWS, SAID_IN_ROWS
from parvis.core.templatetags.ui import day, day_range
from parvis.people.models import Person, Voice
from parvis.publications.models import Publication
from parvis.territory.models import Neighbour, Zone

# What says no end is over this long after it began; nothing lasts longer than a year (R-MOD-20).
USUAL, LONGEST = timedelta(hours=2), timedelta(days=366)
# What has been over for so long is set aside (`Showing.past`): the week that people look at is not.
SET_ASIDE_AFTER = timedelta(days=8)
# Communes that touch one: a few, more around a large one.
NEIGHBOURS = 40


class Event(models.Model):
    """The details of a publication of kind `event`."""

    class Category(models.TextChoices):
        """What kind of event: a short list, so that a filter is one click."""

        CONCERT = "concert", _("Concert")
        SCENE = "scene", _("Théâtre et spectacle")
        EXPOSITION = "exposition", _("Exposition")
        FETE = "fete", _("Fête et festival")
        MARCHE = "marche", _("Marché et brocante")
        SPORT = "sport", _("Sport")
        NATURE = "nature", _("Nature et balade")
        PATRIMOINE = "patrimoine", _("Patrimoine")
        JEUNESSE = "jeunesse", _("Enfants et jeunes")
        CONFERENCE = "conference", _("Conférence et débat")
        SOLIDARITE = "solidarite", _("Solidarité")
        ASSOCIATION = "association", _("Vie associative")

    class Status(models.TextChoices):
        """Whether it takes place as it was announced."""

        PLANNED = "planned", _("Prévu")
        MOVED = "moved", _("Déplacé")
        POSTPONED = "postponed", _("Reporté")
        FULL = "full", _("Complet")
        CANCELLED = "cancelled", _("Annulé")

    class Mode(models.TextChoices):
        """How one takes part."""

        PLACE = "place", _("sur place")
        ONLINE = "online", _("en ligne")
        MIXED = "mixed", _("sur place et en ligne")

    class Need(models.TextChoices):
        """Disabilities it is made accessible for, by the two letters of OpenAgenda."""

        HEARING = "hi", _("Handicap auditif")
        VISION = "vi", _("Handicap visuel")
        PSYCHIC = "pi", _("Handicap psychique")
        MOTOR = "mi", _("Handicap moteur")
        INTELLECTUAL = "ii", _("Handicap intellectuel")

    publication = models.OneToOneField(Publication, models.CASCADE, primary_key=True, related_name="event")
    category = models.CharField(_("catégorie"), max_length=12, choices=Category.choices)
    venue = models.CharField(_("lieu"), max_length=160)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    commune = models.ForeignKey(Zone, models.PROTECT, related_name="events", verbose_name=_("commune"))
    price = models.CharField(_("tarif"), max_length=120, blank=True)
    is_free = models.BooleanField(_("gratuit"), default=False)
    conditions = models.CharField(_("conditions"), max_length=300, blank=True)
    link = models.URLField(_("lien"), max_length=300, blank=True)
    mode = models.CharField(max_length=6, choices=Mode.choices, default=Mode.PLACE)
    online_url = models.URLField(_("adresse en ligne"), max_length=300, blank=True)
    # Words separated by commas, and needs (« hi mi ») by spaces.
    keywords = models.CharField(_("mots-clés"), max_length=200, blank=True)
    access = models.CharField(_("accessibilité"), max_length=20, blank=True)
    # Who comes gives their name to the organiser; so many at each time, the others wait.
    takes_registrations = models.BooleanField(_("sur inscription"), default=False)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    question = models.CharField(_("question"), max_length=200, blank=True)
    # At someone's home: the venue says no more than that, and this goes to who has a seat alone (R-PRIV-12).
    home_address = models.CharField(_("adresse du domicile"), max_length=200, blank=True)
    # Where it was taken from, as it is shown: a site, or the name of a file (`Imported` follows it).
    origin = models.CharField(max_length=300, blank=True)
    min_age = models.PositiveSmallIntegerField(_("âge minimal"), null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(_("âge maximal"), null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    # What its organiser adds when it is no longer as announced: « à cause du vent », « nouvelle date en mars ».
    status_note = models.CharField(_("précision"), max_length=200, blank=True)

    def __str__(self) -> str:
        return self.publication.title

    @property
    def is_cancelled(self) -> bool:
        """Whether its organiser said it will not take place."""
        return self.status == Event.Status.CANCELLED

    @property
    def words(self) -> list[str]:
        """Its keywords."""
        return [word.strip() for word in self.keywords.split(",") if word.strip()]

    @property
    def needs(self) -> list[str]:
        """The disabilities it is made accessible for."""
        return self.access.split()

    @property
    def needs_labels(self) -> list[str]:
        """The same, in words."""
        return [str(Event.Need(need).label) for need in self.needs if need in Event.Need.values]

    @property
    def ages(self) -> str:
        """« de 6 à 12 ans », « dès 6 ans », « jusqu’à 12 ans »; nothing when it is for all."""
        says = {"min": self.min_age, "max": self.max_age}
        if self.min_age and self.max_age:
            return say("de %(min)s à %(max)s ans") % says
        if self.min_age:
            return say("dès %(min)s ans") % says
        return say("jusqu’à %(max)s ans") % says if self.max_age else ""

    @property
    def next_occurrence(self) -> "Occurrence | None":
        """The first that is not over, else the last there was. A list prefetches `event__occurrences`."""
        now = timezone.now()
        every = list(self.occurrences.all())
        return next((one for one in every if one.closes_at > now), every[-1] if every else None)


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    """Times of events, asked in sentences."""

    def exceptional(self) -> "OccurrenceQuerySet":
        """Those that their series does not say: added to it, moved, cancelled or held elsewhere."""
        return self.exclude(series_at=F("starts_at"), status="", venue="", note="")

    def to_remind(self, now: datetime) -> "OccurrenceQuerySet":
        """Those of tomorrow that someone goes to, of which nobody was reminded yet."""
        tomorrow = timezone.localtime(now).date() + timedelta(days=1)
        opens = datetime.combine(tomorrow, time.min, timezone.get_current_timezone())
        closes = datetime.combine(tomorrow, time.max, timezone.get_current_timezone())
        soon = self.filter(starts_at__gte=opens, starts_at__lte=closes, reminded_at=None, attendances__isnull=False)
        return soon.order_by("starts_at", "pk").distinct()

    def open_to(self, person: Person) -> "OccurrenceQuerySet":
        """Those of events `person` may read, or meant to go to."""
        gate = Publication.objects.visible_to(person).filter(pk=OuterRef("event"))
        meant = Occurrence.objects.filter(pk=OuterRef("pk"), attendances__person=person)
        return self.filter(Exists(gate) | Exists(meant))


class Occurrence(models.Model):
    """One time an event happens. `ends_at` is the end announced, or null.

    An all-day one is a span of dates: from the first midnight to the one after its last day, in the territory's time.
    `series_at` is when the series has it begin, null for a time of its own. `status`, `venue` and `note`, when they say
    something, say it of this time instead of its event.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="occurrences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    all_day = models.BooleanField(default=False)
    series_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Event.Status.choices, blank=True)
    venue = models.CharField(_("lieu"), max_length=160, blank=True)
    note = models.CharField(_("précision"), max_length=200, blank=True)
    reminded_at = models.DateTimeField(null=True)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at",)
        constraints = (
            models.UniqueConstraint(fields=["event", "starts_at"], name="occurrence_once"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="occurrence_in_order"
            ),
        )
        indexes = (models.Index(fields=["starts_at"], name="occurrence_start"),)

    def __str__(self) -> str:
        return f"{self.event_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def state(self) -> str:
        """Whether it takes place as announced: what is said of it, unless its event as a whole is off."""
        whole = self.event.status
        return whole if whole in {Event.Status.CANCELLED, Event.Status.POSTPONED} else self.status or whole

    @property
    def state_label(self) -> str:
        """« Annulé », « Déplacé »; nothing for what is as announced."""
        return "" if self.state == Event.Status.PLANNED else str(Event.Status(self.state).label)

    @property
    def is_off(self) -> bool:
        """Whether nobody should come at this time."""
        return self.state in {Event.Status.CANCELLED, Event.Status.POSTPONED}

    @property
    def where(self) -> str:
        """The name of the place where it is held."""
        return self.venue or self.event.venue

    @property
    def closes_at(self) -> datetime:
        """When it is over, said or supposed."""
        return self.ends_at or self.starts_at + (timedelta(days=1) if self.all_day else USUAL)

    @property
    def first_day(self) -> date:
        """The day it begins, in the territory."""
        return timezone.localtime(self.starts_at).date()

    @property
    def last_day(self) -> date:
        """The day it ends, in the territory; the eve when it ends at midnight."""
        return max(self.first_day, timezone.localtime(self.closes_at - timedelta(microseconds=1)).date())

    @property
    def when(self) -> str:
        """« mardi 24 novembre, 18 h 30 – 21 h », « du mardi 24 au jeudi 26 novembre »."""
        if not self.all_day:
            return day_range(self.starts_at, self.ends_at)
        if self.last_day == self.first_day:
            return day(self.first_day)
        return day_range(self.starts_at, self.closes_at - timedelta(microseconds=1))


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

    def beginning(self, first: date, last: date) -> "ShowingQuerySet":
        """What begins on the days `first` to `last`, both included."""
        opens = datetime.combine(first, time.min, timezone.get_current_timezone())
        return self.between(first, last).filter(starts_at__gte=opens)

    def announced_by(self, voice: Voice) -> "ShowingQuerySet":
        """What `voice` announces, each time once."""
        return self.filter(occurrence__event__publication__voice=voice, zone=F("occurrence__event__commune"))

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

    def shown(self) -> "ShowingQuerySet":
        """With what an agenda row needs, in the same statement."""
        event = "occurrence__event"
        joined = self.select_related(f"{event}__publication__voice__zone", f"{event}__commune")
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
