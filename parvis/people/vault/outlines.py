"""What a shape is made of, in the units of the vault."""

from typing import TypeAlias

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

# A ten-millionth of a degree, a centimetre: whole numbers, so that no database rounds them its own way.
UNITS = 10_000_000

Ring: TypeAlias = list[tuple[int, int]]
# West, south, east, north: in degrees, and in units.
Bounds: TypeAlias = tuple[float, float, float, float]
Box: TypeAlias = tuple[int, int, int, int]


def units(degrees: float) -> int:
    """Degrees as the vault counts them."""
    return round(degrees * UNITS)


def box_of(bounds: Bounds) -> Box:
    """Bounds in degrees as the vault counts them."""
    west, south, east, north = map(units, bounds)
    return west, south, east, north


def polygons(shape: BaseGeometry) -> list[Polygon]:
    """The polygons `shape` is made of, in units; lines and points hold nobody."""
    parts = [part for part in shapely.get_parts([shapely.force_2d(shape)]) if isinstance(part, Polygon)]
    scaled = [shapely.transform(part, lambda degrees: (degrees * UNITS).round()) for part in parts]
    return [part for part in scaled if part.area]


def rings(part: Polygon) -> list[Ring]:
    """Its outline, then its holes."""
    return [[(int(x), int(y)) for x, y in ring.coords] for ring in (part.exterior, *part.interiors)]
