"""Inside a commune: streets, addresses and parcels, as public files give them. Never who lives or owns there.

A département has 500,000 addresses and 1,200,000 parcels: rows are narrow, and no index is there that nobody reads.
"""

import re

import shapely
from django.db import models
from django.db.models import Q
from shapely.geometry.base import BaseGeometry

from parvis.core.text import fold
from parvis.territory.models.zones import Zone

# What people write short, and what files then hold; a beginning of the word is found without this.
SHORT = {
    "bd": "boulevard",
    "bld": "boulevard",
    "bvd": "boulevard",
    "fg": "faubourg",
    "gal": "general",
    "mal": "marechal",
    "rte": "route",
    "st": "saint",
    "ste": "sainte",
    "zac": "zone",
}
# « 12 bis », « 12b », « 12 »; at the start of what is typed, or at its end.
# What a street is, which has no capital after a number: « 12 rue des Tilleuls ».
WAYS = re.compile(
    r"(Allée|Avenue|Boulevard|Chemin|Cité|Clos|Cour|Cours|Faubourg|Impasse|Mail|Passage|Place|Quai|Résidence|Route|Rue"
    r"|Ruelle|Sente|Sentier|Square|Venelle|Villa|Voie)\b"
)
NUMBER = r"(?P<number>\d{1,5}) ?(?P<suffix>bis|ter|quater|quinquies|[a-z])?"
FIRST, LAST = re.compile(rf"^{NUMBER}(?: |$)(?P<words>.*)$"), re.compile(rf"^(?P<words>.*) {NUMBER}$")
MOST_WORDS = 8


class StreetQuerySet(models.QuerySet["Street"]):
    """Streets, asked in sentences."""

    def in_commune(self, zone: Zone) -> "StreetQuerySet":
        """Those of one commune."""
        return self.filter(commune=zone)

    def within_box(self, west: float, south: float, east: float, north: float) -> "StreetQuerySet":
        """Those whose box meets this one (degrees). Ask it of one commune."""
        return self.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south)

    def named(self, text: str) -> "StreetQuerySet":
        """Those with words beginning like each of `text`, whose number is left aside; best first."""
        words = split(text).words
        if not words:
            return self.none()
        starts = models.Case(models.When(search_name__startswith=words, then=0), default=1)
        return self.filter(_words(words, "")).order_by(starts, "search_name", "part")


class Street(models.Model):
    """A street, a place or a lieu-dit, as the address files of its commune name it; its middle, and its box."""

    commune = models.ForeignKey(Zone, models.CASCADE, related_name="streets", db_index=False)
    name = models.CharField(max_length=200)
    search_name = models.CharField(max_length=200)
    # The former commune it lies in: a new commune may have several « rue de l’Église ».
    part = models.CharField(max_length=100, blank=True)
    lon = models.FloatField()
    lat = models.FloatField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    objects = StreetQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["commune", "search_name", "part"], name="street_once"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.part})" if self.part else self.name

    @property
    def after_number(self) -> str:
        """« rue des Tilleuls », as it is said after a number."""
        said = str(self)
        return said[:1].lower() + said[1:] if WAYS.match(said) else said


class AddressQuerySet(models.QuerySet["Address"]):
    """Addresses, asked in sentences."""

    def in_commune(self, zone: Zone) -> "AddressQuerySet":
        """Those of one commune, each with its street."""
        return self.filter(street__commune=zone).select_related("street")

    def named(self, text: str) -> "AddressQuerySet":
        """Those of the number, in the streets of the words, that `text` begins to say: « 12 rue des tis »."""
        asked = split(text)
        if not asked.words:
            return self.none()
        found = self.filter(_words(asked.words, "street__"))
        if asked.number is not None:
            found = found.filter(number=asked.number)
        if asked.suffix:
            found = found.filter(suffix__startswith=asked.suffix)
        starts = models.Case(models.When(street__search_name__startswith=asked.words, then=0), default=1)
        return found.order_by(starts, "street__search_name", "street__part", "number", "suffix")


