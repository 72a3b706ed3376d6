"""The geo-vault: points come in, and each person alone learns what falls on theirs (R-PRIV-2, R-PRIV-7, R-PRIV-16)."""

import random
import re
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from parvis.core.models import Job, JournalEntry
from parvis.people import vault
from parvis.people.models import Person, Place
from tests.cast import Cast
from tests.house.source import PACKAGE, sources, where
from tests.worker import run_until_idle

STREET = box(2.10, 49.15, 2.11, 49.16)
LATER = timedelta(days=3)
TABLES = ("spot", "shape", "part", "match")


def settle(person: Person, lon: float, lat: float) -> Place:
    place = Place.objects.get(person=person)
    vault.remember(place, lon, lat, "12 rue des Tisserands")
    return place


def tell(number: int, shape: BaseGeometry, *, position: int = 1 << 20, lasts: timedelta | None = LATER) -> None:
    vault.deliver_inside(number, shape, position=position, expires_at=timezone.now() + lasts if lasts else None)
    run_until_idle()
    assert not Job.objects.exclude(state=Job.State.DONE).exists()


def told(person: Person) -> list[int]:
    return [pending.publication for pending in vault.pending_for(person)]


def stored() -> str:
    """All that the vault holds, as text."""
    with connection.cursor() as cursor:
        found = []
        for name in TABLES:
            cursor.execute(f"SELECT * FROM {table(name)}")
            found += cursor.fetchall()
    return str(found)


def table(name: str) -> str:
    return f"vault.{name}" if connection.vendor == "postgresql" else f"vault_{name}"


def test_tells_whoever_is_inside_and_nobody_else(amina: Person, bruno: Person, chloe: Person) -> None:
    place = settle(amina, 2.105, 49.155)
    settle(bruno, 2.2, 49.155)
    tell(7, STREET, position=9 << 20)
    assert vault.pending_for(amina) == [vault.Pending(9 << 20, 7, place.pk)]
    assert told(bruno) == told(chloe) == []
    assert vault.reached_by(7) == [amina.pk]
    assert vault.reached_by(7, after=amina.pk) == []


def test_a_hole_and_the_room_between_parcels_are_outside(amina: Person, bruno: Person, chloe: Person) -> None:
    settle(amina, 2.155, 49.155)
    settle(bruno, 2.125, 49.155)
    settle(chloe, 2.141, 49.141)
    around = Polygon(box(2.14, 49.14, 2.17, 49.17).exterior, [box(2.15, 49.15, 2.16, 49.16).exterior])
    tell(7, MultiPolygon([box(2.10, 49.15, 2.11, 49.16), around]))
    assert told(amina) == told(bruno) == []
    assert told(chloe) == [7]


def test_who_settles_there_is_told_what_still_runs(amina: Person) -> None:
    tell(7, STREET)
    tell(8, STREET, lasts=None)
    tell(9, STREET, lasts=timedelta(seconds=-5))
    settle(amina, 2.105, 49.155)
    assert sorted(told(amina)) == [7, 8]


def test_another_shape_replaces_the_first(amina: Person, bruno: Person) -> None:
    settle(amina, 2.105, 49.155)
    settle(bruno, 2.2, 49.155)
    tell(7, STREET)
    tell(7, box(2.19, 49.15, 2.21, 49.16))
    assert told(amina) == []
    assert told(bruno) == [7]


def test_moving_forgetting_or_leaving_erases_the_point_and_what_fell_on_it(amina: Person) -> None:
    tell(7, STREET)
    place = settle(amina, 2.1051234, 49.1551234)
    assert "1051234" in stored()
    settle(amina, 2.3, 49.155)
    assert told(amina) == []
    assert "1051234" not in stored()
    settle(amina, 2.105, 49.155)
    vault.forget(place)
    assert told(amina) == []
    assert vault.addresses_of(amina) == {}
    settle(amina, 2.105, 49.155)
    assert vault.addresses_of(amina) == {place.pk: "12 rue des Tisserands"}
    amina.delete()
    assert "Tisserands" not in stored()
    assert vault.reached_by(7) == []


