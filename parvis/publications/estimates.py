"""How many accounts a drawing would reach, within a band, and never so that a house could be guessed (R-PRIV-11).

Whoever draws A, then A without one parcel, must learn nothing from the difference. So nothing is counted but blocks:
squares cut in four as long as a quarter holds eleven people; quarters that hold fewer are left out. A drawing is
answered as the blocks that it covers for the most part, so that any two answers differ by whole blocks, of eleven
people at least. An answer is kept for three months, lest someone who moves in show; and a service asks so many times
a day, and around one place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import floor
from typing import TypeAlias

import numpy as np
import shapely
from django.db import transaction
from django.utils import timezone
from shapely.geometry import GeometryCollection
from shapely.geometry.base import BaseGeometry

from parvis.core import journal
from parvis.people import vault
from parvis.people.models import Person, Voice
from parvis.publications.models import Estimate
from parvis.territory.geometry import square_metres

# The south-west of a square.
Corner: TypeAlias = tuple[float, float]
# Degrees: the largest blocks, some three kilometres, the finest, some two hundred metres, and how far one draws.
LARGEST, FINEST, WIDEST, EXACT = 0.032, 0.002, 0.05, 1e-7
# The share of a block that makes it covered; square metres below which there is no answer.
COVERED, SMALLEST = 0.3, 10_000
# New answers a service gets in a day, and about one place while answers are kept.
A_DAY, ABOUT_A_PLACE = 20, 10
REMEMBERED = timedelta(days=90)


@dataclass(frozen=True)
class Answer:
    """A band, or why there is none: « small », « wide » or « often »."""

    band: vault.Band | None
    silence: str = ""


@transaction.atomic
def estimate(shape: BaseGeometry, *, voice: Voice, by: Person) -> Answer:
    """The band of accounts inside `shape`, asked by a service. The journal keeps that it asked, never where."""
    if square_metres(shape) < SMALLEST:
        return Answer(None, "small")
    west, south, east, north = shapely.bounds(shape)
    if max(east - west, north - south) > WIDEST:
        return Answer(None, "wide")
    now = timezone.now()
    mine = Estimate.objects.filter(voice=voice, at__gte=now - REMEMBERED)
    near = mine.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south).count()
    covered = blocks(shape)
    laid = shapely.set_precision(shapely.union_all(covered), EXACT)
    drawn = shapely.to_wkb(shapely.normalize(shapely.simplify(laid, 0)))
    former = Estimate.objects.filter(at__gte=now - REMEMBERED, shape=drawn).first()
    if former is not None:
        journal.record("estimate.repeated", by=by, target=voice)
        return Answer(vault.Band(former.band))
    if near >= ABOUT_A_PLACE or mine.filter(at__gte=now - timedelta(days=1)).count() >= A_DAY:
        journal.record("estimate.refused", by=by, target=voice)
        return Answer(None, "often")
    around = {"west": west, "south": south, "east": east, "north": north}
    band = vault.band_inside(GeometryCollection(covered))
    Estimate.objects.create(voice=voice, shape=drawn, band=band, **around)
    journal.record("estimate.made", by=by, target=voice)
    return Answer(band)


def blocks(shape: BaseGeometry) -> list[BaseGeometry]:
    """The blocks that `shape` covers for the most part, or that hold most of it; cut the same whatever the shape.

    A block is cut into its quarters that hold eleven people or more, as long as one does. Those who live in the other
    quarters are never counted: else a whole and its parts would tell how few they are.
    """
    shapely.prepare(shape)
    west, south, east, north = (floor(bound / LARGEST) for bound in shapely.bounds(shape))
    corners = [(x * LARGEST, y * LARGEST) for x in range(west, east + 1) for y in range(south, north + 1)]
    kept, found, side = _crowded(_met(shape, corners, LARGEST), LARGEST), list[BaseGeometry](), LARGEST
    while kept:
        half = side / 2
        quarters = {(x, y): [(x + dx, y + dy) for dx in (0, half) for dy in (0, half)] for x, y in kept}
        held = _crowded([one for four in quarters.values() for one in four], half) if half >= FINEST else []
        crowd = set(held)
        found += _squares([corner for corner, four in quarters.items() if crowd.isdisjoint(four)], side)
        kept, side = _met(shape, held, half), half
    shared = shapely.area(shapely.intersection(shape, found))
    wanted = COVERED * np.minimum(shapely.area(found), shape.area)
    return [block for block, enough in zip(found, shared >= wanted, strict=True) if enough]


def _squares(corners: Sequence[Corner], side: float) -> list[BaseGeometry]:
    xs, ys = np.array(corners, dtype=float).reshape(-1, 2).T
    return list(shapely.box(xs, ys, xs + side, ys + side))


def _met(shape: BaseGeometry, corners: Sequence[Corner], side: float) -> list[Corner]:
    """Those of these squares that `shape` meets."""
    squares = _squares(corners, side)
    return [corner for corner, square in zip(corners, shapely.intersects(shape, squares), strict=True) if square]


def _crowded(corners: Sequence[Corner], side: float) -> list[Corner]:
    """Those of these squares that hold eleven people or more."""
    told = vault.crowded([(x, y, x + side, y + side) for x, y in corners])
    return [corner for corner, is_crowded in zip(corners, told, strict=True) if is_crowded]
