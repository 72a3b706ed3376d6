"""Where a notice goes, worked out from what was drawn, named or listed: its exact shape, and what anyone may see of it.

Shapes are in degrees (WGS 84), lengths in metres.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from django.utils.translation import gettext as _
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from parvis.core.text import fold
from parvis.territory.geometry import buffered, square_metres, street_shape, too_many, zones_over
from parvis.territory.models import Address, Parcel, Street, Zone

POLYGON, CIRCLE, STREET, PARCELS = "polygone", "cercle", "rue", "parcelles"
# Square metres. A part that is smaller is shown by its streets, as parcels are: drawn around one house, it names its
# people; and a hole that is smaller is not shown. What is larger is more than the two streets that would name it.
SHOWN_AS_DRAWN, NAMED_BY_STREETS = 10_000, 250_000
# Points of one drawing, and of what it is once widened: lines that cross each other everywhere become a sieve.
MOST_DRAWN, MOST_WIDENED = 500, 5_000
# Doors so near a shape say what street it lies in; a street is shown so wide.
NEARBY, STREET_WIDTH = 40, 35
# Streets that a label names, doors looked at to find them, and doors below which they would name a house.
NAMED, DOORS, FEWEST = 2, 3_000, 5
# A commune that the shape only grazes is not concerned, since contours are simplified: such a share of the shape at
# most, and no further than so many metres from the communes that are.
GRAZED, STRAYED = 0.05, 100
# How French names the ways: « la rue », « le quai »; « l’ » before a vowel.
FEMININE = {"rue", "place", "ruelle", "route", "cour", "residence", "cite", "sente", "voie", "venelle", "villa"}
MASCULINE = {
    "boulevard",
    "chemin",
    "quai",
    "square",
    "passage",
    "cours",
    "hameau",
    "lotissement",
    "sentier",
    "faubourg",
}
ELIDED = {"avenue", "impasse", "allee", "esplanade"}


@dataclass(frozen=True)
class Target:
    """A drawing one may address. `label` comes after « pour »: « la rue des Tisserands et ses abords »."""

    kind: str
    shape: BaseGeometry
    public: BaseGeometry
    label: str
    communes: Sequence[Zone]
    margin: int = 0

    @property
    def is_blind(self) -> bool:
        """Bare parcels: whoever sends is told nothing of how many live there (R-PRIV-9)."""
        return self.kind == PARCELS and not self.margin


def of_drawing(drawn: BaseGeometry, margin: int, commune: Zone) -> Target:
    """Around a polygon or a line that was drawn. Raises NotAShape for a line without margin, or a scribble."""
    shape = buffered(drawn, margin)
    if shapely.get_num_coordinates(shape) > MOST_WIDENED:
        raise too_many(MOST_WIDENED)
    return _target(POLYGON, shape, margin, commune)


def of_circle(lon: float, lat: float, radius: int, commune: Zone) -> Target:
    """Within `radius` of a point."""
    return _target(CIRCLE, buffered(shapely.points(lon, lat), radius), 0, commune)


def of_street(street: Street, margin: int) -> Target:
    """Along a street, within `margin` of its doors. Raises NotAShape without margin."""
    doors = street_shape(street)
    shape = buffered(doors, margin)
    # Its doors are of its commune, wherever a simplified contour has them.
    communes = _communes(shape, street.commune, own=buffered(doors, STREET_WIDTH))
    return Target(STREET, shape, shape, _said([street.name]), communes, margin)


def of_parcels(parcels: Sequence[Parcel], margin: int, commune: Zone) -> Target:
    """On parcels of one commune, and around them."""
    whole = shapely.union_all([parcel.shape for parcel in parcels])
    return _target(PARCELS, buffered(whole, margin), margin, commune)


def _target(kind: str, shape: BaseGeometry, margin: int, commune: Zone) -> Target:
    is_small = square_metres(shape) <= NAMED_BY_STREETS
    streets = _streets(shape, commune) if is_small or kind == PARCELS else []
    is_bare = kind == PARCELS or square_metres(shape) < SHOWN_AS_DRAWN
    public = _public(streets, commune, shape) if is_bare else _shown(shape, commune)
    named = is_small and streets
    label = _said([street.name for street in streets]) if named else _("un secteur de %s") % commune.name
    communes = [commune] if kind == PARCELS and not margin else _communes(shape, commune)
    return Target(kind, shape, public, label, communes, margin)


def _shown(shape: BaseGeometry, commune: Zone) -> BaseGeometry:
    """As it was drawn, but for what is so small that it would show one house."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    shown: list[BaseGeometry] = [_filled(part) for part in parts if square_metres(part) >= SHOWN_AS_DRAWN]
    small = shapely.union_all([part for part in parts if square_metres(part) < SHOWN_AS_DRAWN])
    if not small.is_empty:
        shown.append(_public(_streets(small, commune), commune, small))
    return shapely.union_all(shown)


