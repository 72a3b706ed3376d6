"""How the territory changes once it is there: files laid over it, each checked whole before any of it is written."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

from django.db import transaction
from django.db.models import F

from parvis.core import journal
from parvis.core.journal import Actor
from parvis.territory import current
from parvis.territory.files import addresses, contours, parcels, quartiers
from parvis.territory.files.opened import Told, UnreadableFile
from parvis.territory.files.report import Report
from parvis.territory.files.stage import Stage
from parvis.territory.models import Territory

__all__ = ["KINDS", "Report", "UnreadableFile", "import_file"]


class Reader(Protocol):
    """Sets aside what a file says, each line checked."""

    def __call__(self, path: Path, stage: Stage, told: Told) -> Report: ...


class Kind(NamedTuple):
    """How files of one kind are read and written; those of a million rows, in a transaction for each commune."""

    stage: Callable[..., Report]
    write: Callable[[Stage, Report], None]
    by_commune: bool = False


KINDS: dict[str, Kind] = {
    "addresses": Kind(addresses.stage, addresses.write, by_commune=True),
    "parcels": Kind(parcels.stage, parcels.write, by_commune=True),
    "contours": Kind(contours.stage, contours.write),
    "quartiers": Kind(quartiers.stage, quartiers.write),
}


def import_file(
    kind: str,
    path: Path,
    *,
    by: Actor | None,
    told: Told,
    check: bool = False,
    leave_out: bool = False,
    **options: str,
) -> Report:
    """Read a file of one of KINDS and write what it says; UnreadableFile when it cannot be read.

    Nothing is written with `check`, nor when a line is refused, unless `leave_out` says to do without those lines. All
    of it is read before any of it is written. Interrupted, each commune is as before or as the file says, and the same
    file again does the rest.
    """
    read: Reader = partial(KINDS[kind].stage, **options)
    with Stage() as stage:
        report = read(path, stage, told)
        if check or (report.refused.count and not leave_out) or not stage.communes():
            return report
        # One transaction for a whole département would hold SQLite's only writer, and the site, for minutes.
        with nullcontext() if KINDS[kind].by_commune else transaction.atomic():
            KINDS[kind].write(stage, report)
            report.written = True
            _note(kind, report, by)
    current.forget()
    return report


@transaction.atomic
def _note(kind: str, report: Report, by: Actor | None) -> None:
    """What is kept in memory of the territory falls, and what follows from the file is queued."""
    if not report.changed:
        return
    territory = Territory.objects.get()
    Territory.objects.update(version=F("version") + 1)
    counts = {"lines": report.read, "changed": report.changed, "quartiers": report.drawn}
    journal.record("territory.file_imported", by=by, target=territory, kind=kind, **counts)
