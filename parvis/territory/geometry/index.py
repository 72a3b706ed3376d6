"""From a point or a shape to the zones that hold it, by an index in memory, built again when zones change."""

from threading import Lock
from typing import NamedTuple

import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from parvis.territory.current import current
from parvis.territory.models import Zone

# Shipped contours are simplified: what lies so near (degrees, some 1,500 m) may be of the territory.
NEAR = 0.015


class _Index(NamedTuple):
    """Shapes in memory, smallest first, with the identifiers of their zones; and the whole, somewhat widened."""

    version: tuple[object, ...]
    tree: STRtree
    ids: list[int]
    whole: BaseGeometry | None


class _Memory:
    index: _Index | None = None
    lock = Lock()


def zones_at(lon: float, lat: float) -> list[Zone]:
    """The current zones whose contour holds the point, smallest first. Contours are simplified.

    A commune split between cantons lies in the contour of none of them.
    """
    return _zones(shapely.points(lon, lat))


def zones_over(shape: BaseGeometry) -> list[Zone]:
    """The current zones whose contour meets the shape, smallest first."""
    return _zones(shape)


def in_territory(shape: BaseGeometry) -> bool:
    """Whether all of the shape lies in the territory, or nearly; True when nobody knows its contour."""
    index = _index()
    return index is None or index.whole is None or bool(shapely.covers(index.whole, shape))


def forget() -> None:
    """Build the index again at the next question; for tests, which go back in time."""
    _Memory.index = None


def _zones(shape: BaseGeometry) -> list[Zone]:
    index = _index()
    if index is None:
        return []
    hits = sorted(index.tree.query(shape, predicate="intersects"))
    ids = [index.ids[hit] for hit in hits]
    zones = Zone.objects.drawn().in_bulk(ids)
    return [zones[pk] for pk in ids if pk in zones]


def _index() -> _Index | None:
    """The index of the territory as it is now, built again when its version moves."""
    territory = current()
    if territory is None:
        return None
    version = (territory.root_id, territory.version, *territory.codes)
    with _Memory.lock:
        if _Memory.index is None or _Memory.index.version != version:
            _Memory.index = _build(version, territory.root_id)
        return _Memory.index


def _build(version: tuple[object, ...], root: int) -> _Index:
    rows = list(Zone.objects.current().exclude(geometry=None).values_list("pk", "geometry"))
    shapes = shapely.from_wkb([bytes(geometry or b"") for _pk, geometry in rows])
    order = shapely.area(shapes).argsort(kind="stable")
    whole = next((shape for (pk, _geometry), shape in zip(rows, shapes, strict=True) if pk == root), None)
    if whole is not None:
        whole = shapely.buffer(whole, NEAR, quad_segs=2)
        shapely.prepare(whole)
    # A prepared shape answers for a point of a large département in microseconds.
    shapely.prepare(shapes)
    return _Index(version, STRtree(shapes[order]), [rows[position][0] for position in order], whole)