def test_a_place_deleted_behind_our_back_takes_its_point_along(amina: Person) -> None:
    place = settle(amina, 2.105, 49.155)
    tell(7, STREET)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_place WHERE id = %s", [place.pk])
    assert vault.addresses_of(amina) == {}
    assert vault.reached_by(7) == []


def test_what_is_taken_back_or_has_ended_is_nowhere(amina: Person) -> None:
    settle(amina, 2.105, 49.155)
    for number in (7, 8):
        tell(number, STREET)
    vault.take_back(7)
    assert told(amina) == [8]
    tell(8, STREET, lasts=timedelta(seconds=-1))
    assert told(amina) == []
    assert vault.reached_by(8) == [amina.pk]
    vault.purge()
    assert vault.reached_by(8) == []
    assert "210" not in stored().partition("Tisserands")[2]


def test_a_job_that_comes_after_the_withdrawal_tells_nobody(amina: Person) -> None:
    settle(amina, 2.105, 49.155)
    vault.deliver_inside(7, STREET, position=1, expires_at=None)
    vault.take_back(7)
    run_until_idle()
    assert told(amina) == []


def test_newest_first_and_never_more_than_a_page_can_hold(amina: Person) -> None:
    settle(amina, 2.105, 49.155)
    for number in range(1, vault.MOST + 5):
        vault.deliver_inside(number, STREET, position=number << 20, expires_at=None)
    run_until_idle()
    assert told(amina) == list(range(vault.MOST + 4, 4, -1))


def test_more_than_a_chunk_is_told_whole(territory: Cast) -> None:
    """R-PRIV-7: and of them, one learns a band."""
    crowd(territory, 2_300)
    tell(7, STREET)
    first = vault.reached_by(7)
    second = vault.reached_by(7, after=first[-1])
    third = vault.reached_by(7, after=second[-1])
    assert (len(first), len(second), len(third)) == (1_000, 1_000, 300)


@pytest.mark.parametrize(
    ("people", "band"),
    [(0, 0), (1, 0), (10, 0), (11, 1), (49, 1), (50, 2), (199, 2), (200, 3), (999, 3), (1_000, 4), (1_200, 4)],
)
def test_an_estimate_is_a_band(territory: Cast, people: int, band: int) -> None:
    crowd(territory, people)
    assert vault.band_inside(STREET) == vault.Band(band)


def test_one_person_with_two_places_counts_once(territory: Cast) -> None:
    crowd(territory, 10)
    person = Person.objects.earliest("pk")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {'vault.' if connection.vendor == 'postgresql' else 'vault_'}spot SET person = %s", [person.pk]
        )
    crowd(territory, 10, start=10)
    assert vault.band_inside(STREET) is vault.Band.TENS
    assert vault.band_inside(box(0, 0, 1, 1)) is vault.Band.FEW


