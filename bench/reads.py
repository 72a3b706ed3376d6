"""How long each read statement takes as the world grows, and whether its plan ever reads a whole table.

    python -m bench.reads WORLD… [--samples 200]

Each WORLD was filled by bench.world: a data directory, or the address of a PostgreSQL database. The statements are
those that the product sends for members and communes taken at random; each is asked again three times on a warm
database, and its median kept. Given worlds of several sizes, the growth from one to the next is printed.
"""

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")

import django

django.setup()

from django.db import connection
from django.utils import timezone
from rich import box
from rich.console import Console
from rich.table import Table

from parvis.agenda.days import Month
from parvis.agenda.models import DayCount, Showing
from parvis.agenda.views.agenda import MONTHLY, TITLES
from parvis.core.statements import driver_of
from parvis.people.models import Person, Place, Voice
from parvis.publications.around import newest_around
from parvis.publications.feed import feed_for
from parvis.publications.models import Delivery, Publication
from parvis.territory.models import Territory, Zone, ZoneLink

# A table that does not grow with the world, or what a statement made for itself, may be read whole.
FIXED = re.compile(r"SCAN (p|qualify|heard|newest|written|told|way\d*|\(.*|(\d+ )?CONSTANT.*|territory_\w+)\b")
WHOLE, REPEATS = 5_000, 3
# What the product asks through core/statements.py, so that PostgreSQL prepares it.
PREPARED = {"feed", "feed, one kind", "feed, next page", "agenda block", "month", "commune page"}


