"""The geo-vault: the exact points that people chose to give, and which notices fall on them (R-PRIV-2).

Nobody reads a point back. A point comes in, a shape comes in, and each person gets the numbers of the publications that
concern them. Only this package touches its tables; on PostgreSQL these may belong to a role of their own (`role.sql`),
so that even the program can only call these functions. Finer than a published zone, nothing of a place is anywhere
else: no journal, no message of an error, no log. Two functions answer with people: `reached_by`, for the mail of a
safety alert, and `places_in`, for a zone that has a name (docs/decisions/0006).

A shape stays here as long as its publication runs, so that whoever settles there meanwhile is told.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple, TypeVar

import shapely
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from parvis.core import journal
from parvis.people.models import Person, Place
from parvis.people.vault.outlines import Bounds, box_of, polygons
from parvis.people.vault.postgresql import PostgreSQL
from parvis.people.vault.sqlite import SQLite
from parvis.territory.models import Zone

__all__ = [
    "Band",
    "Pending",
    "Sealed",
    "addresses_of",
    "band_inside",
    "crowded",
    "deliver",
    "deliver_inside",
    "forget",
    "pending_for",
    "places_in",
    "purge",
    "reached_by",
    "remember",
    "take_back",
]

# What one person can have received from drawn zones, all still running: newer ones hide older ones.
MOST = 200
# People written to at once.
AT_ONCE = 1_000
# Whom nobody may be told apart from, and how many more may be wanted, which nobody knows.
FEWEST, SECRET = 11, 5
# Of a publication that says no end.
NEVER = 2**62
T = TypeVar("T")


class Sealed(Exception):
    """The vault refused; the message never says for which point or shape."""


class Band(IntEnum):
    """All that anyone learns of how many people gave an exact point inside a shape."""

    FEW = 0
    TENS = 1
    SCORES = 2
    HUNDREDS = 3
    MORE = 4

    @property
    def label(self) -> str:
        """« 11 à 50 personnes »."""
        return str(LABELS[self])


LABELS = {
    Band.FEW: _("moins de 11 personnes"),
    Band.TENS: _("11 à 50 personnes"),
    Band.SCORES: _("50 à 200 personnes"),
    Band.HUNDREDS: _("200 à 1 000 personnes"),
    Band.MORE: _("plus de 1 000 personnes"),
}


class Pending(NamedTuple):
    """A publication that concerns someone, because of one of their places; `position` is its rank in feeds."""

    position: int
    publication: int
    place: int


def remember(place: Place, lon: float, lat: float, address: str = "") -> None:
    """Keep the point of `place` (degrees, WGS 84), in the stead of the former; what runs there is told at once.

    `address` is what its owner reads on « Mes lieux », kept here and nowhere else.
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Sealed("a point lies outside the world")
    point = place.pk, place.person_id, lon, lat, address
    _sealed(lambda: _store().remember(*point, now=_now()))


def forget(place: Place) -> None:
    """Erase the point of `place` and all that fell on it. Deleting a place or a person does it as well."""
    _sealed(lambda: _store().forget(place.pk))


def addresses_of(person: Person) -> dict[int, str]:
    """What each exact place of `person` was called when they gave it, by the number of the place: for them alone."""
    return dict(_quietly(lambda: _store().addresses_of(person.pk)))


def deliver_inside(publication: int, shape: BaseGeometry, *, position: int, expires_at: datetime | None) -> None:
    """Tell a publication, by its number, to whoever gave a point inside `shape` (polygons, degrees, WGS 84).

    In the transaction of the act; a job writes the matches. Called again, it replaces the former shape and its matches.
    Raises Sealed when the shape holds nothing.
    """
    inside = polygons(shape)
    if not inside:
        raise Sealed("a shape holds nothing")
    until = int(expires_at.timestamp()) if expires_at else NEVER
    with transaction.atomic():
        _sealed(lambda: _store().lay(publication, inside, position, until))
        journal.record("shape.laid", by=None, publication=publication)


def deliver(publication: int) -> None:
    """Write the matches of the shape of a publication: the job of `deliver_inside`. Nothing the second time."""
    # In transactions of its own: one that lasted would hold everyone's writes.
    _quietly(lambda: _store().deliver(publication))


def take_back(publication: int) -> None:
    """Take a publication away from everyone, and its shape: it ended, or its author or a moderator took it off."""
    _sealed(lambda: _store().take_back(publication))


def pending_for(person: Person) -> list[Pending]:
    """What runs on the exact places of `person`, newest first, MOST at most. The gate decides what they may read."""
    rows = _quietly(lambda: _store().pending_for(person.pk, _now(), MOST))
    return [Pending(*row) for row in rows]


def reached_by(publication: int, after: int = 0) -> list[int]:
    """The numbers of the persons to write to about a safety alert, AT_ONCE at most, above `after`: for mail alone."""
    rows = _quietly(lambda: _store().reached_by(publication, after, AT_ONCE))
    return [number for (number,) in rows]


def places_in(zone: Zone) -> set[int]:
    """The exact places, by number, that lie in a zone which has a name and is published: for subscriptions alone."""
    inside = polygons(shapely.from_wkb(bytes(zone.geometry))) if zone.geometry else []
    rows = _quietly(lambda: _store().within(inside)) if inside else []
    return {number for (number,) in rows}


def band_inside(shape: BaseGeometry) -> Band:
    """How many people gave an exact point inside `shape`, within a band: nobody learns a number (R-PRIV-7)."""
    inside = polygons(shape)
    return Band(_quietly(lambda: _store().band(inside)) if inside else 0)


def crowded(boxes: Sequence[Bounds], least: Sequence[int]) -> list[bool]:
    """Of each box (west, south, east, north, in degrees), whether `least` people (11 to 16) gave a point in it."""
    assert all(FEWEST <= wanted <= FEWEST + SECRET for wanted in least)
    rows = _quietly(lambda: _store().crowded([box_of(one) for one in boxes], list(least))) if boxes else []
    held = {number for (number,) in rows}
    return [rank in held for rank in range(len(boxes))]


def purge() -> None:
    """Erase the shapes whose publication has ended, and their matches, by the clock."""
    _sealed(lambda: _store().purge(_now()))


def _store() -> PostgreSQL | SQLite:
    return PostgreSQL() if connection.vendor == "postgresql" else SQLite()


def _now() -> int:
    return int(timezone.now().timestamp())


def _sealed(act: Callable[[], T]) -> T:
    """Do it wholly or not at all, quietly."""

    def whole() -> T:
        with transaction.atomic():
            return act()

    return _quietly(whole)


def _quietly(act: Callable[[], T]) -> T:
    """Do it; an error of the database, which may quote what it was given, goes no further.

    To read takes no transaction: on SQLite it would wait its turn among those who write.
    """
    try:
        return act()
    except DatabaseError as error:
        raise Sealed(type(error).__name__) from None
