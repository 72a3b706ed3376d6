"""Events: what happens when and where. An event extends its publication; pages read `Showing` (showings.py)."""

from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from parvis.core.templatetags.ui import day, day_range
from parvis.people.models import Person, Voice
from parvis.publications.models import Publication
from parvis.territory.models import Zone

# What says no end is over this long after it began; nothing lasts longer than a year (R-MOD-20).
USUAL, LONGEST = timedelta(hours=2), timedelta(days=366)


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

        @classmethod
        def said(cls, access: str) -> list[str]:
            """Those of « hi mi », in words."""
            return [str(cls(need).label) for need in access.split() if need in cls.values]

    publication = models.OneToOneField(Publication, models.CASCADE, primary_key=True, related_name="event")
    category = models.CharField(_("catégorie"), max_length=12, choices=Category.choices)
    venue = models.CharField(_("lieu"), max_length=160)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    # The place of the directory that the venue names; none when it is only words.
    held_at = models.ForeignKey("agenda.Venue", models.SET_NULL, related_name="events", null=True)
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
    def cost(self) -> str:
        """« Gratuit », « 5 € », « Gratuit · sur réservation »; nothing when it is not said."""
        return "\u00a0· ".join(part for part in (say("Gratuit") if self.is_free else "", self.price) if part)

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
        return Event.Need.said(self.access)

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
    def partners(self) -> list[Voice]:
        """Those who organise it with the voice that announced it. A list prefetches `event__co_organisers__voice`."""
        return [row.voice for row in self.co_organisers.all() if row.accepted_at]

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