class World:
    """Some of the people and places of this world, and what is read for them."""

    def __init__(self, samples: int) -> None:
        chance = random.Random(1)
        numbers = list(Person.objects.filter(places__isnull=False).values_list("pk", flat=True))
        self.people = list(Person.objects.filter(pk__in=chance.choices(numbers, k=samples)))
        homes = Place.objects.filter(person__in=self.people).select_related("zone")
        self.home = {place.person_id: place.zone for place in homes}
        links = ZoneLink.objects.filter(part__in=[zone.pk for zone in self.home.values()]).select_related("whole")
        self.wholes = defaultdict[int, list[Zone]](list)
        for link in links.defer("whole__geometry"):
            self.wholes[link.part_id].append(link.whole)
        last = Publication.objects.order_by("-pk")[0].pk
        self.said = [chance.randrange(last // 2, last) for _ in self.people]
        self.words = [person.name.split()[-1][: chance.randrange(3, 6)] for person in self.people]
        self.root = Territory.objects.get().root

    def epci(self, person: Person) -> Zone:
        """Where the events someone goes to are."""
        home = self.home[person.pk]
        return next((zone for zone in self.wholes[home.pk] if zone.kind == Zone.Kind.EPCI), home)

    def commune_page(self, person: Person) -> None:
        """What is said on the page of a commune."""
        home = self.home[person.pk]
        newest_around(home, [zone.pk for zone in self.wholes[home.pk] if zone != home], ("notice", "post"), 5)

    def month(self, person: Person) -> None:
        """A month of an EPCI, as the agenda shows it."""
        zone, month = self.epci(person), Month(timezone.localdate().replace(day=1))
        counts = DayCount.objects.in_zone(zone).between(month.first, month.last).values_list("day", "category", "count")
        begins = Showing.objects.visible_to(None).in_zone(zone).beginning(month.first, month.last)
        if sum(count for _day, _category, count in counts) <= MONTHLY:
            list(begins.firsts(TITLES).titled())

    def reads(self) -> dict[str, Callable[[int], object]]:
        """Each read, given the rank of a person."""
        people = self.people
        return {
            "feed": lambda rank: feed_for(people[rank]),
            "feed, one kind": lambda rank: feed_for(people[rank], kind="event"),
            "feed, next page": lambda rank: feed_for(people[rank], before=feed_for(people[rank]).next_before or 1),
            "agenda block": lambda rank: list(
                Showing.objects.visible_to(None).in_zone(self.epci(people[rank])).upcoming(timezone.now()).shown()[:8]
            ),
            "month": lambda rank: self.month(people[rank]),
            "commune page": lambda rank: self.commune_page(people[rank]),
            "gate on one object": lambda rank: list(
                Publication.objects.open_to(people[rank]).filter(pk=self.said[rank]).shown()
            ),
            "search by name": lambda rank: list(
                Voice.objects.listed_in_directory().named(self.words[rank]).order_by("search_name").shown()[:12]
            ),
        }


def asked(read: Callable[[int], object], rank: int) -> list[tuple[str, Any]]:
    """The statements of one read; of the next page, the last one alone."""
    statements: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, *rest)

    with connection.execute_wrapper(note):
        read(rank)
    return [one for one in statements if "people_audience" not in one[0][:60]]


def seconds(statements: list[tuple[str, Any]], *, bound: bool) -> float:
    """How long the database takes for them, rows fetched; `bound` as core/statements.py asks, prepared."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        for sql, params in statements:
            cursor = driver_of(connection) if bound and connection.vendor == "postgresql" else connection.cursor()
            cursor.execute(sql, params)
            cursor.fetchall()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def whole_reads(statements: list[tuple[str, Any]]) -> Iterator[str]:
    """The tables that a plan reads from one end to the other."""
    with connection.cursor() as cursor:
        for sql, params in statements:
            if connection.vendor == "sqlite":
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
                found = [row[3] for row in cursor.fetchall()]
                yield from (line for line in found if line.startswith("SCAN") and not FIXED.match(line))
                continue
            cursor.execute(f"EXPLAIN {sql}", params)
            for line in [row[0] for row in cursor.fetchall()]:
                if seq := re.search(r"Seq Scan on (\w+)", line):
                    cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [seq[1]])
                    yield from [seq[0]] if cursor.fetchone()[0] > WHOLE else []


def measure(samples: int) -> dict[str, Any]:
    """This world: its size, and for each read p50 and p99 in milliseconds and what its plan reads whole."""
    world, found = World(samples), {}
    for name, read in world.reads().items():
        times, whole = [], set[str]()
        for rank in range(len(world.people)):
            statements = asked(read, rank)
            statements = statements[-1:] if name == "feed, next page" else statements
            times.append(seconds(statements, bound=name in PREPARED) * 1000)
            if rank < 20:
                whole |= set(whole_reads(statements))
        found[name] = [statistics.median(times), statistics.quantiles(times, n=100)[98], sorted(whole)]
    return {"database": connection.vendor, "deliveries": Delivery.objects.count(), "reads": found}


def measured(place: str, samples: int) -> dict[str, Any]:
    """`measure` of another world, in a process of its own."""
    named = {"DATABASE_URL": place} if "://" in place else {"PARVIS_DATA_DIR": str(Path(place).resolve())}
    command = [sys.executable, "-m", "bench.reads", "--this", "--samples", str(samples)]
    said = subprocess.run(command, env=os.environ | named, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(said)
    return found


def table_of(worlds: list[dict[str, Any]]) -> Table:
    """p50 and p99 of each size, and how much they grow to the largest."""
    sizes = [f"{world['deliveries']:.0e}".replace("e+0", "0^")[1:] for world in worlds]
    heads = [f"1{size}" for size in sizes]
    growth = [f"{name} × from {head}" for head in heads[:-1] for name in ("p50", "p99")]
    table = Table("read, ms p50 / p99", *heads, *growth, "reads whole", box=box.MARKDOWN, title=worlds[0]["database"])
    for name in worlds[0]["reads"]:
        rows = [world["reads"][name] for world in worlds]
        last = rows[-1]
        ratios = [f"{last[part] / row[part]:.1f}" for row in rows[:-1] for part in (0, 1)]
        whole = sorted({line for row in rows for line in row[2]})
        table.add_row(name, *(f"{row[0]:.2f} / {row[1]:.2f}" for row in rows), *ratios, "; ".join(whole) or "nothing")
    return table


def main() -> None:
    """Measure each world and print one table for each kind of database."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("worlds", nargs="*", help="data directories or database addresses, the smallest first")
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--this", action="store_true", help="only the world of the environment, as JSON")
    options = parser.parse_args()
    if options.this:
        sys.stdout.write(json.dumps(measure(options.samples)))
        return
    found = [measured(place, options.samples) for place in options.worlds]
    for vendor in dict.fromkeys(world["database"] for world in found):
        Console(width=220).print(table_of([world for world in found if world["database"] == vendor]))


if __name__ == "__main__":
    main()
