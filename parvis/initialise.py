"""`parvis init`: the territory and its registers, in one transaction, with a progress bar."""

from time import monotonic

from django.db import transaction
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from parvis.core import journal
from parvis.core.text import NBSP, NNBSP
from parvis.people.registers import import_elus
from parvis.territory.importer import Progress as Told
from parvis.territory.importer import import_territory
from parvis.territory.models import Territory, Zone

# The register is the longer half.
TERRITORY_SHARE = 0.45


def initialise(codes: list[str], console: Console) -> Territory:
    """Import the territory of `codes` and its élus, or leave the database as it was (TerritoryError).

    Run again with the same files it changes nothing.
    """
    started = monotonic()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with (
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar,
        transaction.atomic(),
    ):
        known = Territory.objects.values_list("version", flat=True).first()
        task = bar.add_task("Territoire", total=1.0)
        territory = import_territory(codes, _part(bar, task, 0.0, TERRITORY_SHARE))
        elus = import_elus(_part(bar, task, TERRITORY_SHARE, 1.0))
        if territory.version != known:
            journal.record("territory.imported", by=None, target=territory, version=territory.version, codes=codes)
    seconds = f"{monotonic() - started:.1f}".replace(".", ",")
    console.print(f"{_summary(territory, elus)} en {seconds}{NBSP}s", highlight=False, soft_wrap=True)
    return territory


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
