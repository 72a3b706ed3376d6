"""Metres around shapes: a plane laid on the ground at their middle, true to 1 % over a département."""

import math
from collections.abc import Iterable

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import MultiPoint
from shapely.geometry.base import BaseGeometry

from parvis.territory.geometry.reading import NotAShape
from parvis.territory.models import Street

METRES_PER_DEGREE = 111_200.0
MOST_METRES = 5_000
# Doors further apart than this are not on one stretch of a street.
GAP = 400.0


def buffered(shape: BaseGeometry, metres: float) -> BaseGeometry:
    """The surface within `metres` of the shape, 0 to MOST_METRES. Raises NotAShape for a line without margin."""
    if not 0 <= metres <= MOST_METRES:
        raise NotAShape(_("La marge va de 0 à %d mètres.") % MOST_METRES)
    if not metres:
        if not shape.area:
            raise NotAShape(_("Une ligne n’a pas de surface : donnez une marge en mètres."))
        if square_metres(shape) < 1:
            raise NotAShape(_("Ce tracé a moins d’un mètre carré : recommencez-le sur la carte."))
        return shape
    plane = _Plane(shape)
    return plane.back(_widened(plane.lay(shape), metres))


def _widened(flat: BaseGeometry, metres: float) -> BaseGeometry:
    """Each stretch widened on its own, then all made one: widened whole, a tight zigzag takes seconds."""
    parts = shapely.get_parts(flat)
    dimensions = shapely.get_dimensions(parts)
    surfaces = parts[dimensions == 2]
    lines = np.concatenate([shapely.get_rings(surfaces), parts[dimensions == 1]])
    ends, line = shapely.get_coordinates(lines, return_index=True)
    joined = line[1:] == line[:-1]
    stretches = shapely.linestrings(np.stack([ends[:-1][joined], ends[1:][joined]], axis=1))
    widened = shapely.buffer(np.concatenate([stretches, parts[dimensions == 0]]), metres, quad_segs=8)
    # Half a hundredth of the margin, as of its arcs: else there are eight points where there was one.
    return shapely.simplify(shapely.union_all(np.concatenate([surfaces, widened])), metres / 200)


def square_metres(shape: BaseGeometry) -> float:
    """The surface of the shape."""
    return float(_Plane(shape).lay(shape).area)


def street_shape(street: Street) -> BaseGeometry:
    """The lines that join the doors of a street, each to the nearest; its middle when it has no number.

    A line in its middle would be drawn better, but no file gives it: with a margin of 20 m both sides are inside.
    """
    return _joined(street.addresses.order_by("number", "suffix").values_list("lon", "lat")[:2_000]) or shapely.points(
        street.lon, street.lat
    )


def _joined(doors: Iterable[tuple[float, float]]) -> BaseGeometry | None:
    points = np.unique(np.array(list(doors), dtype=float).reshape(-1, 2), axis=0)
    if len(points) < 2:
        return shapely.points(points[0]) if len(points) else None
    doors_at = MultiPoint(points)
    plane = _Plane(doors_at)
    flat = (points - plane.origin) * plane.scale
    # Prim's tree: each door joins the nearest of those already joined.
    distance = np.full(len(flat), np.inf)
    nearest = np.zeros(len(flat), dtype=int)
    left = np.ones(len(flat), dtype=bool)
    pairs: list[tuple[int, int]] = []
    here = 0
    for _door in range(len(flat) - 1):
        left[here] = False
        away = np.hypot(*(flat - flat[here]).T)
        closer = left & (away < distance)
        distance[closer], nearest[closer] = away[closer], here
        here = int(np.where(left, distance, np.inf).argmin())
        if distance[here] <= GAP:
            pairs.append((int(nearest[here]), here))
    if not pairs:
        return doors_at
    lines = shapely.linestrings([[points[one], points[other]] for one, other in pairs])
    # A door far from all others stays a point.
    return shapely.union_all([*lines, doors_at])


class _Plane:
    """Degrees to metres from the middle of a shape, and back."""

    def __init__(self, shape: BaseGeometry) -> None:
        west, south, east, north = shape.bounds
        self.origin = np.array([(west + east) / 2, (south + north) / 2])
        squeeze = math.cos(math.radians(float(self.origin[1])))
        self.scale = np.array([METRES_PER_DEGREE * squeeze, METRES_PER_DEGREE])

    def lay(self, shape: BaseGeometry) -> BaseGeometry:
        """In metres."""
        return shapely.transform(shape, lambda points: (points - self.origin) * self.scale)

    def back(self, shape: BaseGeometry) -> BaseGeometry:
        """In degrees, to the centimetre."""
        return shapely.transform(shape, lambda points: np.round(points / self.scale + self.origin, 7))
