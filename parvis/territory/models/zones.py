"""Zones of France: names, codes, shapes, what contains what, and the town hall of each commune."""

import math
from collections.abc import Sequence

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.core.text import fold
from parvis.territory import names

KM_PER_DEGREE = 111.2


def away_from(zone: "Zone", path: str) -> models.expressions.Combinable:
    """The square of the km from the middle of `zone` to those of the zones that `path` leads to, true to 1 % nearby."""
    lat, lon = zone.lat or 0.0, zone.lon or 0.0
    north = (models.F(f"{path}lat") - lat) * KM_PER_DEGREE
    east = (models.F(f"{path}lon") - lon) * (KM_PER_DEGREE * math.cos(math.radians(lat)))
    return models.ExpressionWrapper(north * north + east * east, models.FloatField())


class ZoneQuerySet(models.QuerySet["Zone"]):
    """Zones, asked in sentences."""

    def current(self) -> "ZoneQuerySet":
        """Those of the territory itself that still exist: no neighbour shown for context."""
        return self.filter(is_context=False, ended_on=None)

    def joinable(self) -> "ZoneQuerySet":
        """Communes (and arrondissements of Paris, Lyon, Marseille) one can live in."""
        return self.filter(joinable=True)

    def addressed(self, kinds: Sequence[str], code: str) -> "ZoneQuerySet":
        """Those whose address holds `code`: current ones, and those that joined another, which the address leads to."""
        if list(kinds) == [Zone.Kind.CIRCONSCRIPTION] and "-" not in code:
            code = f"{code[:-2]}-{code[-2:]}"
        return self.filter(Q(ended_on=None) | Q(successor__isnull=False), kind__in=kinds, code=code)

    def joined(self) -> "ZoneQuerySet":
        """Those that ended and whose place another took."""
        return self.filter(ended_on__isnull=False, successor__isnull=False)

    def paged(self) -> "ZoneQuerySet":
        """Those that have a page of their own: the address of a commune that joined another is the other's."""
        joined = Zone.objects.joined().of_kind(Zone.Kind.COMMUNE).filter(code=models.OuterRef("code"))
        return self.exclude(models.Exists(joined), kind=Zone.Kind.DELEGUEE)

    def of_kind(self, *kinds: str) -> "ZoneQuerySet":
        """Those of these kinds."""
        return self.filter(kind__in=kinds)

    def largest(self) -> "ZoneQuerySet":
        """The most peopled first, of those whose people are counted: nobody counts those of Mayotte."""
        return self.filter(population__gte=0).order_by("-population")

    def containing(self, zone: "Zone") -> "ZoneQuerySet":
        """Those that contain `zone` wholly, itself included."""
        return self.filter(parts__part=zone, parts__relation=ZoneLink.Relation.WITHIN)

    def touching(self, zone: "Zone") -> "ZoneQuerySet":
        """Those that contain `zone`, wholly or in part, itself included."""
        return self.filter(parts__part=zone)

    def from_files(self) -> "ZoneQuerySet":
        """Those that registers give, and update: not what an operator drew."""
        return self.exclude(kind=Zone.Kind.QUARTIER)

    def inside(self, zone: "Zone") -> "ZoneQuerySet":
        """Those wholly within `zone`, itself included."""
        return self.filter(wholes__whole=zone, wholes__relation=ZoneLink.Relation.WITHIN)

    def overlapping(self, zone: "Zone") -> "ZoneQuerySet":
        """Those within `zone`, wholly or in part, itself included."""
        return self.filter(wholes__whole=zone)

    def named(self, text: str) -> "ZoneQuerySet":
        """Those with words beginning like each of `text`, or a postal code beginning by it; best first."""
        words = fold(text)
        if not words:
            return self.none()
        if words.isdigit():
            codes = PostalCode.objects.filter(code__gte=words, code__lte=words + "9" * 5).order_by().values("zone")
            either = codes.union(Zone.objects.filter(code=words, kind__in=Zone.Kind.values).order_by().values("pk"))
            return self.filter(pk__in=either).order_by("name")
        starts = models.Case(
            models.When(search_name=words, then=0),
            models.When(search_name__startswith=words, then=1),
            default=2,
            output_field=models.SmallIntegerField(),
        )
        found = self.filter(pk__in=ZoneName.objects.filter(names.searched(words)).values("zone"))
        return found.annotate(distance=starts).order_by(
            "distance", models.F("population").desc(nulls_last=True), "name"
        )

    def within_reach(self, zone: "Zone", reach: int) -> "ZoneQuerySet":
        """Those whose middle is at most `reach` km from that of `zone`; none when nobody knows where it is."""
        if zone.lat is None or zone.lon is None:
            return self.none()
        degrees = reach / KM_PER_DEGREE
        around = self.filter(lat__range=(zone.lat - degrees, zone.lat + degrees))
        return around.annotate(away=away_from(zone, "")).filter(models.Q(away__lte=reach * reach))

    def drawn(self) -> "ZoneQuerySet":
        """Without their contours, which no page reads and which weigh more than all the rest."""
        return self.defer("geometry")


