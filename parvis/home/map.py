"""The map of the territory with what happens there this week, or with who is found there."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from parvis.territory.models import KM_PER_DEGREE

# A named commune, as the import draws it.
DOT = re.compile(r'<circle data-zone="(\w+)" cx="(-?\d+)" cy="(-?\d+)" r="6"/>')
# The opening of the drawing: its box, then the west, the north and the points per degree eastward and southward.
OPENING = re.compile(r'<svg class="map" viewBox="([^"]*)" data-plan="([^"]*)"[^>]*>')
LINK = re.compile(r'<a href="/\w+/[^"]*-(\w+)/"[^>]*><title>[^<]*</title><path ([^>]*/>)</a>')
NAMES = '<g class="map-names"'
# The whole drawing is so many points wide; a part of it, no less than so many km, and so much wider than high.
WHOLE, CLOSEST, SHAPE = 1000, 45, 1.6
# Names written on a map, so far from one another.
NAMED, NAME_WIDTH, NAME_HEIGHT = 9, 190, 45
# The middle of a name is so far under its disc.
UNDER = 15
# Discs are so much larger on a small screen, beside the map.
SMALL = 1.6


@dataclass
class Disc:
    """A place of the map: how many are found there and where that leads; placed by `chart`.

    `tight` says that a small screen, where discs are larger, has no room for it.
    """

    code: str
    name: str
    lon: float
    lat: float
    count: int
    address: str = ""
    chosen: bool = False
    x: int = 0
    y: int = 0
    size: int = 0
    named: bool = False
    tight: bool = False


@dataclass(frozen=True)
class Chart:
    """A part of the drawing of the territory: its box, the size of a point of the whole in it, its lines, its discs.

    `crowded` says that some discs are not drawn, for lack of room or because there were more than asked.
    """

    box: str
    closer: str
    lines: SafeString
    discs: list[Disc]
    crowded: bool


def with_counts(svg: str, counts: Mapping[str, int]) -> SafeString:
    """`svg` with, on each named commune of `counts` (INSEE code -> events), how many events it has."""

    def number(dot: re.Match[str]) -> str:
        code, x, y = dot.groups()
        if code not in counts:
            return dot[0]
        return f'<circle cx="{x}" cy="{y}" r="15"/><text class="number" x="{x}" y="{int(y) + 7}">{counts[code]}</text>'

    return mark_safe(DOT.sub(number, svg))  # noqa: S308 - drawn by the import from its own figures


def shows_departements(svg: str) -> bool:
    """Whether the territory is so large that the drawing holds no smaller zone."""
    return '<a href="/departements/' in svg


def chart(svg: str, discs: Iterable[Disc], around: Iterable[tuple[float, float]], most: int) -> Chart | None:
    """`svg` with the `most` greatest of `discs`, closer when there are points `around` (longitude, latitude) to show.

    None when the territory was drawn before drawings said where they are, or without any contour.
    """
    opening = OPENING.match(svg)
    if opening is None:
        return None
    west, north, eastward, southward = map(float, opening[2].split())
    shown = [((lon - west) * eastward, (north - lat) * southward) for lon, lat in around]
    left, top, wide, high = _part(shown, CLOSEST * southward / KM_PER_DEGREE, *map(float, opening[1].split()))
    closer = wide / WHOLE
    inside: list[Disc] = []
    crowded = False
    for disc in sorted(discs, key=lambda disc: (not disc.chosen, -disc.count, disc.code)):
        disc.x, disc.y = round((disc.lon - west) * eastward), round((north - disc.lat) * southward)
        disc.size = round(14 + 5 * math.log10(disc.count))
        if not (left < disc.x < left + wide and top < disc.y < top + high):
            continue
        if len(inside) < most and all(_apart(disc, other, closer) for other in inside):
            disc.tight = any(not _apart(disc, other, closer * SMALL) for other in inside if not other.tight)
            inside.append(disc)
        else:
            crowded = True
    _name(inside, closer, left, left + wide, top + high)
    chosen = {disc.code for disc in inside if disc.chosen}

    def outline(link: re.Match[str]) -> str:
        mark = ' class="chosen"' if link[1] in chosen else ""
        return f"<path{mark} {link[2]}"

    lines = LINK.sub(outline, svg[opening.end() :].split(NAMES, maxsplit=1)[0].removesuffix("</svg>"))
    box = f"{left:.0f} {top:.0f} {wide:.0f} {high:.0f}"
    return Chart(box, f"{closer:.3f}", mark_safe(lines), inside, crowded)  # noqa: S308 - as above


def _part(shown: list[tuple[float, float]], closest: float, *whole: float) -> tuple[float, float, float, float]:
    """Left, top, width and height of the box that shows these points, inside the whole; no narrower than `closest`."""
    left, top, wide, high = whole
    if not shown:
        return left, top, wide, high
    (west, east), (north, south) = ((min(line), max(line)) for line in zip(*shown, strict=True))
    width = max(closest, (east - west) * 1.3, (south - north) * 1.3 * SHAPE)
    if width >= wide:
        return left, top, wide, high
    height = min(width / SHAPE, high)
    return (
        min(max((west + east - width) / 2, left), left + wide - width),
        min(max((north + south - height) / 2, top), top + high - height),
        width,
        height,
    )


def _apart(one: Disc, other: Disc, closer: float) -> bool:
    """Whether both can be read: they may touch, not hide each other."""
    return math.hypot(one.x - other.x, one.y - other.y) > (one.size + other.size) * closer


def _name(discs: list[Disc], closer: float, left: float, right: float, bottom: float) -> None:
    """Name the greatest, where it can be read; the links say the name of each aloud."""
    placed: list[Disc] = []
    for disc in discs:
        half = len(disc.name) * 6 * closer
        apart = all(
            abs(disc.x - one.x) > NAME_WIDTH * closer or abs(disc.y - one.y) > NAME_HEIGHT * closer for one in placed
        )
        below = disc.y + (disc.size + UNDER) * closer
        free = all(
            abs(other.x - disc.x) > half + other.size * closer or abs(other.y - below) > (UNDER + other.size) * closer
            for other in discs
            if other is not disc
        )
        if apart and free and left + half < disc.x < right - half and below + UNDER * closer < bottom:
            disc.named = True
            placed.append(disc)
        if len(placed) == NAMED:
            break
