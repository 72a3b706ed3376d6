"""Places where events are held: each is there once, with a page, and a moderator says that it is right."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.agenda.models.events import Event
from parvis.core.text import fold
from parvis.people.models import Person
from parvis.publications.models.publications import moderated_by
from parvis.territory.models import Zone, ZoneLink

# Words of a search that are looked at.
WORDS = 6


class VenueQuerySet(models.QuerySet["Venue"]):
    """Places, asked in sentences. Every page, list and feed reaches one through `visible_to`."""

    def visible_to(self, person: Person | None) -> "VenueQuerySet":
        """Those `person` (None: a visitor) may see: what waits for a moderator, to who proposed it and to them."""
        standing = self.filter(merged_into=None)
        if person is None:
            return standing.filter(opened_at__isnull=False)
        return standing.filter(Q(opened_at__isnull=False) | Q(proposed_by=person) | moderated_by(person, "commune"))

    def under(self, moderator: Person) -> "VenueQuerySet":
        """Those in the zones of `moderator`."""
        return self.filter(moderated_by(moderator, "commune"), merged_into=None)

    def to_check(self, moderator: Person) -> "VenueQuerySet":
        """Those that `moderator` could verify, the oldest first."""
        return self.under(moderator).filter(verified_at=None).order_by("created_at", "pk")

    def changeable_by(self, person: Person) -> "VenueQuerySet":
        """Those `person` may correct: moderators theirs, and who proposed one until it is verified."""
        proposed = Q(proposed_by=person, verified_at=None)
        return self.filter(proposed | moderated_by(person, "commune"), merged_into=None)

    def within(self, zone: Zone) -> "VenueQuerySet":
        """Those in the communes of `zone`."""
        return self.filter(commune__in=ZoneLink.objects.filter(whole=zone).values("part"))

    def named(self, text: str) -> "VenueQuerySet":
        """Those that have each of these words, or beginnings of words, in their name."""
        found = self
        for word in fold(text).split()[:WORDS]:
            found = found.filter(Q(search_name__startswith=word) | Q(search_name__contains=f" {word}"))
        return found

    def accessible(self, need: str) -> "VenueQuerySet":
        """Those made accessible for one disability."""
        return self.filter(access__contains=need)

    def shown(self) -> "VenueQuerySet":
        """With the commune of each, by name."""
        return self.select_related("commune").defer("commune__geometry").order_by("search_name", "pk")

    def by_name(self, communes: Iterable[int]) -> dict[tuple[int, str], "Venue"]:
        """The places of `communes` (numbers), by commune and folded name, of those that were merged too.

        A name that several bear is nobody's.
        """
        rows = self.filter(commune__in=set(communes)).filter(Q(opened_at__isnull=False) | Q(merged_into__isnull=False))
        found: dict[tuple[int, str], dict[int, Venue]] = {}
        for row in rows.select_related("merged_into").order_by("pk"):
            standing = row.merged_into or row
            found.setdefault((row.commune_id, row.search_name), {})[standing.pk] = standing
        return {said: next(iter(ones.values())) for said, ones in found.items() if len(ones) == 1}


class Venue(models.Model):
    """A place where events are held: *lieu*. `access` are needs (« hi mi »), the point is of the WGS 84.

    `opened_at` is when anyone could see it, `verified_at` when a moderator said it is right. One that turned out to be
    another leads to it by `merged_into`, and stays for its address.
    """

    name = models.CharField(_("nom"), max_length=160)
    search_name = models.CharField(max_length=160)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    commune = models.ForeignKey(Zone, models.PROTECT, related_name="venues", verbose_name=_("commune"), db_index=False)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    access = models.CharField(_("accessibilité"), max_length=20, blank=True)
    # Who proposed it is not shown.
    proposed_by = models.ForeignKey(Person, models.SET_NULL, related_name="+", null=True)
    created_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", models.CASCADE, related_name="merged", null=True)

    objects = VenueQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["commune", "search_name"], name="venue_by_name"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page; only the number counts."""
        slug = self.search_name.replace(" ", "-")
        return f"/lieux/{slug}-{self.pk}/" if slug else f"/lieux/{self.pk}/"

    @property
    def needs(self) -> list[str]:
        """The disabilities it is made accessible for."""
        return self.access.split()

    @property
    def needs_labels(self) -> list[str]:
        """The same, in words."""
        return Event.Need.said(self.access)

    @property
    def point(self) -> tuple[float, float] | None:
        """Where it is: longitude, latitude."""
        return (self.lon, self.lat) if self.lon is not None and self.lat is not None else None
