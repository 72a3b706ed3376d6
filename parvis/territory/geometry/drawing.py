"""A small drawing of a shape, for a card or a register."""

import math
from html import escape

import numpy as np
import shapely
from django.utils.safestring import SafeString, mark_safe
from shapely.geometry.base import BaseGeometry

WIDTH, HEIGHT, MARGIN = 240, 150, 8


def outline_svg(shape: BaseGeometry, label: str, *, around: BaseGeometry | None = None) -> SafeString:
    """The shape as inline SVG, north up, in the middle of what it lies in when that is given.

    Classes: `outline` the drawing, `outline__around`, `outline__shape`. `label` is read to those who do not see it.
    """
    project = _Projection(
        shape if around is None else shapely.union_all([shapely.envelope(around), shapely.envelope(shape)])
    )
    paths = "" if around is None else f'<path class="outline__around" d="{_path(project(around))}"/>'
    paths += f'<path class="outline__shape" d="{_path(project(shape))}"/>'
    box = f"0 0 {WIDTH} {HEIGHT}"
    # The label is escaped, the rest is numbers.
    return mark_safe(f'<svg class="outline" viewBox="{box}" role="img" aria-label="{escape(label)}">{paths}</svg>')  # noqa: S308


class _Projection:
    """Degrees to the drawing."""

    def __init__(self, shape: BaseGeometry) -> None:
        west, south, east, north = shape.bounds
        squeeze = math.cos(math.radians((south + north) / 2))
        wide, high = max((east - west) * squeeze, 1e-6), max(north - south, 1e-6)
        scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
        self.middle = np.array([(west + east) / 2, (south + north) / 2])
        self.scale = np.array([squeeze * scale, -scale])

    def __call__(self, shape: BaseGeometry) -> BaseGeometry:
        flat = shapely.transform(shape, lambda points: (points - self.middle) * self.scale + (WIDTH / 2, HEIGHT / 2))
        return shapely.simplify(flat, 0.4)


def _path(shape: BaseGeometry) -> str:
    """The path of its polygons and lines, to a tenth of a point."""
    lines = shapely.get_parts(shapely.boundary(shapely.get_parts(shape)))
    drawn = [line for line in [*lines, *(shapely.get_parts(shape) if not shape.area else ())] if len(line.coords) > 1]
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(line)) + ("Z" if line.is_ring else "")
        for line in drawn
    )
