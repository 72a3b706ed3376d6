"""The vault on PostgreSQL: functions of the schema `vault`, which may be all that the program is allowed."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from shapely.geometry import Polygon

from parvis.people.vault.outlines import Box, Ring, rings, units


class PostgreSQL:
    """What the schema `vault` offers."""

    def remember(self, place: int, person: int, lon: float, lat: float, address: str, *, now: int) -> None:
        _call("remember(%s, %s, point(%s, %s), %s, %s)", place, person, units(lon), units(lat), address, now)

    def forget(self, place: int) -> None:
        _call("forget(%s)", place)

    def addresses_of(self, person: int) -> list[Any]:
        return _rows("addresses_of(%s)", person)

    def lay(self, publication: int, shape: list[Polygon], position: int, until: int) -> None:
        _call("lay(%s, %s, %s, %s::polygon[], %s::polygon[], %s::int[])", publication, position, until, *_arrays(shape))

    def deliver(self, publication: int) -> None:
        _call("deliver(%s)", publication)

    def take_back(self, publication: int) -> None:
        _call("take_back(%s)", publication)

    def pending_for(self, person: int, now: int, most: int) -> list[Any]:
        return _rows("pending_for(%s, %s, %s)", person, now, most)

    def reached_by(self, publication: int, after: int, most: int) -> list[Any]:
        return _rows("reached_by(%s, %s, %s)", publication, after, most)

    def within(self, shape: list[Polygon]) -> list[Any]:
        return _rows("within(%s::polygon[], %s::polygon[], %s::int[])", *_arrays(shape))

    def band(self, shape: list[Polygon]) -> int:
        ((found,),) = _rows("band(%s::polygon[], %s::polygon[], %s::int[])", *_arrays(shape))
        return int(found)

    def crowded(self, boxes: list[Box], least: list[int]) -> list[Any]:
        around = "{" + ";".join(f"({w},{s}),({e},{n})" for w, s, e, n in boxes) + "}"
        return _rows("crowded(%s::box[], %s::int[])", around, least)

    def purge(self, now: int) -> None:
        _call("purge(%s)", now)


def _arrays(shape: list[Polygon]) -> tuple[str, str, list[int]]:
    """The outlines, the holes, and for each hole the rank, from 1, of the outline it is in."""
    outlines, holes, owners = [], [], []
    for rank, part in enumerate(shape, 1):
        outline, *inner = rings(part)
        outlines.append(outline)
        holes += inner
        owners += [rank] * len(inner)
    return _array(outlines), _array(holes), owners


def _array(every: Iterable[Ring]) -> str:
    """An array of polygons as PostgreSQL reads it."""
    return "{" + ",".join('"' + ",".join(f"({x},{y})" for x, y in ring) + '"' for ring in every) + "}"


def _rows(call: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM vault.{call}", values)  # noqa: S608 - our own functions
        return list(cursor.fetchall())


def _call(call: str, *values: Any) -> None:
    _rows(call, *values)
