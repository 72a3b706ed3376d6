"""Pictures of the demonstration: flat shapes in the colours of the house, the same at each build, never twice."""

import io
import tomllib
from collections.abc import Callable
from functools import cache
from random import Random
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from parvis.demo.drawings import land, scenes, shows, things, town
from parvis.demo.drawings.sheet import INKS, NIGHTS, Ink, Sheet
from parvis.demo.scenario import CONTENT
from parvis.publications.images import reencode

Drawing = Callable[[Sheet, Ink, Random], None]


class Picture(NamedTuple):
    """A picture as we keep it, and what it shows in words."""

    file: ContentFile[bytes]
    alt: str


DRAWINGS: dict[str, Drawing] = {
    drawing.__name__: drawing
    for drawing in (
        *(scenes.market, scenes.door, scenes.stands, scenes.nest_box, scenes.bicycles, scenes.pots, scenes.clock),
        *(scenes.night, scenes.roofs, scenes.honeycomb, scenes.cabins),
        *(shows.voices, shows.notes, shows.stage, shows.curtain, shows.film, shows.books, shows.letters),
        *(shows.bubbles, shows.puppets, shows.frames, shows.lanterns),
        *(land.forest, land.birds, land.sky, land.river, land.mushrooms, land.trail, land.kites, land.seedlings),
        *(land.panels, land.dogs),
        *(town.stalls, town.quilt, town.cups, town.table, town.bunting, town.plan, town.roofline, town.arch),
        *(things.tools, things.screens, things.ball, things.track, things.board, things.gears, things.blocks),
    )
}
AT_NIGHT = (land.sky, shows.lanterns)


@cache
def alts() -> dict[str, str]:
    """What each drawing shows, by its name."""
    words: dict[str, str] = tomllib.loads((CONTENT / "drawings.toml").read_text("utf-8"))["alts"]
    return words


def draw(name: str, turn: int) -> Picture:
    """The drawing of this name for the `turn`-th time: other inks, other shapes. KeyError when there is none."""
    drawing = DRAWINGS[name]
    inks = NIGHTS if drawing in AT_NIGHT else INKS
    ink = inks[(turn + len(name)) % len(inks)]
    sheet = Sheet(ink.ground)
    drawing(sheet, ink, Random(f"{name} {turn}"))  # noqa: S311 - the same picture each time
    buffer = io.BytesIO()
    sheet.image.reduce(2).save(buffer, "PNG", compress_level=1)
    return Picture(reencode(SimpleUploadedFile(f"{name}.png", buffer.getvalue(), "image/png")), alts()[name])
