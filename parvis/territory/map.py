"""The map of the territory with what happens there this week, who is found there, or where what a list says is held."""

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.safestring import SafeString, mark_safe

from parvis.territory.models import KM_PER_DEGREE, Territory, Zone, ZoneMap

# A named commune, as the import draws it.
DOT = re.compile(r'<circle data-zone="(\w+)" cx="(-?\d+)" cy="(-?\d+)" r="6"/>')
# The opening of the drawing: its box, then the west, the north and the points per degree eastward and southward.
OPENING = re.compile(r'<svg class="map" viewBox="([^"]*)" data-plan="([^"]*)"[^>]*>')
LINK = re.compile(r'<a href="/\w+/[^"]*-(\w+)/"[^>]*><title>[^<]*</title><path ([^>]*/>)</a>')
NAMES = '<g class="map-names"'
# The whole drawing is so many points wide; a part of it, no less than so many km, and so much wider than high.
WHOLE, CLOSEST, SHAPE = 1000, 45, 1.6
# A drawing higher than wide is held by its height: it is then drawn as if it were so much of that wide.
TALL = 0.9
# Discs and names are so much larger on a small screen, beside the map.
SMALL = 1.6
# The most names written on a map, on a large screen and on a small one.
NAMED, NAMED_SMALL = 9, 6
# Of a name: half a letter's width, half its height, how far its baseline is under its middle.
LETTER, HALF, BASELINE = 6, 13, 7
# The least room between a name and the disc of another.
CLEAR = 6
# A name stands under its disc, or else over it, at its right, at its left, or between these.
BESIDE = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1))
ANCHORS = {0: "", 1: "start", -1: "end"}


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
    tight: bool = False


@dataclass(frozen=True)
class Name:
    """A name on the map, for a small screen or a large one: it has its middle, its `start` or its `end` at (x, y)."""

    words: str
    x: int
    y: int
    anchor: str
    small: bool


@dataclass(frozen=True)
class Chart:
    """A part of the drawing of the territory: its box, the size of a point of the whole in it, its lines, its discs.

    `crowded` says that some discs are not drawn, for lack of room or because there were more than asked; `beyond` are
    those that the whole drawing does not reach.
    """

    box: str
    closer: str
    lines: SafeString
    discs: list[Disc]
    names: list[Name]
    crowded: bool
    beyond: list[Disc] = field(default_factory=list)


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


def drawing_of(territory: Territory, zone: Zone | None) -> str:
    """The drawing that shows `zone` best: that of its département or région where that of the territory is coarser.

    The drawing of the country holds nothing smaller than a département, and does not reach overseas.
    """
    if zone is None or not shows_departements(territory.map_svg):
        return territory.map_svg
    holding = ZoneMap.objects.filter(zone__in=Zone.objects.containing(zone)).order_by("zone__kind")
    return holding.values_list("svg", flat=True).first() or territory.map_svg


def chart(svg: str, discs: Iterable[Disc], around: Iterable[tuple[float, float]], most: int) -> Chart | None:
    """`svg` with the `most` greatest of `discs`, closer when there are points `around` (longitude, latitude) to show.

    None when the territory was drawn before drawings said where they are, without any contour, or elsewhere than there.
    """
    points = list(around)
    plan = _framed(svg, points, CLOSEST)
    if plan is None:
        return None
    greatest = sorted(discs, key=_greatest)
    inside = [disc for disc in greatest if plan.holds(disc)]
    reached = {disc.code for disc in inside}
    beyond = [] if points else [disc for disc in greatest if disc.code not in reached]
    shown, names = _laid(inside, plan, plan.closer, NAMED)
    shown = shown[:most]
    roomy, few = _laid(shown, plan, plan.closer * SMALL, NAMED_SMALL)
    for disc in shown:
        disc.tight = disc not in roomy
    lit = {disc.code for disc in shown if disc.chosen}
    written = [*_written(names, plan.closer), *_written(few, plan.closer * SMALL, small=True)]
    return replace(_drawn(svg, plan, shown, written, lit), crowded=len(shown) < len(inside), beyond=beyond)


def gathered(
    svg: str, places: Sequence[Disc], around: Iterable[tuple[float, float]], closest: float, lit: Collection[str]
) -> tuple[Chart, list[str]] | None:
    """`svg` with all of `places`, those that would hide one another as one disc, and the disc of each.

    Discs have numbers for codes, in the order of the places; "" for a place that the drawing does not reach. They are
    apart on a small screen too. No narrower than `closest` km; zones whose code is `lit` stand out. None as of `chart`.
    """
    plan = _framed(svg, around, closest)
    if plan is None:
        return None
    discs: list[Disc] = []
    codes: list[str] = []
    for place in places:
        inside = plan.holds(place)
        found = next((disc for disc in discs if inside and not _apart(place, disc, plan.closer * SMALL)), None)
        if found:
            found.count += place.count
        elif inside:
            found = replace(place, code=str(len(discs) + 1))
            discs.append(found)
        codes.append(found.code if found else "")
    greatest = sorted(discs, key=_greatest)
    names = _labelled(greatest, plan, plan.closer, NAMED)
    few = _labelled(greatest, plan, plan.closer * SMALL, NAMED_SMALL)
    written = [*_written(names, plan.closer), *_written(few, plan.closer * SMALL, small=True)]
    return _drawn(svg, plan, discs, written, lit), codes


