"""The drawing of where a notice goes: plain lines on the server, for pages without JavaScript and for the register."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from shapely.geometry.base import BaseGeometry

from parvis.core.text import NBSP
from parvis.territory.models import KM_PER_DEGREE

# The drawing is so many points wide and high, its lines true to half a point.
WIDE, HIGH, TRUE = 760, 480, 0.5
# No closer than so many metres from side to side, and so much air around what is drawn.
CLOSEST, AIR = 300.0, 1.8
# What is smaller gets a ring, or nobody would see it.
SMALL = 14
BARS = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)


@dataclass(frozen=True)
class Frame:
    """What part of the ground is shown: its middle, and how many points a degree takes."""

    lon: float
    lat: float
    eastward: float
    northward: float

    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        half, tall = WIDE / 2 / self.eastward, HIGH / 2 / self.northward
        return self.lon - half, self.lat - tall, self.lon + half, self.lat + tall

    def place(self, shape: BaseGeometry) -> BaseGeometry:
        """`shape` in points of the drawing, cut to it."""
        cut = shapely.clip_by_rect(shape, *self.box())
        moved = shapely.transform(
            cut,
            lambda points: (points - (self.lon, self.lat)) * (self.eastward, -self.northward) + (WIDE / 2, HIGH / 2),
        )
        return shapely.simplify(moved, TRUE)


def frame_of(shapes: Sequence[BaseGeometry]) -> Frame:
    """The part of the ground that shows all of `shapes`, with some air."""
    west, south, east, north = shapely.total_bounds(shapes)
    lat = (south + north) / 2
    degree = KM_PER_DEGREE * 1000
    narrowing = max(math.cos(math.radians(lat)), 0.1)
    wide = max((east - west) * degree * narrowing * AIR, CLOSEST)
    high = max((north - south) * degree * AIR, CLOSEST * HIGH / WIDE)
    points = min(WIDE / wide, HIGH / high)
    return Frame((west + east) / 2, lat, points * degree * narrowing, points * degree)


def sketch(
    drawn: Sequence[BaseGeometry],
    *,
    around: Iterable[BaseGeometry] = (),
    said: str,
) -> SafeString:
    """`drawn` on what lies `around`; `said` describes it to who does not see it."""
    frame = frame_of(drawn)
    parts = [_paths("around", around, frame), _paths("drawn", drawn, frame)]
    placed = [float(bound) for bound in shapely.total_bounds([frame.place(shape) for shape in drawn])]
    return format_html(
        '<svg class="sketch" viewBox="0 0 {} {}" role="img"><title>{}</title>{}{}{}</svg>',
        *(WIDE, HIGH, said, mark_safe("".join(parts)), _ring(placed), _bar(frame)),  # noqa: S308 - numbers only
    )


def locate(drawn: Sequence[BaseGeometry], whole: Sequence[BaseGeometry], *, said: str) -> SafeString:
    """Where `drawn`, if anything is, lies in `whole`: ringed when it is small."""
    frame = frame_of(whole)
    ring = SafeString("")
    if drawn:
        ring = _ring([float(bound) for bound in shapely.total_bounds([frame.place(shape) for shape in drawn])])
    parts = [_paths("around", whole, frame), _paths("drawn", drawn, frame)]
    return format_html(
        '<svg class="sketch" viewBox="0 0 {} {}" role="img"><title>{}</title>{}{}</svg>',
        *(WIDE, HIGH, said, mark_safe("".join(parts)), ring),  # noqa: S308 - numbers only
    )


def _paths(name: str, shapes: Iterable[BaseGeometry], frame: Frame) -> str:
    lines = [line for shape in shapes for line in _rings(frame.place(shape))]
    return f'<path class="{escape(name)}" d="{"".join(lines)}"/>' if lines else ""


def _rings(shape: BaseGeometry) -> Iterable[str]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            for ring in (part.exterior, *part.interiors):
                yield "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in ring.coords[:-1]) + "z"
        elif part.geom_type == "LineString":
            yield "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in part.coords)


def _ring(placed: Sequence[float]) -> SafeString:
    west, north, east, south = placed
    if math.isnan(west) or max(east - west, south - north) > 2 * SMALL:
        return SafeString("")
    x, y = f"{(west + east) / 2:.0f}", f"{(north + south) / 2:.0f}"
    return format_html('<circle class="ring" cx="{}" cy="{}" r="{}"/>', x, y, SMALL * 2)


def _bar(frame: Frame) -> SafeString:
    """How long some metres are, in the lower left corner."""
    a_metre = frame.northward / (KM_PER_DEGREE * 1000)
    metres = max((bar for bar in BARS if bar * a_metre < WIDE / 4), default=BARS[0])
    length = metres * a_metre
    words = f"{metres}{NBSP}m" if metres < 1000 else f"{metres // 1000}{NBSP}km"
    bar = '<path class="bar" d="M20 {0}v8h{1}v-8"/><text x="{2}" y="{3}">{4}</text>'
    return format_html(bar, HIGH - 28, f"{length:.0f}", f"{length + 30:.0f}", HIGH - 18, words)
