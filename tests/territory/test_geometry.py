"""From a point to its zones, on the squares of Val-d’Ombre; the territory as pages know it; the search of a commune."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from shapely import to_wkb
from shapely.geometry import box

from parvis.territory.current import current, forget
from parvis.territory.geometry import zones_at
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
