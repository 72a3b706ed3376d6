"""Estimates tell a band and nothing finer, however one draws (R-PRIV-7, R-PRIV-11)."""

import random
from datetime import timedelta
from itertools import combinations

import pytest
import shapely
from django.db.models import F
from pytest_django.fixtures import Settings
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from parvis.core.models import JournalEntry
from parvis.people import vault
from parvis.people.models import Person, Place, Voice
from parvis.people.vault import Band
from parvis.publications import estimates, jobs
from parvis.publications.estimates import A_DAY, ABOUT_A_PLACE, estimate
from parvis.publications.models import Cut, Estimate
from tests.cast import Cast

BOX = ("west", "south", "east", "north")
WEST, SOUTH = 2.15, 49.14


@pytest.fixture
def homes(territory: Cast) -> list[Point]:
    """Some nine hundred homes of Bois-le-Comte, in three hundred houses; one person each."""
    chance = random.Random(7)
    houses = [(WEST + chance.random() * 0.012, SOUTH + chance.random() * 0.008) for _house in range(300)]
    people = Person.objects.bulk_create(
        [Person(email=f"p{number}@example.org", name=f"P{number}") for number in range(900)]
    )
    Place.objects.bulk_create([Place(person=person, zone=territory.bois) for person in people])
    points = []
    for place in Place.objects.filter(person__in=people):
        lon, lat = chance.choice(houses)
        vault.remember(place, lon, lat)
        points.append(Point(lon, lat))
    return points


def count(homes: list[Point], shape: BaseGeometry) -> int:
    return sum(bool(shapely.intersects(shape, home)) for home in homes)


def test_is_a_band(homes: list[Point], routes: Voice, agent: Person) -> None:
    everything = box(WEST - 0.001, SOUTH - 0.001, WEST + 0.013, SOUTH + 0.009)
    assert estimate(everything, voice=routes, by=agent).band == Band.HUNDREDS
    assert JournalEntry.objects.filter(verb="estimate.made", actor_id=agent.pk, target_id=routes.pk).count() == 1
    assert "2.1" not in str(list(JournalEntry.objects.values_list("details", flat=True)))


def test_a_house_has_no_answer(homes: list[Point], routes: Voice, agent: Person) -> None:
    house = homes[0].buffer(0.0003)
    assert estimate(house, voice=routes, by=agent) == estimates.Answer(None, "small")
    assert not Estimate.objects.exists()


def test_no_two_answers_are_fewer_than_eleven_people_apart(homes: list[Point], routes: Voice, agent: Person) -> None:
    """Denning's trackers: shrinking drawings, A and A without one house, A with a known crowd, complements."""
    chance = random.Random(11)
    whole = box(WEST - 0.001, SOUTH - 0.001, WEST + 0.013, SOUTH + 0.009)
    for day in range(6):
        shrinking = [box(WEST, SOUTH, WEST + 0.012 - step * 0.0006 * (day + 1), SOUTH + 0.008) for step in range(6)]
        holes = [whole.difference(chance.choice(homes).buffer(0.0008)) for _turn in range(6)]
        trackers = [shrinking[0].union(chance.choice(homes).buffer(0.0008)) for _turn in range(6)]
        for shape in (*shrinking, *holes, *trackers):
            estimate(shape, voice=routes, by=agent)
            # Another sender, another day: the worst case, where no budget stops anyone.
            Estimate.objects.update(west=0, east=0, at=F("at") - timedelta(hours=2))
    kept = [shapely.from_wkb(bytes(one.shape)) for one in Estimate.objects.all()]
    assert len(kept) > 3
    for one, other in combinations(kept, 2):
        assert count(homes, one.difference(other).buffer(-1e-9)) not in range(1, 11)
        assert count(homes, other.difference(one).buffer(-1e-9)) not in range(1, 11)


def test_one_house_more_or_less_changes_nothing(homes: list[Point], routes: Voice, agent: Person) -> None:
    whole = box(WEST - 0.001, SOUTH - 0.001, WEST + 0.013, SOUTH + 0.009)
    first = estimate(whole, voice=routes, by=agent)
    for home in homes[:60]:
        assert estimate(whole.difference(home.buffer(0.0002)), voice=routes, by=agent) == first


def test_the_same_drawing_keeps_its_answer_when_someone_moves_in(
    homes: list[Point], routes: Voice, agent: Person, amina: Person
) -> None:
    """R-PRIV-5: one person never moves a figure."""
    chosen = box(WEST, SOUTH, WEST + 0.012, SOUTH + 0.008)
    first = estimate(chosen, voice=routes, by=agent)
    inside = chosen.centroid
    vault.remember(Place.objects.get(person=amina), inside.x, inside.y)
    assert estimate(chosen, voice=routes, by=agent) == first