class Address(models.Model):
    """A number of a street, and where its door is (degrees, WGS 84)."""

    street = models.ForeignKey(Street, models.CASCADE, related_name="addresses", db_index=False)
    number = models.PositiveSmallIntegerField()
    # « bis », « a »: lower case.
    suffix = models.CharField(max_length=12, blank=True)
    lon = models.FloatField()
    lat = models.FloatField()
    # Codes of parcels separated by spaces, when the file gives them.
    parcels = models.CharField(max_length=150, blank=True)

    objects = AddressQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["street", "number", "suffix"], name="address_once"),)

    def __str__(self) -> str:
        return f"{self.label} {self.street.after_number}"

    @property
    def label(self) -> str:
        """« 12 bis »."""
        return f"{self.number} {self.suffix}".strip()

    def standing_point(self) -> tuple[float, float]:
        """A point (lon, lat) inside its first known parcel: a door is often on its edge, or a step outside it."""
        door = shapely.points(self.lon, self.lat)
        shapes = [parcel.shape for parcel in Parcel.objects.coded(self.parcels.split())]
        if not shapes or any(shape.contains_properly(door) for shape in shapes):
            return self.lon, self.lat
        inner = shapely.point_on_surface(shapes[0])
        return shapely.get_x(inner), shapely.get_y(inner)


class ParcelQuerySet(models.QuerySet["Parcel"]):
    """Parcels, asked in sentences."""

    def in_commune(self, zone: Zone) -> "ParcelQuerySet":
        """Those of one commune, in the order of their codes."""
        return self.filter(commune=zone).order_by("code")

    def coded(self, codes: list[str]) -> "ParcelQuerySet":
        """Those with one of these codes of 14 characters, in their order."""
        return self.filter(code__in=codes).order_by("code")

    def within_box(self, west: float, south: float, east: float, north: float) -> "ParcelQuerySet":
        """Those whose box meets this one (degrees). Ask it of one commune: no index goes across them."""
        return self.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south)


class Parcel(models.Model):
    """A parcel of the cadastre: its code, its contour (WKB), and nothing of whose it is.

    The code is that of a commune (5), a prefix (3: « 000 », or the former commune), a section (2), a number (4).
    """

    commune = models.ForeignKey(Zone, models.CASCADE, related_name="parcels", db_index=False)
    code = models.CharField(max_length=14)
    # Square metres, as the cadastre says and not as drawn.
    area = models.PositiveIntegerField(null=True)
    geometry = models.BinaryField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    objects = ParcelQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["code"], name="parcel_code"),)
        indexes = (models.Index(fields=["commune", "code"], name="parcel_of_commune"),)

    def __str__(self) -> str:
        return self.reference

    @property
    def prefix(self) -> str:
        """« 000 », or the former commune."""
        return self.code[5:8]

    @property
    def section(self) -> str:
        """« A », « AB »: as people write it, without the zero before a letter."""
        return self.code[8:10].lstrip("0")

    @property
    def number(self) -> int:
        """Its number in the section."""
        return int(self.code[10:])

    @property
    def reference(self) -> str:
        """« 60057 000 AB 12 »: what one may write for it."""
        return f"{self.code[:5]} {self.prefix} {self.section} {self.number}"

    @property
    def shape(self) -> BaseGeometry:
        """Its contour."""
        return shapely.from_wkb(bytes(self.geometry))


class Asked:
    """What someone typed of an address: the number, its suffix, and the folded words of the street."""

    __slots__ = ("number", "suffix", "words")

    def __init__(self, words: str, number: str = "", suffix: str = "") -> None:
        self.words = " ".join(words.split()[:MOST_WORDS])
        self.number = min(int(number), 32_767) if number else None
        self.suffix = suffix


def split(text: str) -> Asked:
    """The parts of what someone typed: « 12 bis, rue des Tis » is 12, bis and « rue des tis »."""
    folded = fold(text)
    found = FIRST.match(folded) or LAST.match(folded)
    if found is None or not found["words"].strip():
        return Asked(folded)
    return Asked(found["words"], found["number"], found["suffix"] or "")


def _words(words: str, path: str) -> Q:
    """Streets with a word that begins by each of `words`."""
    found = Q()
    for word in words.split():
        either = Q(**{f"{path}search_name__startswith": word}) | Q(**{f"{path}search_name__contains": f" {word}"})
        if long := SHORT.get(word):
            either |= Q(**{f"{path}search_name__contains": long})
        found &= either
    return found
