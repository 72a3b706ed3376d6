"""What pages cost when nothing is kept of them, in several territories beside the first: a country, a département.

    python -m bench.pages WORLD… [--departement 60] [--repeat 9]

Each WORLD is a data directory where `parvis init` was run, or the address of a PostgreSQL database; the département
is in each. Milliseconds by the clock, database included, without server or network: the best of `--repeat` answers to
a visitor. « Anew » forgets everything before each; « page » only the pages kept whole, as after an act that changes
none of the counts.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")

import django

django.setup()

from django.db import connection
from django.test import Client
from rich import box
from rich.console import Console
from rich.table import Table

from parvis.core import kept
from parvis.territory.current import current
from parvis.territory.models import Zone


def pages(departement: str) -> dict[str, str]:
    """Name and address of each page."""
    whole = Zone.objects.current().drawn().get(kind=Zone.Kind.DEPARTEMENT, code=departement)
    parts = Zone.objects.current().drawn().overlapping(whole)
    commune = parts.of_kind(Zone.Kind.COMMUNE).order_by("-population")[0]
    epci = parts.of_kind(Zone.Kind.EPCI).order_by("-population")[0]
    canton = parts.of_kind(Zone.Kind.CANTON).order_by("code")[0]
    directory = "/annuaire/?"
    return {
        "home": "/",
        "directory": directory,
        "élus": f"{directory}type=elu",
        "élus by name": f"{directory}type=elu&tri=nom",
        "services": f"{directory}type=service",
        "élus of the département": f"{directory}type=elu&departement={whole.code}",
        "directory of the canton": f"{directory}canton={canton.code}",
        "around the largest commune": f"{directory}commune={commune.code}&tri=proximite",
        "a name": f"{directory}q=martin",
        "map": f"{directory}vue=carte",
        "map of a theme": f"{directory}vue=carte&theme=sport",
        "largest commune": commune.get_absolute_url(),
        "canton": canton.get_absolute_url(),
        "intercommunalité": epci.get_absolute_url(),
        "département": whole.get_absolute_url(),
        "agenda": "/agenda/",
        "communes": "/communes/",
        "communes, a name": "/communes/?q=saint",
        "search": "/recherche/?q=martin",
        "feeds": "/flux/",
    }


def best(address: str, repeat: int, forget: Callable[[], None]) -> tuple[float, int, int]:
    """The quickest answer in milliseconds, how many queries and bytes."""
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    client, times, size = Client(SERVER_NAME="127.0.0.1"), [], 0
    for _ in range(repeat):
        forget()
        asked.clear()
        with connection.execute_wrapper(note):
            start = time.perf_counter()
            answer = client.get(address)
            times.append((time.perf_counter() - start) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}: nothing to measure.")
        size = len(answer.content)
    return min(times), len(asked), size


def measure(departement: str, repeat: int) -> dict[str, Any]:
    """This world: its name, and for each page what it costs anew and once counts are kept."""
    territory = current()
    if territory is None:
        raise SystemExit("No territory there: run parvis init first.")
    found = {}
    for name, address in pages(departement).items():
        anew, queries, size = best(address, repeat, kept.forget)
        again, _queries, _size = best(address, repeat, kept.forget_pages)
        found[name] = [anew, again, queries, size / 1024]
    return {"name": f"{territory.name}, {connection.vendor}", "pages": found}


def measured(place: str, options: argparse.Namespace) -> dict[str, Any]:
    """`measure` of another world, in a process of its own."""
    named = {"DATABASE_URL": place} if "://" in place else {"PARVIS_DATA_DIR": str(Path(place).resolve())}
    asked = ["--departement", options.departement, "--repeat", str(options.repeat)]
    command = [sys.executable, "-m", "bench.pages", "--this", *asked]
    said = subprocess.run(command, env=os.environ | named, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(said)
    return found


def table_of(worlds: list[dict[str, Any]]) -> Table:
    """A row for each page: anew and page in each world, and the ratios of each to the first."""
    heads = [f"{world['name']}: anew · page" for world in worlds]
    table = Table("page", *heads, *["× the first"] * (len(worlds) - 1), "queries", "KB", box=box.MARKDOWN)
    for name, first in worlds[0]["pages"].items():
        rows = [world["pages"][name] for world in worlds]
        ratios = [f"{row[0] / first[0]:.1f} · {row[1] / first[1]:.1f}" for row in rows[1:]]
        last = rows[-1]
        table.add_row(name, *(f"{row[0]:.0f} · {row[1]:.0f}" for row in rows), *ratios, f"{last[2]}", f"{last[3]:.0f}")
    return table


def main() -> None:
    """Measure each world and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("worlds", nargs="*", help="data directories or database addresses, the smallest first")
    parser.add_argument("--departement", default="60")
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--this", action="store_true", help="only the world of the environment, as JSON")
    options = parser.parse_args()
    if options.this:
        sys.stdout.write(json.dumps(measure(options.departement, options.repeat)))
        return
    Console(width=220).print(table_of([measured(place, options) for place in options.worlds]))


if __name__ == "__main__":
    main()
