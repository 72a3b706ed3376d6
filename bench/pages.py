"""How much the main pages cost, beside the cheapest one, in one run on one machine.

    PARVIS_DATA_DIR=… python bench/pages.py [--repeat 100]

Run on the data directory of a demonstration. Figures are milliseconds in process (no server, no network) and
the number of queries; compare the ratios of one run, since machines are noisy.
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")

import django

django.setup()

from django.db import connection
from django.test import Client
from rich.console import Console
from rich.table import Table

from parvis.people.models import Person
from parvis.publications.models import Publication
from parvis.territory.models import Zone


def pages() -> list[tuple[str, str, Client]]:
    """Name, address and client of each page measured; the first is the floor."""
    visitor, member = Client(SERVER_NAME="127.0.0.1"), Client(SERVER_NAME="127.0.0.1")
    person = Person.objects.filter(is_active=True, places__isnull=False).order_by("pk")[0]
    member.force_login(person)
    commune = Zone.objects.current().of_kind(Zone.Kind.COMMUNE).order_by("-population")[0]
    event = Publication.objects.visible_to(None).of_kind("event").order_by("-position")[0]
    return [
        ("robots.txt (constant)", "/robots.txt", visitor),
        ("home, visitor", "/", visitor),
        ("home, member", "/", member),
        ("largest commune", commune.get_absolute_url(), visitor),
        ("agenda", "/agenda/", visitor),
        ("an event", event.get_absolute_url(), visitor),
        ("directory, élus", "/annuaire/?type=elu", visitor),
        ("agenda.ics", "/agenda.ics", visitor),
    ]


def measure(client: Client, address: str, repeat: int) -> tuple[float, float, int, int]:
    """Median and 99th percentile in milliseconds, queries and bytes of one page."""
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}: nothing to measure.")
    size = len(answer.content)
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=100)[98], len(asked), size


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeat", type=int, default=100)
    repeat = parser.parse_args().repeat
    table = Table(
        "page", "p50 ms", "p99 ms", "× constant", "queries", "KB", title=f"{platform.platform()}, {os.cpu_count()} CPU"
    )
    floor = 0.0
    for name, address, client in pages():
        median, high, queries, size = measure(client, address, repeat)
        floor = floor or median
        table.add_row(name, f"{median:.1f}", f"{high:.1f}", f"{median / floor:.0f}", str(queries), f"{size / 1024:.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
