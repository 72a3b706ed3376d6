"""Paper, ink and the few flat shapes every drawing is made of.

A sheet measures 1600 by 900; the picture is 1200 by 675, drawn twice as large and reduced for smooth edges.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image, ImageDraw

WIDTH, HEIGHT, SCALE = 1600, 900, 1.5
LIMESTONE, PAPER, SAND, JOINT = "#EFECE3", "#FBF9F4", "#D2CBBA", "#797160"
SLATE, DUSK = "#24323A", "#48545A"
COPPER, PATINA, MIST = "#0C6354", "#6CC9B2", "#D8E9E1"
BRICK, TILE = "#97361A", "#F2A78C"
OCHRE, STRAW = "#764D00", "#E5BE72"

Point = tuple[float, float]


class Ink(NamedTuple):
    """Colours that go together: the ground, what stands back, two figures, what is pale and what is bright."""

    ground: str
    back: str
    main: str
    other: str
    pale: str
    bright: str


INKS = (
    Ink(MIST, PATINA, COPPER, BRICK, PAPER, STRAW),
    Ink(SLATE, DUSK, PATINA, TILE, LIMESTONE, STRAW),
    Ink(STRAW, "#D9A94F", BRICK, COPPER, PAPER, SLATE),
    Ink(COPPER, "#0A4E43", PATINA, STRAW, LIMESTONE, TILE),
    Ink(LIMESTONE, SAND, SLATE, COPPER, PAPER, BRICK),
    Ink(TILE, "#E08A6B", BRICK, SLATE, PAPER, COPPER),
    Ink(BRICK, "#7A2A13", TILE, STRAW, LIMESTONE, PATINA),
    Ink(PATINA, "#4FAE97", COPPER, SLATE, PAPER, BRICK),
)

# For what happens at night.
NIGHTS = (
    *(ink for ink in INKS if ink.ground in {SLATE, COPPER, BRICK}),
    Ink(OCHRE, "#5C3C00", STRAW, TILE, PAPER, PATINA),
)


class Sheet:
    """A sheet of paper. Angles are in degrees, clockwise from three o'clock."""

    def __init__(self, ground: str) -> None:
        self.image = Image.new("RGB", (round(WIDTH * SCALE), round(HEIGHT * SCALE)), ground)
        self._draw = ImageDraw.Draw(self.image)

    def fill(self, colour: str) -> None:
        """Another ground."""
        self.bar(colour, 0, 0, WIDTH, HEIGHT)

    def bar(self, colour: str, left: float, top: float, right: float, bottom: float, *, corner: float = 0) -> None:
        """A rectangle, with round corners of this radius."""
        box = [left * SCALE, top * SCALE, right * SCALE - 1, bottom * SCALE - 1]
        self._draw.rounded_rectangle(box, corner * SCALE, fill=colour)

    def shape(self, colour: str, *points: Point) -> None:
        """A polygon."""
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def disc(self, colour: str, x: float, y: float, radius: float, *, from_angle: int = 0, to_angle: int = 360) -> None:
        """A disc, or a slice of it."""
        box = [(x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE]
        self._draw.pieslice(box, from_angle, to_angle, fill=colour)

    def dome(self, colour: str, x: float, y: float, radius: float) -> None:
        """The upper half of a disc, standing on `y`."""
        self.disc(colour, x, y, radius, from_angle=180, to_angle=360)

    def oval(self, colour: str, x: float, y: float, width: float, height: float, *, tilt: float = 0) -> None:
        """An ellipse that leans by `tilt` degrees."""
        turn = math.radians(tilt)
        angles = [math.tau * step / 72 for step in range(72)]
        around = [(math.cos(a) * width / 2, math.sin(a) * height / 2) for a in angles]
        cos, sin = math.cos(turn), math.sin(turn)
        self.shape(colour, *((x + dx * cos - dy * sin, y + dx * sin + dy * cos) for dx, dy in around))

    def line(self, colour: str, width: float, *points: Point) -> None:
        """A stroke with round ends."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._draw.line(scaled, fill=colour, width=round(width * SCALE), joint="curve")
        for x, y in points:
            self.disc(colour, x, y, width / 2)

    def ring(self, colour: str, ground: str, x: float, y: float, radius: float, width: float) -> None:
        """A circle."""
        self.disc(colour, x, y, radius)
        self.disc(ground, x, y, radius - width)

    def star(self, colour: str, x: float, y: float, radius: float, *, points: int = 4, waist: float = 0.32) -> None:
        """A star."""
        angles = [math.pi * step / points - math.pi / 2 for step in range(2 * points)]
        reach = [radius if step % 2 == 0 else radius * waist for step in range(2 * points)]
        self.shape(colour, *((x + r * math.cos(a), y + r * math.sin(a)) for a, r in zip(angles, reach, strict=True)))

    def wave(self, colour: str, top: float, height: float, length: float, *, shift: float = 0) -> None:
        """Water or hills from `top` down to the foot of the sheet."""
        crest = [(x, top + height * math.sin((x + shift) * math.tau / length)) for x in range(-10, WIDTH + 20, 10)]
        self.shape(colour, *crest, (WIDTH, HEIGHT), (0, HEIGHT))


def curve(start: Point, bend: Point, end: Point, steps: int = 40) -> list[Point]:
    """Points from `start` to `end`, drawn towards `bend`."""
    made = []
    for step in range(steps + 1):
        t = step / steps
        near, mid, far = (1 - t) ** 2, 2 * t * (1 - t), t**2
        made.append((near * start[0] + mid * bend[0] + far * end[0], near * start[1] + mid * bend[1] + far * end[1]))
    return made


def around(x: float, y: float, radius: float, count: int, *, start: float = 0) -> Iterator[Point]:
    """`count` points of a circle, evenly; `start` in degrees."""
    for step in range(count):
        angle = math.radians(start) + math.tau * step / count
        yield x + radius * math.cos(angle), y + radius * math.sin(angle)
