"""Calendars that an organisation keeps elsewhere, what was read of them, and the events that came from there."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.agenda.models.events import Event
from parvis.people.models import Person, Voice
from parvis.territory.models import Zone

# How often a subscribed calendar is read again, and how late at most when it does not answer.
EVERY, LATEST = timedelta(hours=6), timedelta(days=7)


class SourceQuerySet(models.QuerySet["Source"]):
    """Calendars kept elsewhere, asked in sentences."""

    def open_to(self, person: Person) -> "SourceQuerySet":
        """Those of the voices `person` speaks in: what they are, and the secrets of their addresses, is theirs."""
        return self.filter(voice__in=Voice.objects.spoken_by(person))

    def due(self, now: datetime) -> "SourceQuerySet":
        """Those to read again, the longest waiting first."""
        return self.filter(state=Source.State.FOLLOWED, next_at__lte=now).order_by("next_at", "pk")


class Source(models.Model):
    """A calendar kept elsewhere: the address it is read from, or the name of a file.

    `columns` says which column of a table is what; `different` are the keys of entries that look like an event of the
    agenda and are another. `kept_by` is the person in whose name it is read: the last who saw to it.
    """

    class State(models.TextChoices):
        """Where it is: not yet accepted, followed, or no longer."""

        NEW = "new", _("à confirmer")
        FOLLOWED = "followed", _("suivi")
        STOPPED = "stopped", _("arrêté")

    voice = models.ForeignKey(Voice, models.CASCADE, related_name="sources")
    kept_by = models.ForeignKey(Person, models.SET_NULL, related_name="+", null=True)
    name = models.CharField(_("nom"), max_length=120, blank=True)
    url = models.CharField(_("adresse"), max_length=1000, blank=True)
    kind = models.CharField(max_length=12, blank=True)
    # Where its events are when they do not say it, and what they are.
    commune = models.ForeignKey(Zone, models.PROTECT, related_name="+", null=True)
    category = models.CharField(_("catégorie"), max_length=12, choices=Event.Category.choices)
    columns = models.JSONField(default=dict, blank=True)
    different = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=60, blank=True)
    next_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SourceQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["next_at", "id"], name="source_due", condition=Q(state="followed")),
            models.Index(fields=["voice", "-id"], name="source_of_voice"),
        )

    def __str__(self) -> str:
        return self.name or self.origin

    def get_absolute_url(self) -> str:
        """Its page, for those who speak in its voice."""
        return f"/mon-espace/calendriers/{self.pk}/"

    @property
    def origin(self) -> str:
        """Where its events say that they come from: never the whole address, which may hold a secret."""
        return (urlsplit(self.url).hostname or "") if self.url else self.name

    @property
    def latest(self) -> "Reading | None":
        """What was read of it last."""
        return self.readings.defer("content").first()


class Reading(models.Model):
    """One reading of a calendar: how far it is, then what it brought and what was left out, with the reasons.

    `content` are the bytes to read, until they are in. `counts` are numbers of entries: new, changed, same, gone,
    past, left, alike, outside; `remarks` and `sample` what is shown of them.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("en attente")
        READING = "reading", _("lecture")
        READY = "ready", _("à confirmer")
        WRITING = "writing", _("écriture")
        DONE = "done", _("terminé")
        FAILED = "failed", _("échec")

    UNDER_WAY = (State.WAITING, State.READING, State.WRITING)

    source = models.ForeignKey(Source, models.CASCADE, related_name="readings", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    is_accepted = models.BooleanField(default=False)
    content = models.BinaryField(null=True)
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=60, blank=True)
    message = models.CharField(max_length=300, blank=True)
    counts = models.JSONField(default=dict)
    remarks = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["source", "-id"], name="reading_of_source"),)

    def __str__(self) -> str:
        return f"{self.source_id} {self.at:%Y-%m-%d %H:%M} {self.state}"

    @property
    def is_under_way(self) -> bool:
        """Whether it is not finished."""
        return self.state in self.UNDER_WAY


class Imported(models.Model):
    """An event that came from a calendar kept elsewhere, under its name there, as it was there last."""

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="imported")
    source = models.ForeignKey(Source, models.CASCADE, related_name="imported", db_index=False)
    key = models.CharField(max_length=300)
    digest = models.CharField(max_length=32)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "key"], name="imported_once"),)

    def __str__(self) -> str:
        return f"{self.event_id} {self.key}"