def crowd(territory: Cast, size: int, start: int = 0) -> None:
    """So many people in the street, with a place each."""
    rows = [Person(email=f"{n}@example.org", name=str(n), password="!") for n in range(start, start + size)]
    places = Place.objects.bulk_create(
        Place(person=one, zone=territory.bois) for one in Person.objects.bulk_create(rows)
    )
    for rank, place in enumerate(places):
        vault.remember(place, 2.1001 + rank % 90 / 10_000, 49.1501 + rank // 90 / 10_000)


def test_a_shape_without_a_surface_and_a_point_out_of_the_world_are_refused(amina: Person) -> None:
    """R-PRIV: and no message says which."""
    for shape in (Point(2.105, 49.155), LineString([(2, 49), (3, 49)]), Polygon()):
        assert vault.band_inside(shape) is vault.Band.FEW
        with pytest.raises(vault.Sealed, match="nothing"):
            vault.deliver_inside(7, shape, position=1, expires_at=None)
    for lon, lat in ((float("nan"), 49.1), (2.1051234, 149.1), (float("inf"), 49.1)):
        with pytest.raises(vault.Sealed) as refusal:
            settle(amina, lon, lat)
        assert "1051234" not in str(refusal.value)


def test_an_error_of_the_database_says_nothing(amina: Person, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(vault.Sealed) as refusal:
        vault.remember(Place(pk=None, person=amina), 2.1051234, 49.1551234, "12 rue des Tisserands")
    assert not re.search("1051234|Tisserands", f"{refusal.value!r} {refusal.value.__cause__!r} {caplog.text}")
    assert refusal.value.__suppress_context__


def test_to_read_waits_for_nobody_who_writes(amina: Person, territory: Cast) -> None:
    """A transaction of SQLite is the only one that may write: a page that began one would stand in their queue."""
    settle(amina, 2.105, 49.155)
    with CaptureQueriesContext(connection) as asked:
        vault.pending_for(amina)
        vault.addresses_of(amina)
        vault.places_in(territory.clairval)
        vault.band_inside(STREET)
        vault.crowded([(2.0, 49.0, 2.1, 49.1)], [11])
    assert asked.captured_queries
    assert not [query for query in asked.captured_queries if "SELECT" not in query["sql"]]


def test_the_journal_knows_neither_shape_nor_people(amina: Person) -> None:
    settle(amina, 2.105, 49.155)
    tell(7, STREET)
    entry = JournalEntry.objects.get(verb="shape.laid")
    assert (entry.actor_id, entry.target_id, entry.details) == (None, None, {"publication": 7})


def test_inside_is_what_geometry_says(territory: Cast) -> None:
    """Both databases agree with shapely, a centimetre from the line apart."""
    draw = random.Random(60)
    crowd(territory, 300)
    homes = {person.pk: draw_point(draw) for person in Person.objects.all()}
    for place in Place.objects.all():
        vault.remember(place, *homes[place.person_id])
    for number in range(1, 25):
        shape = Polygon([draw_point(draw) for _corner in range(draw.randint(3, 9))]).buffer(0)
        tell(number, shape)
        sure = {pk for pk, home in homes.items() if shape.boundary.distance(Point(home)) > 1e-7}
        expected = {pk for pk in sure if shape.contains(Point(homes[pk]))}
        assert set(vault.reached_by(number)) & sure == expected, shape.wkt


def draw_point(draw: random.Random) -> tuple[float, float]:
    return draw.uniform(2.1, 2.11), draw.uniform(49.15, 49.16)


def test_the_program_calls_the_vault_and_reads_nothing_of_it(amina: Person) -> None:
    """R-PRIV-2, once the operator gave the vault to a role of its own; a file of SQLite has one owner."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE parvis_program NOLOGIN")
        for kind in ("TABLES", "SEQUENCES"):
            cursor.execute(f"GRANT ALL ON ALL {kind} IN SCHEMA public TO parvis_program")
        cursor.execute("ALTER SCHEMA vault OWNER TO parvis_program")
        for _twice in range(2):
            cursor.execute((PACKAGE / "people/vault/role.sql").read_text("utf-8").replace("%", "%%"), [])
        cursor.execute("SET ROLE parvis_program")
        try:
            place = settle(amina, 2.105, 49.155)
            tell(7, STREET)
            assert told(amina) == [7]
            for table in ("spot", "shape", "part", "match"):
                for act in (
                    f"SELECT * FROM vault.{table}",
                    f"DELETE FROM vault.{table}",
                    f"TABLE vault.{table} LIMIT 1",
                ):
                    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                        cursor.execute(act)
            place.delete()
            assert told(amina) == []
        finally:
            cursor.execute("RESET ROLE")


def test_nothing_else_touches_the_tables_of_the_vault() -> None:
    own = {PACKAGE / "people/vault", PACKAGE / "people/migrations"}
    named = re.compile(r"vault[_.](spot|shape|part|match)\b|people\.vault\.\w+ import|people\.vault import")
    wrong = [
        where(path)
        for path in sources(tests=False)
        if not own & set(path.parents) and named.search(path.read_text("utf-8"))
    ]
    assert wrong == []