def _filled(part: Polygon) -> Polygon:
    """Without its small holes."""
    holes = [hole for hole in part.interiors if square_metres(Polygon(hole)) >= SHOWN_AS_DRAWN]
    return Polygon(part.exterior, holes)


def _streets(shape: BaseGeometry, commune: Zone) -> list[Street]:
    """The streets with most doors in the shape or near it, NAMED at most; none when they are a few houses alone."""
    near = buffered(shape, NEARBY)
    west, south, east, north = shapely.bounds(near)
    doors = Address.objects.filter(street__commune=commune, street__west__lte=east, street__east__gte=west)
    doors = doors.filter(street__south__lte=north, street__north__gte=south, lon__range=(west, east))
    rows = list(doors.filter(lat__range=(south, north)).values_list("street", "lon", "lat")[:DOORS])
    shapely.prepare(near)
    found = Counter(street for street, lon, lat in rows if shapely.intersects_xy(near, lon, lat))
    numbers = [street for street, _count in found.most_common(NAMED)]
    if Address.objects.filter(street__in=numbers)[:FEWEST].count() < FEWEST:
        return []
    streets = Street.objects.in_bulk(numbers)
    return [streets[number] for number in numbers]


def _public(streets: Sequence[Street], commune: Zone, shape: BaseGeometry) -> BaseGeometry:
    """Whole streets; the commune where nobody knows them."""
    if streets:
        return shapely.union_all([buffered(street_shape(street), STREET_WIDTH) for street in streets])
    contour = Zone.objects.values_list("geometry", flat=True).get(pk=commune.pk)
    return shapely.from_wkb(bytes(contour)) if contour else shapely.envelope(buffered(shape, 1_000))


def _communes(shape: BaseGeometry, commune: Zone, own: BaseGeometry | None = None) -> list[Zone]:
    """The commune said, and those that more than the edge of the shape lies in; `own` is the first's in any case."""
    over = [zone for zone in zones_over(shape) if zone.kind in {Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT}]
    rows = Zone.objects.filter(pk__in=[commune.pk, *(zone.pk for zone in over)]).exclude(geometry=None)
    contours = {
        number: shapely.from_wkb(bytes(contour or b"")) for number, contour in rows.values_list("pk", "geometry")
    }
    beyond = shape if own is None else shapely.difference(shape, own)
    parts = {zone.pk: shapely.intersection(beyond, contours[zone.pk]) for zone in over if zone.pk in contours}
    found = {commune.pk, *(number for number, part in parts.items() if part.area > GRAZED * shape.area)}
    ground = shapely.union_all([contours[number] for number in found if number in contours])
    near = buffered(ground, STRAYED) if ground.area else ground
    found |= {number for number, part in parts.items() if part.area and not shapely.covers(near, part)}
    return [commune, *(zone for zone in over if zone.pk in found and zone.pk != commune.pk)]


def _said(names: Sequence[str]) -> str:
    """« la rue des Tisserands et ses abords », « la rue du Four, le quai du Cours et leurs abords »."""
    named = [with_article(name) for name in names]
    if len(named) == 1:
        return _("%s et ses abords") % named[0]
    return _("%s et leurs abords") % ", ".join(named)


def with_article(name: str) -> str:
    """« la rue des Tisserands », « l’avenue Foch », « le quai du Cours »; a lieu-dit as it is."""
    first, _space, rest = name.partition(" ")
    kind = fold(first)
    if kind in ELIDED:
        return f"l’{first.lower()} {rest}"
    article = "la" if kind in FEMININE else "le" if kind in MASCULINE else ""
    return f"{article} {first.lower()} {rest}" if article else name
