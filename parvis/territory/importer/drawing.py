"""The map of the territory as inline SVG: one link per commune, drawn once at import."""

import math
from collections.abc import Iterable
from html import escape
from itertools import pairwise

import numpy as np
import shapely
from shapely import Geometry

from parvis.territory.importer.zones import Draft, union
from parvis.territory.models import PATHS, Zone

WIDTH = 1000
MARGIN = 6
# Above this number of communes, the map shows intercommunalités; of intercommunalités, départements.
MOST_COMMUNES, MOST_EPCIS = 1000, 600
# Bytes, before compression: the map is part of the home page. Contours are drawn more coarsely until it holds.
HEAVIEST = 125_000
COARSENESS = (1.0, 2.0, 3.0, 4.5, 6.0, 8.0)

# Names of the most populated communes, kept this far from one another (a line of letters, a column of names).
MOST_NAMES = 9
NAME_WIDTH, NAME_HEIGHT = 190, 45
LETTER = 9
# Points on the drawing: narrower than this, what lies between two contours is not outside.
GAP = 1

Point = tuple[int, int]


def draw(drafts: list[Draft], slugs: dict[tuple[str, str], str], label: str) -> str:
    """The SVG of the zones one lives in, else of their EPCI or départements if too many; empty without any contour.

    Classes: `map` the drawing, `map-zone` the links, `around` what is outside, `inner` borders of EPCI, `outer`
    the border of the territory, `map-names` the main communes. Links are out of the tab order: the search of a
    commune leads to the same pages.
    """
    zones = [draft for draft in drafts if draft.joinable and draft.shape is not None]
    if not zones:
        return ""
    groups = _groups(drafts)
    if len(zones) > MOST_COMMUNES:
        epcis = {draft.code for draft in drafts if draft.kind == Zone.Kind.EPCI}
        zones = _epcis(drafts, zones) if len(epcis) <= MOST_EPCIS else _departements(drafts)
    around = [draft for draft in drafts if draft.is_context and draft.shape is not None]
    around = around if len(around) <= MOST_COMMUNES // 2 else []
    project = _Projection([draft.shape for draft in zones])
    flat = np.array([project(draft.shape) for draft in [*zones, *around]])
    closing = _names(zones, flat, project.width) + "</svg>"
    svg = ""
    for tolerance in COARSENESS:
        rings = [_rings(shape) for shape in shapely.coverage_simplify(flat, tolerance)]
        svg = _svg(zones, rings, groups, slugs, (_opening(project, label), closing))
        if len(svg.encode()) <= HEAVIEST:
            break
    return svg


def _groups(drafts: list[Draft]) -> dict[str, str]:
    """The EPCI of each commune one may draw, the région of each département, by code."""
    found: dict[str, str] = {}
    regions = [draft for draft in drafts if draft.kind == Zone.Kind.REGION]
    for departement in (draft for draft in drafts if draft.kind == Zone.Kind.DEPARTEMENT):
        around = (region.code for region in regions if departement.extent.whole <= region.extent.whole)
        found[departement.code] = next(around, "")
    for epci in (draft for draft in drafts if draft.kind == Zone.Kind.EPCI):
        found |= dict.fromkeys([*epci.extent.whole, epci.code], epci.code)
    return found


def _epcis(drafts: list[Draft], zones: list[Draft]) -> list[Draft]:
    """One shape per EPCI, of its communes in the territory only; communes without EPCI stay themselves."""
    members: dict[str, list[Draft]] = {}
    groups = _groups(drafts)
    for zone in zones:
        members.setdefault(groups.get(zone.code, zone.code), []).append(zone)
    drawn = {Zone.Kind.EPCI, Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT}
    by_code = {draft.code: draft for draft in drafts if draft.kind in drawn}
    return [
        Draft(by_code[code].kind, code, by_code[code].name, shape=union([zone.shape for zone in found if zone.shape]))
        for code, found in members.items()
    ]


