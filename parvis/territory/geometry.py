"""From a point to the zones that hold it."""

from threading import Lock
from typing import NamedTuple

import shapely
from shapely import STRtree

from parvis.territory.current import current
from parvis.territory.models import Zone


class _Index(NamedTuple):
    """Shapes in memory, smallest first, with the identifiers of their zones."""

    version: tuple[object, ...]
    tree: STRtree
    ids: list[int]


class _Memory:
    index: _Index | None = None
    lock = Lock()


def zones_at(lon: float, lat: float) -> list[Zone]:
    """The current zones whose contour holds the point (degrees, WGS 84), smallest first. Contours are simplified.

    A commune split between cantons lies in the contour of none of them.
    """
    index = _index()
    if index is None:
        return []
    hits = sorted(index.tree.query(shapely.points(lon, lat), predicate="intersects"))
    ids = [index.ids[hit] for hit in hits]
    zones = Zone.objects.defer("geometry").in_bulk(ids)
    return [zones[pk] for pk in ids if pk in zones]


def _index() -> _Index | None:
    """The index of the territory as it is now, built again when its version moves."""
    territory = current()
    if territory is None:
        return None
    version = (territory.root_id, territory.version, *territory.codes)
    with _Memory.lock:
        if _Memory.index is None or _Memory.index.version != version:
            _Memory.index = _build(version)
        return _Memory.index


def _build(version: tuple[object, ...]) -> _Index:
    rows = list(Zone.objects.current().exclude(geometry=None).values_list("pk", "geometry"))
    shapes = shapely.from_wkb([bytes(geometry or b"") for _pk, geometry in rows])
    order = shapely.area(shapes).argsort(kind="stable")
    return _Index(version, STRtree(shapes[order]), [rows[position][0] for position in order])
