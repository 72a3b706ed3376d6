"""How the territory changes once it is there: files that operators lay over it, each whole or not at all."""

from collections.abc import Callable
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
    """How files of one kind are read and written."""

    stage: Callable[..., Report]
    write: Callable[[Stage, Report], None]


KINDS: dict[str, Kind] = {
    "addresses": Kind(addresses.stage, addresses.write),
    "parcels": Kind(parcels.stage, parcels.write),
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
    """Read a file of one of KINDS and write what it says, in one transaction; UnreadableFile when it cannot be read.

    Nothing is written with `check`, nor when a line is refused, unless `leave_out` says to do without those lines.
    """
    read: Reader = partial(KINDS[kind].stage, **options)
    with Stage() as stage:
        report = read(path, stage, told)
        if check or (report.refused.count and not leave_out) or not stage.communes():
            return report
        with transaction.atomic():
            KINDS[kind].write(stage, report)
            report.written = True
            if report.changed:
                territory = Territory.objects.get()
                Territory.objects.update(version=F("version") + 1)
                counts = {"lines": report.read, "changed": report.changed, "quartiers": report.drawn}
                journal.record("territory.file_imported", by=by, target=territory, kind=kind, **counts)
    current.forget()
    return report
