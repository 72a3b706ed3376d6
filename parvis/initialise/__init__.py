"""The territory and its registers, in one transaction: from nothing (`parvis init`), or brought up to date."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from types import MappingProxyType

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from parvis.core import journal
from parvis.core.text import NBSP, NNBSP
from parvis.initialise.following import follow
from parvis.initialise.report import Report, people_in_office
from parvis.people.models import Mandate, Voice, VoiceName
from parvis.people.registers import import_elus
from parvis.territory import current
from parvis.territory.importer import Changes, TerritoryError, country, import_territory
from parvis.territory.importer import Progress as Told
from parvis.territory.importer.merge import with_room
from parvis.territory.importer.scope import COUNTRY, resolve
from parvis.territory.models import Neighbour, PostalCode, Territory, Zone, ZoneLink, ZoneName

# The register is the longer half.
TERRITORY_SHARE = 0.45
# How many rows SQLite takes a table for when nobody told it; how many share a type, a place, a place and a type.
SPREAD = [
    ("voice_directory", "1048576 262144 262144 1"),
    ("voice_heard_of_kind", "1048576 262144 262144 1"),
    ("voice_zone", "1048576 15 8 8 8"),
]
# The tables that the files fill.
REGISTERS = (Zone, ZoneName, ZoneLink, Neighbour, PostalCode, Voice, VoiceName, Mandate)


def check_codes(codes: list[str]) -> None:
    """Raise TerritoryError for a code that is no territory's, before anything is written."""
    # The country is always one; read once more, it would leave no room to import it in.
    if codes != [COUNTRY]:
        resolve(codes, country.read())


def initialise(
    codes: list[str],
    console: Console,
    *,
    successors: Mapping[str, str] = MappingProxyType({}),
    dry_run: bool = False,
) -> Territory:
    """Import the territory of `codes` and its élus, or leave the database as it was (TerritoryError).

    In a territory already there, what people have and said follows the zones, and each change is told; run again
    with the same files it changes nothing. `successors` are those, by code, of what the files no longer have. A
    `dry_run` tells and changes nothing.
    """
    started = monotonic()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with (
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar,
        with_room(),
        transaction.atomic(),
    ):
        task = bar.add_task("Territoire", total=1.0)
        known = Territory.objects.values_list("version", flat=True).first()
        changes, before = Changes(), people_in_office() if known else None
        progress = _part(bar, task, 0.0, TERRITORY_SHARE)
        territory = import_territory(codes, progress, successors=successors, changes=changes)
        elus = import_elus(_part(bar, task, TERRITORY_SHARE, 1.0))
        report = Report(before, people_in_office()) if before else None
        if report:
            follow(changes, report)
        if territory.version != known or (report and report.lines):
            journal.record("territory.imported", by=None, target=territory, version=territory.version, codes=codes)
            weigh()
        summary = _summary(territory, elus)
        transaction.set_rollback(dry_run)
    current.forget()
    if report:
        _tell(report, console, dry_run=dry_run)
    seconds = f"{monotonic() - started:.1f}".replace(".", ",")
    console.print(f"{summary} en {seconds}{NBSP}s", highlight=False, soft_wrap=True)
    return territory


def weigh() -> None:
    """Tell the database how the registers are spread: SQLite never looks by itself, PostgreSQL only later.

    Without it SQLite takes a type of profile, half a million in a country, for as rare as a commune. It is told what
    holds anywhere rather than asked to look (sqlite.org/optoverview.html, « Manual control of query plans »): on the
    first day no profile is anyone's, and an index by person would look useless for good.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in REGISTERS:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(table._meta.db_table)}")
            return
        # The first makes the table when there is none, the second has what it holds read again.
        cursor.execute("ANALYZE sqlite_schema")
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.executemany("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('people_voice', %s, %s)", SPREAD)
        cursor.execute("ANALYZE sqlite_schema")


def update(console: Console, *, successors: Mapping[str, str], dry_run: bool) -> Territory:
    """Bring the territory of this site up to date with the files installed (see `initialise`)."""
    territory = Territory.objects.first()
    if territory is None:
        raise TerritoryError("Aucun territoire ici : commencez par parvis init.")
    with on_a_copy(connection) if dry_run else nullcontext():
        return initialise(territory.codes, console, successors=successors, dry_run=dry_run)


@contextmanager
def on_a_copy(database: BaseDatabaseWrapper) -> Iterator[None]:
    """Where one writer keeps all others waiting (SQLite), try things on a copy, while the site goes on."""
    site = database.settings_dict["NAME"]
    if database.vendor != "sqlite" or database.in_atomic_block or not Path(site).is_file():
        yield
        return
    with TemporaryDirectory(prefix="essai-", dir=Path(site).parent) as folder:
        copy = Path(folder) / Path(site).name
        with database.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        try:
            database.close()
            database.settings_dict["NAME"] = copy
            yield
        finally:
            database.close()
            database.settings_dict["NAME"] = site


def _tell(report: Report, console: Console, *, dry_run: bool) -> None:
    for line in report.told() or ["Rien n’a changé dans les registres."]:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    if dry_run:
        console.print("Essai seulement : rien n’est écrit.", highlight=False, soft_wrap=True)


def _part(bar: Progress, task: TaskID, start: float, end: float) -> Told:
    """A progress that fills the bar from `start` to `end`."""

    def progress(step: str, share: float) -> None:
        bar.update(task, description=step, completed=start + share * (end - start))

    return progress


def _summary(territory: Territory, elus: int) -> str:
    """« Oise : 680 communes, 21 cantons, 21 intercommunalités, 9 658 élus »."""
    zones = Zone.objects.current()
    kinds = (
        (Zone.Kind.COMMUNE, "commune"),
        (Zone.Kind.ARRONDISSEMENT, "arrondissement"),
        (Zone.Kind.CANTON, "canton"),
        (Zone.Kind.EPCI, "intercommunalité"),
    )
    counts = [(zones.of_kind(kind).count(), word) for kind, word in kinds] + [(elus, "élu")]
    told = (
        f"{count:,}".replace(",", NNBSP) + f"{NBSP}{word}{'s' if count > 1 else ''}" for count, word in counts if count
    )
    return f"{territory.name}{NBSP}: {', '.join(told)}"
