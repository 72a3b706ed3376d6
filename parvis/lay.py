"""`parvis addresses import` and its like: a file laid over the territory, with a progress bar and what became of it."""

from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from parvis.core.text import NBSP, NNBSP
from parvis.territory.actions import Report, import_file
from parvis.territory.files.report import Told

WORDS = {"addresses": "adresse", "parcels": "parcelle", "contours": "contour", "quartiers": "zone"}


def lay(kind: str, path: Path, console: Console, *, check: bool, leave_out: bool, **options: str) -> bool:
    """Import one file and say what became of it; False when its faults kept it from being written."""
    started = monotonic()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(path.name, total=1.0)
        report = import_file(
            kind,
            path,
            by=None,
            told=lambda share: bar.update(task, completed=share * 0.9),
            check=check,
            leave_out=leave_out,
            **options,
        )
    seconds = f"{monotonic() - started:.1f}".replace(".", ",")
    for line in _lines(report, kind, f"{seconds}{NBSP}s", check=check, leave_out=leave_out):
        console.print(line, highlight=False, soft_wrap=True, markup=False)
    return check or report.written or not report.refused.count


def _lines(report: Report, kind: str, seconds: str, *, check: bool, leave_out: bool) -> list[str]:
    """The report, a sentence a line."""
    said = [f"{report.name}{NBSP}: {_counted(report.read, 'ligne')} en {seconds}"]
    said += _told(report.refused, "laissées de côté" if leave_out else "refusées")
    said += _told(report.mended, "signalées")
    if report.outside:
        said.append(f"Hors du territoire, et laissées là{NBSP}: {_counted(report.outside, 'ligne')}.")
    if report.written:
        said.append(
            f"{_counted(report.total, WORDS[kind])} dans {_counted(report.communes, 'commune')}, "
            f"{_counted(report.changed, 'changement')}."
        )
    elif check:
        said.append("Vérification seule" + NBSP + ": rien n’est écrit.")
    elif report.refused.count:
        said.append("Rien n’est écrit" + NBSP + ": corrigez ces lignes, ou laissez-les de côté avec --leave-out.")
    else:
        said.append("Rien à écrire" + NBSP + ": aucune ligne n’est d’une commune du territoire.")
    return said


def _told(told: Told, word: str) -> list[str]:
    if not told.count:
        return []
    more = told.count - len(told.first)
    rest = [f"  … et {_number(more)} autres"] if more else []
    return [f"Lignes {word} ({_number(told.count)}){NBSP}:", *(f"  {line}" for line in told.first), *rest]


def _counted(count: int, word: str) -> str:
    return f"{_number(count)} {word}{'s' if count > 1 else ''}"


def _number(count: int) -> str:
    return f"{count:,}".replace(",", NNBSP)