def _departements(drafts: list[Draft]) -> list[Draft]:
    """Those of the mainland and Corsica: a drawing that held the overseas ones would show nothing but the ocean."""
    found = [draft for draft in drafts if draft.kind == Zone.Kind.DEPARTEMENT and draft.shape is not None]
    return [draft for draft in found if not draft.code.startswith("97")] or found


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
    plan = f"{project.west:.5f} {project.north:.5f} {project.squeeze * project.scale:.3f} {project.scale:.3f}"
    return f'<svg class="map" viewBox="{box}" data-plan="{plan}" role="group" aria-label="{escape(label)}">'


def _svg(
    zones: list[Draft],
    rings: list[list[list[Point]]],
    groups: dict[str, str],
    slugs: dict[tuple[str, str], str],
    ends: tuple[str, str],
) -> str:
    links = "".join(
        f'<a href="/{PATHS[zone.kind]}/{slugs[zone.key]}-{zone.code}/" tabindex="-1">'
        f'<title>{escape(zone.name)}</title><path d="{_closed(parts)}"/></a>'
        for zone, parts in zip(zones, rings, strict=False)
    )
    outside = "".join(_closed(parts) for parts in rings[len(zones) :])
    inner = _borders([groups.get(zone.code, "") for zone in zones], rings)
    outer = _outline(rings[: len(zones)])
    lines = (("around", outside), ("inner", inner), ("outer", outer))
    drawn = {name: f'<path class="{name}" d="{path}"/>' if path else "" for name, path in lines}
    opening, closing = ends
    return f'{opening}{drawn["around"]}<g class="map-zone">{links}</g>{drawn["inner"]}{drawn["outer"]}{closing}'


def _names(zones: list[Draft], flat: Iterable[Geometry], width: int) -> str:
    """A dot and a name on the most populated communes, where they can be read; the links already say them aloud."""
    communes = [(zone, shape) for zone, shape in zip(zones, flat, strict=False) if zone.kind == Zone.Kind.COMMUNE]
    placed: list[Point] = []
    drawn = ""
    for zone, shape in sorted(communes, key=lambda pair: -(pair[0].population or 0)):
        x, y = (round(value) for value in shapely.get_coordinates(shapely.centroid(shape))[0])
        half = len(zone.name) * LETTER
        apart = all(abs(x - px) > NAME_WIDTH or abs(y - py) > NAME_HEIGHT for px, py in placed)
        if apart and half < x < width - half:
            placed.append((x, y))
            drawn += f'<g><circle data-zone="{zone.code}" cx="{x}" cy="{y}" r="6"/>'
            drawn += f'<text x="{x}" y="{y - 20}">{escape(zone.name)}</text></g>'
        if len(placed) == MOST_NAMES:
            break
    return f'<g class="map-names" aria-hidden="true">{drawn}</g>' if len(placed) > 1 else ""


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


def _borders(groups: list[str], rings: list[list[list[Point]]]) -> str:
    """Path data of the borders between groups of zones."""
    sides: dict[frozenset[Point], set[str]] = {}
    for group, parts in zip(groups, rings, strict=False):
        for ring in parts:
            for one, other in zip(ring, [*ring[1:], ring[0]], strict=True):
                sides.setdefault(frozenset((one, other)), set()).add(group)
    return _merged([edge for edge, found in sides.items() if len(found) > 1])


def _outline(rings: list[list[list[Point]]]) -> str:
    """Path data of the border of them all. The source has a few contours that miss each other: gaps are closed."""
    shapes = shapely.buffer([shapely.Polygon(ring) for parts in rings for ring in parts], GAP, join_style="mitre")
    return _closed(_rings(shapely.buffer(shapely.union_all(shapes), -GAP, join_style="mitre")))


def _merged(edges: list[frozenset[Point]]) -> str:
    if not edges:
        return ""
    lines = shapely.line_merge(shapely.multilinestrings([sorted(edge) for edge in edges]))
    parts = shapely.get_parts(lines)
    return "".join(_path([(round(x), round(y)) for x, y in shapely.get_coordinates(line)]) for line in parts)
