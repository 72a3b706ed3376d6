"""The map of the territory as inline SVG: one link per commune, drawn once at import."""

import math
from collections.abc import Iterable
from html import escape
from itertools import pairwise

import numpy as np
import shapely
from shapely import Geometry

from parvis.territory.importer.zones import Draft
from parvis.territory.models import PATHS, Zone

WIDTH = 1000
MARGIN = 6
# Above this number of communes, the map shows intercommunalités.
MOST_COMMUNES = 1000
# Bytes, before compression: the map is part of the home page. Contours are drawn more coarsely until it holds.
HEAVIEST = 110_000
COARSENESS = (1.0, 3.0, 4.5, 6.0, 8.0, 10.0)

Point = tuple[int, int]


def draw(drafts: list[Draft], slugs: dict[tuple[str, str], str], label: str) -> str:
    """The SVG of the zones one lives in, or of their EPCI when they are too many; empty without any contour.

    Classes: `map` the drawing, `map-zone` the links, `around` what is outside, `inner` borders of EPCI, `outer`
    the border of the territory. Links are out of the tab order: the search of a commune leads to the same pages.
    """
    zones = [draft for draft in drafts if draft.joinable and draft.shape is not None]
    if not zones:
        return ""
    groups = _groups(drafts)
    if len(zones) > MOST_COMMUNES:
        zones = _epcis(drafts, zones)
    around = [draft for draft in drafts if draft.is_context and draft.shape is not None]
    around = around if len(around) <= MOST_COMMUNES // 2 else []
    project = _Projection([draft.shape for draft in zones])
    flat = np.array([project(draft.shape) for draft in [*zones, *around]])
    svg = ""
    for tolerance in COARSENESS:
        rings = [_rings(shape) for shape in shapely.coverage_simplify(flat, tolerance)]
        svg = _svg(zones, rings, groups, slugs, _opening(project, label))
        if len(svg.encode()) <= HEAVIEST:
            break
    return svg


def _groups(drafts: list[Draft]) -> dict[str, str]:
    """The EPCI of each zone one may draw, by code."""
    found: dict[str, str] = {}
    for epci in (draft for draft in drafts if draft.kind == Zone.Kind.EPCI):
        found |= dict.fromkeys([*epci.extent.whole, epci.code], epci.code)
    return found


def _epcis(drafts: list[Draft], zones: list[Draft]) -> list[Draft]:
    """One shape per EPCI, of its communes in the territory only; communes without EPCI stay themselves."""
    members: dict[str, list[Draft]] = {}
    groups = _groups(drafts)
    for zone in zones:
        members.setdefault(groups.get(zone.code, zone.code), []).append(zone)
    by_code = {draft.code: draft for draft in drafts if draft.kind in {Zone.Kind.EPCI, Zone.Kind.COMMUNE}}
    return [
        Draft(by_code[code].kind, code, by_code[code].name, shape=shapely.coverage_union_all([m.shape for m in found]))
        for code, found in members.items()
    ]


class _Projection:
    """Degrees to a drawing `WIDTH` wide, north up, true at its middle latitude."""

    def __init__(self, shapes: list[Geometry | None]) -> None:
        west, south, east, north = shapely.total_bounds(shapes)
        self.squeeze = math.cos(math.radians((south + north) / 2))
        self.scale = WIDTH / max((east - west) * self.squeeze, north - south)
        self.west, self.north = west, north
        self.height = round((north - south) * self.scale)
        self.width = round((east - west) * self.squeeze * self.scale)

    def __call__(self, shape: Geometry | None) -> Geometry | None:
        origin, factors = (self.west, self.north), (self.squeeze * self.scale, -self.scale)
        return shapely.transform(shape, lambda points: (points - origin) * factors)


def _opening(project: _Projection, label: str) -> str:
    box = f"{-MARGIN} {-MARGIN} {project.width + 2 * MARGIN} {project.height + 2 * MARGIN}"
    return f'<svg class="map" viewBox="{box}" role="group" aria-label="{escape(label)}">'


def _svg(
    zones: list[Draft],
    rings: list[list[list[Point]]],
    groups: dict[str, str],
    slugs: dict[tuple[str, str], str],
    opening: str,
) -> str:
    links = "".join(
        f'<a href="/{PATHS[zone.kind]}/{slugs[zone.key]}-{zone.code}/" tabindex="-1">'
        f'<title>{escape(zone.name)}</title><path d="{_closed(parts)}"/></a>'
        for zone, parts in zip(zones, rings, strict=False)
    )
    outside = "".join(_closed(parts) for parts in rings[len(zones) :])
    inner, outer = _borders([groups.get(zone.code, "") for zone in zones], rings)
    lines = (("around", outside), ("inner", inner), ("outer", outer))
    drawn = {name: f'<path class="{name}" d="{path}"/>' if path else "" for name, path in lines}
    return f'{opening}{drawn["around"]}<g class="map-zone">{links}</g>{drawn["inner"]}{drawn["outer"]}</svg>'


def _rings(shape: Geometry) -> list[list[Point]]:
    """Whole points of each ring, closing point left out; a zone smaller than one point stays one point wide."""
    found = []
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        points = [(round(x), round(y)) for x, y in shapely.get_coordinates(ring)]
        kept = [point for before, point in pairwise(points) if point != before]
        if len(kept) > 2:
            found.append(kept)
    if not found:
        x, y = (round(value) for value in shapely.get_coordinates(shapely.centroid(shape))[0])
        found.append([(x, y), (x + 1, y), (x, y + 1)])
    return found


def _closed(rings: list[list[Point]]) -> str:
    return "".join(_path(ring) + "z" for ring in rings)


def _path(points: Iterable[Point]) -> str:
    """Path data of a line: where it starts, then steps."""
    (x, y), *rest = points
    steps: list[str] = []
    start = f"M{x} {y}l"
    for nx, ny in rest:
        dx, dy = nx - x, ny - y
        steps.append(f"{'' if dx < 0 or not steps else ' '}{dx}{'' if dy < 0 else ' '}{dy}")
        x, y = nx, ny
    return start + "".join(steps)


def _borders(groups: list[str], rings: list[list[list[Point]]]) -> tuple[str, str]:
    """Path data of the borders between groups of zones, and of the border of them all."""
    sides: dict[frozenset[Point], list[str]] = {}
    for group, parts in zip(groups, rings, strict=False):
        for ring in parts:
            for one, other in zip(ring, [*ring[1:], ring[0]], strict=True):
                sides.setdefault(frozenset((one, other)), []).append(group)
    inner = [edge for edge, found in sides.items() if len(set(found)) > 1]
    outer = [edge for edge, found in sides.items() if len(found) == 1]
    return _merged(inner), _merged(outer)


def _merged(edges: list[frozenset[Point]]) -> str:
    lines = shapely.line_merge(shapely.multilinestrings([sorted(edge) for edge in edges]))
    parts = shapely.get_parts(lines)
    return "".join(_path([(round(x), round(y)) for x, y in shapely.get_coordinates(line)]) for line in parts)
