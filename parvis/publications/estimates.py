"""How many accounts a drawing would reach, within a band, and never so that a house could be guessed (R-PRIV-11).

Whoever draws A, then A without one parcel, must learn nothing from the difference. So nothing is counted but blocks:
squares cut in four as long as a quarter holds eleven people, or a few more, which nobody knows; quarters that hold
fewer are left out. A drawing is answered as the blocks that it covers for the most part, so that any two answers differ
by whole blocks, of eleven people at least. How the ground was cut is kept for three months, and so is an answer, lest
someone who moves in show; and a service asks so many times a day, and around one place.
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
from django.utils.crypto import salted_hmac
from shapely.geometry import GeometryCollection
from shapely.geometry.base import BaseGeometry

from parvis.core import journal
from parvis.people import vault
from parvis.people.models import Person, Voice
from parvis.publications.models import Cut, Estimate
from parvis.territory.geometry import square_metres

# West, south and side of a block; column and row of a large square.
Block: TypeAlias = tuple[float, float, float]
Rank: TypeAlias = tuple[int, int]
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
    """The blocks that `shape` covers for the most part, or that hold most of it; cut the same whatever the shape."""
    shapely.prepare(shape)
    west, south, east, north = (floor(bound / LARGEST) for bound in shapely.bounds(shape))
    ranks = {(column, row) for column in range(west, east + 1) for row in range(south, north + 1)}
    found = _squares([block for cut in _cuts(ranks) for block in cut])
    shared = shapely.area(shapely.intersection(shape, found))
    wanted = COVERED * np.minimum(shapely.area(found), shape.area)
    return [block for block, enough in zip(found, shared >= wanted, strict=True) if enough]


def _cuts(ranks: set[Rank]) -> list[list[Block]]:
    """How each of these large squares is cut, today or since less than three months."""
    kept = Cut.objects.filter(at__gte=timezone.now() - REMEMBERED)
    columns, rows = zip(*ranks, strict=True)
    around = kept.filter(column__range=(min(columns), max(columns)), row__range=(min(rows), max(rows)))
    asked = around.values_list("column", "row", "blocks")
    found = {(column, row): blocks for column, row, blocks in asked}
    if unknown := ranks - set(found):
        cut = [Cut(column=column, row=row, blocks=blocks) for (column, row), blocks in _cut(unknown).items()]
        # Of two who ask at once, the first cuts.
        Cut.objects.filter(at__lt=timezone.now() - REMEMBERED).delete()
        Cut.objects.bulk_create(cut, ignore_conflicts=True)
        found = {(column, row): blocks for column, row, blocks in asked.all()}
    return list(found.values())


def _cut(ranks: set[Rank]) -> dict[Rank, list[Block]]:
    """Each of these squares in blocks of eleven people or more.

    A block is cut into its quarters that hold eleven people or more, as long as one does. Those who live in the other
    quarters are never counted: else a whole and its parts would tell how few they are.
    """
    found: dict[Rank, list[Block]] = {rank: [] for rank in ranks}
    kept = _crowded([(rank, (rank[0] * LARGEST, rank[1] * LARGEST, LARGEST)) for rank in sorted(ranks)])
    while kept:
        quarters = [(one, _quarters(one[1])) for one in kept]
        held = _crowded([(rank, quarter) for (rank, _block), four in quarters for quarter in four])
        crowd = set(held)
        for (rank, block), four in quarters:
            if not any((rank, quarter) in crowd for quarter in four):
                found[rank].append(block)
        kept = held
    return found


def _quarters(block: Block) -> list[Block]:
    west, south, side = block
    half = side / 2
    if half < FINEST:
        return []
    return [(west + dx, south + dy, half) for dx in (0, half) for dy in (0, half)]


def _squares(found: Sequence[Block]) -> list[BaseGeometry]:
    xs, ys, sides = np.array(found, dtype=float).reshape(-1, 3).T
    return list(shapely.box(xs, ys, xs + sides, ys + sides))


def _crowded(asked: Sequence[tuple[Rank, Block]]) -> list[tuple[Rank, Block]]:
    """Those of these blocks that hold eleven people, or a few more: see `wanted`."""
    boxes = [(west, south, west + side, south + side) for _rank, (west, south, side) in asked]
    told = vault.crowded(boxes, [wanted(block) for _rank, block in asked])
    return [one for one, is_crowded in zip(asked, told, strict=True) if is_crowded]


def wanted(block: Block) -> int:
    """How many people a block must hold to be counted: 11 to 16, always the same for one block, which nobody knows.

    Were it known, ten accounts of one's own would show whether an eleventh person lives there.
    """
    return vault.FEWEST + salted_hmac("parvis.publications.estimates", repr(block)).digest()[0] % (vault.SECRET + 1)
