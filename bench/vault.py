"""What the geo-vault costs with 200,000 points: an estimate, a delivery to 10,000 people, one to 50 parcels, a move.

    python -m bench.vault [--points 200000]

On the database of the settings, which it fills and leaves so: an empty one. PostgreSQL with DATABASE_URL.
"""

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from shapely.geometry import GeometryCollection, MultiPolygon, Point, box
from shapely.geometry.base import BaseGeometry

from parvis.people import vault
from parvis.people.models import Person, Place
from parvis.publications.estimates import WIDEST, blocks
from parvis.publications.models import Cut
from parvis.territory.models import Zone

# About the Oise; most people live in a tenth of it.
WEST, SOUTH, EAST, NORTH = 1.7, 49.05, 3.15, 49.75
BATCH = 10_000


def fill(points: int) -> None:
    """So many people, each with an exact home."""
    named = {"name": "Banc", "slug": "banc", "search_name": "banc"}
    commune = Zone.objects.get_or_create(kind="commune", code="00000", defaults=named)[0]
    # Interrupted, it goes on from where it was.
    for start in range(Place.objects.count(), points, BATCH):
        chance = random.Random(start)
        with transaction.atomic():
            numbers = range(start, min(start + BATCH, points))
            people = Person.objects.bulk_create(Person(email=f"v{n}@bench.invalid", name="v") for n in numbers)
            homes = [Place(person=one, zone=commune, precision="exact") for one in people]
            for place in Place.objects.bulk_create(homes):
                town = chance.random() < 0.5
                lon = chance.gauss(2.08, 0.03) if town else chance.uniform(WEST, EAST)
                lat = chance.gauss(49.43, 0.02) if town else chance.uniform(SOUTH, NORTH)
                vault.remember(place, lon, lat)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def timed(name: str, act: Callable[[int], object], times: int = 9) -> None:
    """Print the median and the worst of `times`, and the mean of the CPU they took here and in the database, in ms."""
    took, began_at = [], worked()
    for rank in range(times):
        began = time.perf_counter()
        act(rank)
        took.append((time.perf_counter() - began) * 1_000)
    busy = (worked() - began_at) / times
    print(f"| {name} | {statistics.median(took):.1f} | {max(took):.1f} | {busy:.1f} |")


def worked() -> float:
    """CPU of this process, and of that of PostgreSQL which answers it when it is on this machine, in ms."""
    here = time.process_time() * 1_000
    if connection.vendor != "postgresql":
        return here
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [number] = cursor.fetchone()
    # « utime » and « stime », after the name of the program, which may hold spaces.
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return here + (int(fields[11]) + int(fields[12])) * 1_000 / os.sysconf("SC_CLK_TCK")


def deliver(number: int, shape: MultiPolygon) -> None:
    """Told, job included."""
    vault.deliver_inside(number, shape, position=number << 20, expires_at=None)
    vault.deliver(number)


def estimate(shape: BaseGeometry) -> vault.Band:
    """What a service is answered: the blocks that the drawing covers, then how many live in them."""
    return vault.band_inside(GeometryCollection(blocks(shape)))


def first_estimate(shape: BaseGeometry) -> vault.Band:
    """The same, when nobody asked over these squares for three months: they are cut first."""
    Cut.objects.all().delete()
    return estimate(shape)


def main() -> None:
    """Fill an empty database, then measure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--points", type=int, default=200_000)
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    if Place.objects.count() < asked.points:
        began = time.perf_counter()
        fill(asked.points)
        print(f"{asked.points} points remembered in {time.perf_counter() - began:.0f} s")
    town = Point(2.08, 49.43)
    street = [Point(2.08 + rank / 1_000, 49.43).buffer(0.002) for rank in range(20)]
    quarter = MultiPolygon([town.buffer(0.0115)])
    widest = town.buffer(WIDEST / 2)
    parcels = MultiPolygon([box(2.05 + n / 900, 49.43, 2.0505 + n / 900, 49.4304) for n in range(50)])
    deliver(1, quarter)
    reached, after = 0, 0
    while told := vault.reached_by(1, after):
        reached, after = reached + len(told), told[-1]
    print("| what | ms, median | ms, worst | ms of CPU |\n|---|---|---|---|")
    timed("count within a street", lambda rank: vault.band_inside(street[rank]))
    timed("count within the whole territory", lambda _rank: vault.band_inside(box(WEST, SOUTH, EAST, NORTH)))
    for name, drawn in (("a street", street[0]), ("a quarter of 10,000", quarter), ("as wide as one may", widest)):
        timed(f"first estimate over its squares, {name}", lambda _rank, drawn=drawn: first_estimate(drawn))
        timed(f"estimate by blocks, {name}", lambda _rank, drawn=drawn: estimate(drawn))
    timed(f"delivery to {reached} people", lambda rank: deliver(2 + rank, quarter))
    timed("delivery to 50 parcels", lambda rank: deliver(20 + rank, parcels))
    homes = list(Place.objects.order_by("pk")[:20])
    timed("a home moves, with 20 shapes running", lambda rank: vault.remember(homes[rank], 2.08, 49.43))
    timed("what runs on the home of someone", lambda rank: vault.pending_for(homes[rank].person))


if __name__ == "__main__":
    main()
