"""From a point to its zones, on the squares of Val-d’Ombre; the territory as pages know it; the search of a commune."""

from time import process_time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from shapely import to_wkb
from shapely.geometry import LineString, Point, box

from parvis.territory.current import current, forget
from parvis.territory.geometry import buffered, square_metres, zones_at
from parvis.territory.models import Territory, Zone
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_zones_of_a_point_smallest_first(territory: Cast) -> None:
    point = territory.ormoy
    assert point.lon is not None
    assert point.lat is not None
    kinds = [zone.kind for zone in zones_at(point.lon, point.lat)]
    assert kinds[0] == "commune"
    assert kinds.index("canton") < kinds.index("departement")


def test_a_point_outside_has_no_zone(territory: Cast) -> None:
    assert zones_at(-60.0, -60.0) == []


def test_no_territory_no_zone() -> None:
    assert current() is None
    assert zones_at(2.0, 49.0) == []


def test_shapes_are_read_again_when_the_version_moves(territory: Cast) -> None:
    assert zones_at(-60.0, -60.0) == []
    Zone.objects.filter(pk=territory.ormoy.pk).update(geometry=to_wkb(box(-61, -61, -59, -59)))
    assert zones_at(-60.0, -60.0) == []
    Territory.objects.update(version=2)
    # Seconds later.
    forget()
    assert zones_at(-60.0, -60.0) == [territory.ormoy]


def test_a_point_costs_two_statements(territory: Cast) -> None:
    zones_at(0.5, 0.5)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        zones_at(0.5, 0.5)
    assert len(queries) <= 2
    assert not any('"geometry"' in query["sql"] for query in queries)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("clairval", ["Clairval"]),
        ("étang", ["L’Étang-Neuf"]),
        ("ETANG NEUF", ["L’Étang-Neuf"]),
        ("99130", ["L’Étang-Neuf", "Ormoy"]),
        ("991", ["Bois-le-Comte", "Clairval", "Les Essarts", "L’Étang-Neuf", "Ormoy", "Saint-Rémy"]),
        ("99004", ["Ormoy"]),
        ("", []),
        ("…", []),
        ("zzz", []),
    ],
)
def test_a_commune_is_found_without_accents_or_by_postal_code(territory: Cast, asked: str, found: list[str]) -> None:
    names = [zone.name for zone in Zone.objects.joinable().named(asked)]
    assert sorted(names) == sorted(found)


@pytest.mark.parametrize("metres", [1, 30, 500])
def test_a_tight_zigzag_is_widened_at_once(metres: int) -> None:
    """Widened whole, 500 points within twenty metres took three seconds."""
    zigzag = LineString([(2.5 + turn * 4e-7, 49.4 + turn % 2 * 0.02) for turn in range(500)])
    began = process_time()
    widened = buffered(zigzag, metres)
    assert process_time() - began < 1
    assert widened.is_valid
    assert square_metres(widened) == pytest.approx(square_metres(buffered(box(*zigzag.bounds), metres)), rel=0.01)


def test_what_is_widened_keeps_its_surface_and_its_holes() -> None:
    ring = box(2.5, 49.4, 2.52, 49.42).difference(box(2.505, 49.405, 2.515, 49.415))
    both = buffered(ring.union(box(2.53, 49.4, 2.54, 49.41)), 100)
    assert both.covers(ring)
    assert not both.covers(box(2.505, 49.405, 2.515, 49.415))
    assert buffered(Point(2.5, 49.4), 100).covers(Point(2.501, 49.4))