class Zone(models.Model):
    """A piece of territory. `code` is the INSEE code, the SIREN of an EPCI, or our own.

    Ours are those of the whole territory, and of what operators draw: « 60057Q3 » is the third of commune 60057.
    """

    class Kind(models.TextChoices):
        """What a zone is."""

        REGION = "region", _("région")
        DEPARTEMENT = "departement", _("département")
        EPCI = "epci", _("intercommunalité")
        CANTON = "canton", _("canton")
        CIRCONSCRIPTION = "circonscription", _("circonscription")
        COMMUNE = "commune", _("commune")
        ARRONDISSEMENT = "arrondissement", _("arrondissement")
        DELEGUEE = "deleguee", _("commune déléguée")
        QUARTIER = "quartier", _("quartier")
        TERRITOIRE = "territoire", _("territoire")

    class Nature(models.TextChoices):
        """What the operator calls a zone of their own, whose kind is `QUARTIER`."""

        QUARTIER = "quartier", _("quartier")
        HAMEAU = "hameau", _("hameau")
        VILLAGE = "village", _("village")
        LOTISSEMENT = "lotissement", _("lotissement")
        RESIDENCE = "residence", _("résidence")
        ZONE_ACTIVITES = "zone-activites", _("zone d’activités")
        SECTEUR = "secteur", _("secteur")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    code = models.CharField(max_length=20)
    nature = models.CharField(max_length=16, choices=Nature.choices, blank=True)
    name = models.CharField(max_length=200)
    # INSEE's TNCC, 0 to 8: which article the name takes.
    article = models.PositiveSmallIntegerField(default=0)
    slug = models.SlugField(max_length=200, db_index=False)
    search_name = models.CharField(max_length=200)
    population = models.PositiveIntegerField(null=True)
    geometry = models.BinaryField(null=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    # Its contour was imported over the shipped one, which does not come back.
    is_finer = models.BooleanField(default=False)
    # A person may live here.
    joinable = models.BooleanField(default=False)
    # Outside the territory, kept for its name and contour only.
    is_context = models.BooleanField(default=False)
    ended_on = models.DateField(null=True)
    # Where its people and its address went once it ended; and the commune a new one was part of.
    successor = models.ForeignKey("self", models.PROTECT, related_name="former", null=True)
    parted_from = models.ForeignKey("self", models.PROTECT, related_name="parted", null=True)

    # Enough to say its name in a sentence.
    NAMED = ("kind", "nature", "name", "article")

    objects = ZoneQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "code"], name="zone_code"),
            # The kind, as text: the class above is not known to this one.
            models.CheckConstraint(condition=Q(kind="quartier") ^ Q(nature=""), name="zone_nature_of_a_quartier"),
        )
        indexes = (
            models.Index(fields=["kind", "-population"], name="zone_by_population"),
            models.Index(
                fields=["kind", "search_name", "is_context", "ended_on"],
                name="zone_by_name",
                condition=Q(is_context=False, ended_on=None),
            ),
            # Enough to measure distances without the rows, which hold contours.
            models.Index(fields=["kind", "lat", "lon"], name="zone_middle"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page; the home page for the zone that is the whole territory."""
        if self.kind == Zone.Kind.TERRITOIRE:
            return "/"
        # What follows the last dash is the code: « 60-01 » is written 6001 there.
        return f"/{PATHS[self.kind]}/{self.slug}-{self.code.replace('-', '')}/"

    def distance_to(self, other: "Zone") -> float | None:
        """Km between their middles, true to 1 % nearby; None when one of them is not known."""
        if self.lat is None or self.lon is None or other.lat is None or other.lon is None:
            return None
        east = (self.lon - other.lon) * math.cos(math.radians(other.lat))
        return math.hypot(self.lat - other.lat, east) * KM_PER_DEGREE

    @property
    def short_name(self) -> str:
        """The name as a list shows it: an EPCI without « Communauté de communes », a canton with its kind."""
        return names.short(self.kind, self.name)

    @property
    def of_place(self) -> str:
        """« de Beauvais », « du Havre », « de l’Oise », « du canton de Chantilly »."""
        return names.of_place(self.nature or self.kind, self.name, self.article)

    @property
    def in_place(self) -> str:
        """« à Beauvais », « au Havre », « dans l’Oise », « dans le canton de Chantilly »."""
        return names.in_place(self.nature or self.kind, self.name, self.article)

    @property
    def postal_code(self) -> str:
        """Its first postal code, or nothing."""
        return min((row.code for row in self.postal_codes.all()), default="")


# First part of the public address of each kind of zone (architecture §7).
PATHS: dict[str, str] = {
    Zone.Kind.REGION: "regions",
    Zone.Kind.DEPARTEMENT: "departements",
    Zone.Kind.EPCI: "intercommunalites",
    Zone.Kind.CANTON: "cantons",
    Zone.Kind.CIRCONSCRIPTION: "circonscriptions",
    Zone.Kind.COMMUNE: "communes",
    Zone.Kind.ARRONDISSEMENT: "communes",
    Zone.Kind.DELEGUEE: "communes",
    Zone.Kind.QUARTIER: "quartiers",
}


class ZoneName(models.Model):
    """One way to begin to type the name of a zone (see names.turns)."""

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="names")
    text = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["text", "zone"], name="zone_name_once"),)

    def __str__(self) -> str:
        return self.text


class ZoneLink(models.Model):
    """`part` lies within `whole`, or crosses its border. Every zone is within itself: the closure is complete."""

    class Relation(models.TextChoices):
        """How the part lies."""

        WITHIN = "within", _("dans")
        CROSSES = "crosses", _("à cheval")

    part = models.ForeignKey(Zone, models.CASCADE, related_name="wholes", db_index=False)
    whole = models.ForeignKey(Zone, models.CASCADE, related_name="parts", db_index=False)
    relation = models.CharField(max_length=8, choices=Relation.choices)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["part", "whole"], name="zone_link_once"),)
        indexes = (models.Index(fields=["whole", "relation", "part"], name="zone_link_whole"),)

    def __str__(self) -> str:
        return f"{self.part_id} {self.relation} {self.whole_id}"


class Neighbour(models.Model):
    """Two communes that touch, once in each direction."""

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="neighbours", db_index=False)
    other = models.ForeignKey(Zone, models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["zone", "other"], name="neighbour_once"),)

    def __str__(self) -> str:
        return f"{self.zone_id} {self.other_id}"


class PostalCode(models.Model):
    """A postal code of a commune; each may have several of the other."""

    code = models.CharField(max_length=5)
    zone = models.ForeignKey(Zone, models.CASCADE, related_name="postal_codes")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["code", "zone"], name="postal_code_once"),)

    def __str__(self) -> str:
        return self.code


class TownHall(models.Model):
    """Where the mairie is, how to reach it and when it opens.

    `hours` is a list of [first weekday, last weekday, [[opens, closes], …]], weekdays in French lower case and
    times "HH:MM:SS", as the source gives them. `lon`, `lat` are null when the source puts it far outside.
    """

    zone = models.OneToOneField(Zone, models.CASCADE, primary_key=True, related_name="town_hall")
    address = models.TextField(blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.CharField(max_length=200, blank=True)
    website = models.CharField(max_length=300, blank=True)
    hours = models.JSONField(default=list)
    # ACC accessible, DEM on request, NAC not accessible, or nothing known.
    accessibility = models.CharField(max_length=3, blank=True)

    def __str__(self) -> str:
        return self.address


class ZoneMap(models.Model):
    """The map of a région or département that is only a part of the territory, drawn at import."""

    zone = models.OneToOneField(Zone, models.CASCADE, primary_key=True, related_name="map")
    svg = models.TextField()

    def __str__(self) -> str:
        return f"map {self.zone_id}"


class Territory(models.Model):
    """The one territory this site serves. `version` moves when zones change; `map_svg` is drawn at import."""

    codes = models.JSONField()
    root = models.ForeignKey(Zone, models.PROTECT, related_name="+")
    source_version = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    map_svg = models.TextField(blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="territory_single"),)

    def __str__(self) -> str:
        return self.root.name

    @property
    def name(self) -> str:
        """« Oise », « Toulouse », « Communauté d’agglomération du Beauvaisis »."""
        return self.root.name

    @property
    def in_place(self) -> str:
        """« dans l’Oise », « à Toulouse »."""
        return self.root.in_place

    @property
    def of_place(self) -> str:
        """« de l’Oise », « de Toulouse »."""
        return self.root.of_place