def test_a_service_asks_so_many_times_around_one_place(homes: list[Point], routes: Voice, agent: Person) -> None:
    """R-PRIV-11."""
    middle = Point(WEST + 0.006, SOUTH + 0.004)
    for turn in range(3 * ABOUT_A_PLACE):
        chance = random.Random(turn)
        far = box(WEST + chance.random() * 0.006, SOUTH, WEST + 0.0125, SOUTH + chance.random() * 0.009)
        estimate(far.union(middle.buffer(0.002)), voice=routes, by=agent)
    assert Estimate.objects.count() <= ABOUT_A_PLACE


def test_a_service_asks_so_many_times_a_day(routes: Voice, agent: Person, homes: list[Point]) -> None:
    # Far apart: nobody lives there, and each is a place of its own.
    for turn in range(A_DAY + 3):
        shape = box(2.0 + turn * 0.01, 49.01, 2.005 + turn * 0.01, 49.015)
        Estimate.objects.create(
            voice=routes, shape=shapely.to_wkb(shape), band=0, **dict(zip(BOX, shape.bounds, strict=True))
        )
    everything = box(WEST - 0.001, SOUTH - 0.001, WEST + 0.013, SOUTH + 0.009)
    assert estimate(everything, voice=routes, by=agent).silence == "often"


def test_who_owns_ten_accounts_sees_nobody_come_or_go(
    homes: list[Point], routes: Voice, agent: Person, territory: Cast
) -> None:
    """R-PRIV-5, R-PRIV-11: the ground stays cut as it was, and the same question has the same answer."""
    here = box(2.0, 49.15, 2.01, 49.16)
    # Ten are never enough to be counted, sixteen always are.
    places = settled(territory, 16)
    own, others = places[:10], places[10:]
    for place in own:
        vault.remember(place, 2.005, 49.155)
    before = estimate(here, voice=routes, by=agent)
    cut = estimates.blocks(here)
    for place in others:
        vault.remember(place, 2.0051, 49.1551)
        assert estimate(here, voice=routes, by=agent) == before
    assert estimates.blocks(here) == cut
    for place in others:
        vault.forget(place)
    assert estimate(here, voice=routes, by=agent) == before
    # When both are forgotten, the ground is cut anew.
    for place in others:
        vault.remember(place, 2.0051, 49.1551)
    for kept in (Cut, Estimate):
        kept.objects.update(at=F("at") - estimates.REMEMBERED - timedelta(minutes=1))
    jobs.forget_estimates()
    assert not Cut.objects.exists()
    assert estimate(here, voice=routes, by=agent).band == Band.TENS


def settled(territory: Cast, count: int) -> list[Place]:
    """So many people who chose no address yet."""
    people = Person.objects.bulk_create([Person(email=f"o{n}@example.org", name=f"O{n}") for n in range(count)])
    Place.objects.bulk_create([Place(person=person, zone=territory.clairval) for person in people])
    return list(Place.objects.filter(person__in=people))


def test_nobody_knows_how_many_a_square_must_hold(territory: Cast, settings: Settings) -> None:
    """Whoever owns ten accounts in one learns nothing of an eleventh; nor do they elsewhere, nor on another site."""
    settings.SECRET_KEY = "a site"
    squares = [(2.0 + rank * 0.002, 49.15, 0.002) for rank in range(60)]
    here = [estimates.wanted(square) for square in squares]
    assert set(here) == set(range(11, 17))
    assert [estimates.wanted(square) for square in squares] == here
    settings.SECRET_KEY = "another site"
    assert [estimates.wanted(square) for square in squares] != here
    around = (2.0, 49.15, 2.01, 49.16)
    for number, place in enumerate(settled(territory, 16), 1):
        vault.remember(place, 2.005, 49.155)
        told = vault.crowded([around] * 6, range(11, 17))
        assert told == [number >= least for least in range(11, 17)]


def test_squares_on_either_side_of_greenwich_are_told_apart(territory: Cast) -> None:
    sides = [(-0.002, 49.15, 0.0, 49.16), (0.0, 49.15, 0.002, 49.16)]
    for place in settled(territory, 11):
        vault.remember(place, -0.0005, 49.155)
    assert vault.crowded(sides, [11, 11]) == [True, False]
    assert vault.crowded([(-0.004, 49.15, 0.004, 49.16)], [11]) == [True]