@dataclass(frozen=True)
class _Plan:
    """A part of the drawing, and where longitudes and latitudes are on it."""

    west: float
    north: float
    eastward: float
    southward: float
    left: float
    top: float
    wide: float
    high: float

    @property
    def closer(self) -> float:
        """The size of a point of the whole in it."""
        return max(self.wide, self.high * TALL) / WHOLE

    def holds(self, disc: Disc) -> bool:
        """Whether `disc`, which is placed, is in this part."""
        disc.x, disc.y = round((disc.lon - self.west) * self.eastward), round((self.north - disc.lat) * self.southward)
        disc.size = round(14 + 5 * math.log10(disc.count))
        held = self.left < disc.x < self.left + self.wide and self.top < disc.y < self.top + self.high
        # What sits at the edge is drawn whole, on a small screen too.
        room = round(disc.size * self.closer * SMALL)
        disc.x = round(min(max(disc.x, self.left + room), self.left + self.wide - room))
        disc.y = round(min(max(disc.y, self.top + room), self.top + self.high - room))
        return held

    def shows(self, label: "_Label") -> bool:
        """Whether a name is wholly in this part."""
        across = self.left < label.x - label.half and label.x + label.half < self.left + self.wide
        return across and self.top < label.y - label.high and label.y + label.high < self.top + self.high


@dataclass(frozen=True)
class _Label:
    """A name beside its disc: its middle, half its width and its height, and on which side it is."""

    x: float
    y: float
    half: float
    high: float
    side: int

    def hides(self, disc: Disc, scale: float) -> bool:
        """Whether it would be written over `disc`, or so near that it would seem to be its name."""
        gap = max(abs(disc.x - self.x) - self.half, 0), max(abs(disc.y - self.y) - self.high, 0)
        return math.hypot(*gap) < (disc.size + CLEAR) * scale

    def meets(self, other: "_Label") -> bool:
        """Whether both would be written at one place."""
        return abs(other.x - self.x) < self.half + other.half and abs(other.y - self.y) < self.high + other.high


def _framed(svg: str, around: Iterable[tuple[float, float]], closest: float) -> _Plan | None:
    """The part of `svg` that shows these points, no narrower than `closest` km; None if it shows none of them."""
    opening = OPENING.match(svg)
    if opening is None:
        return None
    west, north, eastward, southward = map(float, opening[2].split())
    left, top, wide, high = map(float, opening[1].split())
    asked = [((lon - west) * eastward, (north - lat) * southward) for lon, lat in around]
    shown = [(x, y) for x, y in asked if left <= x <= left + wide and top <= y <= top + high]
    if asked and not shown:
        return None
    part = _part(shown, closest * southward / KM_PER_DEGREE, left, top, wide, high)
    return _Plan(west, north, eastward, southward, *part)


def _drawn(svg: str, plan: _Plan, discs: list[Disc], names: list[Name], lit: Collection[str]) -> Chart:
    """The lines of `svg`, without its links, under `discs` and `names`."""

    def outline(link: re.Match[str]) -> str:
        mark = ' class="chosen"' if link[1] in lit else ""
        return f"<path{mark} {link[2]}"

    inner = svg[svg.index(">") + 1 :].split(NAMES, maxsplit=1)[0].removesuffix("</svg>")
    box = f"{plan.left:.0f} {plan.top:.0f} {plan.wide:.0f} {plan.high:.0f}"
    lines = mark_safe(LINK.sub(outline, inner))  # noqa: S308 - drawn by the import
    return Chart(box, f"{plan.closer:.3f}", lines, discs, names, crowded=False)


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


def _greatest(disc: Disc) -> tuple[bool, int, str]:
    return not disc.chosen, -disc.count, disc.code


def _laid(discs: list[Disc], plan: _Plan, scale: float, named: int) -> tuple[list[Disc], dict[str, _Label]]:
    """Of `discs`, greatest first, those that hide neither one another nor the names of the first; and these names."""
    shown: list[Disc] = []
    names: dict[str, _Label] = {}
    for disc in discs:
        if all(_apart(disc, other, scale) for other in shown) and not any(
            label.hides(disc, scale) for label in names.values()
        ):
            shown.append(disc)
            if len(shown) == named:
                names = _labelled(shown, plan, scale, named)
    return shown, names or _labelled(shown, plan, scale, named)


def _labelled(discs: list[Disc], plan: _Plan, scale: float, most: int) -> dict[str, _Label]:
    """The names of the first of `discs`, each where it hides nothing; the links say all aloud."""
    placed: dict[str, _Label] = {}
    for disc in discs:
        free = (
            label
            for label in _labels(disc, scale)
            if plan.shows(label)
            and not any(label.meets(other) for other in placed.values())
            and not any(label.hides(other, scale) for other in discs if other is not disc)
        )
        if disc.name not in placed and (label := next(free, None)):
            placed[disc.name] = label
        if len(placed) == most:
            break
    return placed


def _written(labels: dict[str, _Label], scale: float, *, small: bool = False) -> list[Name]:
    return [
        Name(
            words,
            round(label.x - label.side * label.half),
            round(label.y + BASELINE * scale),
            ANCHORS[label.side],
            small,
        )
        for words, label in labels.items()
    ]


def _labels(disc: Disc, scale: float) -> Iterator[_Label]:
    """Where the name of `disc` may stand, the best place first."""
    half, high = len(disc.name) * LETTER * scale, HALF * scale
    for side, level in BESIDE:
        # Between two sides, a corner of the name touches the disc.
        reach = disc.size * (0.7 if side and level else 1) * scale
        x = disc.x + side * (reach + 5 * scale + half)
        yield _Label(x, disc.y + level * (reach + 3 * scale + high), half, high, side)
