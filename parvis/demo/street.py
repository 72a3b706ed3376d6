"""A street that exists nowhere, drawn from numbers alone in one commune: forty parcels, forty doors, odd and even.

And the neighbourhood around it, as an operator would draw it.
"""

import math

import shapely
from django.db.models import F
from shapely.geometry.base import BaseGeometry

from parvis.core.text import fold
from parvis.territory import current
from parvis.territory.files import quartiers
from parvis.territory.files.report import Report
from parvis.territory.files.stage import Stage
from parvis.territory.geometry import buffered, street_shape
from parvis.territory.models import Address, Parcel, Street, Territory, Zone

NAME, QUARTIER = "Rue des Tilleuls (fictive)", "Les Tilleuls (fictif)"
# The cadastre knows no prefix 999 nor section ZZ: nobody takes these parcels for real ones.
PREFIX, SECTION = "999", "ZZ"
HOUSES = 20
AROUND = 120
# Metres: the front of a parcel, its depth, half of the road, and how far the road winds.
FRONT, DEPTH, ROAD, BEND = 15.5, 32.0, 5.0, 24.0
LENGTH = HOUSES * FRONT
# Which way it runs, from the east.
SLANT = math.radians(24)
METRES_PER_DEGREE = 111_200.0

Point = tuple[float, float]


def draw_street(commune: Zone) -> Street:
    """The street with its parcels and doors, in the middle of the commune. The same commune gives the same street."""
    parcels = [_parcel(commune, side, house) for side in (1, -1) for house in range(HOUSES)]
    Parcel.objects.bulk_create(parcels)
    doors = [
        _degrees(commune, _beside(_along(house + 0.5), side, ROAD + 1)) for side in (1, -1) for house in range(HOUSES)
    ]
    west, south, east, north = shapely.bounds(shapely.multipoints(doors))
    street = Street.objects.create(
        commune=commune,
        name=NAME,
        search_name=fold(NAME),
        lon=(west + east) / 2,
        lat=(south + north) / 2,
        west=west,
        south=south,
        east=east,
        north=north,
    )
    # Odd numbers on one side, even ones on the other.
    numbers = [2 * house + side for side in (1, 2) for house in range(HOUSES)]
    Address.objects.bulk_create(
        Address(street=street, number=number, lon=lon, lat=lat, parcels=parcel.code)
        for number, (lon, lat), parcel in zip(numbers, doors, parcels, strict=True)
    )
    return street


def draw_quartier(street: Street) -> None:
    """The neighbourhood around the street."""
    shape = buffered(street_shape(street), AROUND)
    with Stage() as stage:
        stage.put(street.commune_id, fold(QUARTIER), (QUARTIER, Zone.Nature.QUARTIER.value, shapely.to_wkb(shape)))
        quartiers.write(stage, Report(QUARTIER))
    Territory.objects.update(version=F("version") + 1)
    current.forget()


def _parcel(commune: Zone, side: int, house: int) -> Parcel:
    front = [_beside(_along(house + step), side, ROAD) for step in (0, 0.5, 1)]
    back = [_beside(_along(house + step), side, ROAD + DEPTH) for step in (1, 0.5, 0)]
    shape: BaseGeometry = shapely.polygons([_degrees(commune, point) for point in [*front, *back]])
    west, south, east, north = shape.bounds
    number = house + 1 + (HOUSES if side < 0 else 0)
    return Parcel(
        commune=commune,
        code=f"{commune.code}{PREFIX}{SECTION}{number:04}",
        area=round(FRONT * DEPTH),
        geometry=shapely.to_wkb(shape),
        west=west,
        south=south,
        east=east,
        north=north,
    )


def _along(house: float) -> float:
    """How far from its beginning the street passes this house."""
    return house * FRONT


def _beside(at: float, side: int, away: float) -> Point:
    """The point so far from the road's middle, in metres from the middle of the street."""
    turn = 2 * math.pi / LENGTH
    slope = math.atan(BEND * turn * math.cos(turn * at))
    east = at - LENGTH / 2 - math.sin(slope) * side * away
    north = BEND * math.sin(turn * at) + math.cos(slope) * side * away
    return (
        east * math.cos(SLANT) - north * math.sin(SLANT),
        east * math.sin(SLANT) + north * math.cos(SLANT),
    )


def _degrees(commune: Zone, point: Point) -> Point:
    lon, lat = commune.lon or 0.0, commune.lat or 0.0
    east, north = point
    return (
        round(lon + east / (METRES_PER_DEGREE * math.cos(math.radians(lat))), 7),
        round(lat + north / METRES_PER_DEGREE, 7),
    )
