"""Who was erased, kept beside the database: a backup brings people back, and this lets them leave again (R-LAW-8).

A line for each erasure, with a number, a date and a choice, and nothing that names anyone. The worker writes it, since
a job survives a crash; twice at worst, which says the same.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError

from parvis.core.jobs import alone
from parvis.core.models import JournalEntry
from parvis.people import actions
from parvis.people.models import Person


class Erasure(NamedTuple):
    """Who left, when, and whether their words stayed."""

    number: int
    at: datetime
    keeps: bool


def path() -> Path:
    """The file: no restored backup may replace it by an older one."""
    return Path(settings.DATA_DIR) / "erasures.jsonl"


@alone
def note(entry: JournalEntry) -> None:
    """Write an erasure down, on the disk before the job is done."""
    line = json.dumps({"number": entry.target_id, "at": entry.at.isoformat(), "keeps": entry.details["keeps"]})
    with path().open("a", encoding="utf-8") as ledger:
        # After what a crash cut short, and not on its line.
        ledger.write(f"\n{line}\n")
        ledger.flush()
        os.fsync(ledger.fileno())


def read() -> Iterator[Erasure]:
    """What was written down; a line that a crash cut short was written again."""
    if not path().exists():
        return
    for line in dict.fromkeys(path().read_text("utf-8").splitlines()):
        try:
            said = json.loads(line)
            yield Erasure(said["number"], datetime.fromisoformat(said["at"]), said["keeps"])
        except (ValueError, KeyError, TypeError):
            continue


def replay() -> tuple[int, list[tuple[Person, str]]]:
    """Erase again whoever a backup brought back; how many, and those who cannot leave yet, with the reason.

    A number may since be another's, who joined after the first one left: only who joined before is erased.
    """
    done, left = 0, list[tuple[Person, str]]()
    for erasure in read():
        person = Person.objects.filter(pk=erasure.number, joined_at__lt=erasure.at).first()
        if person is None:
            continue
        try:
            actions.erase_account(person, by=person, keeps=erasure.keeps)
            done += 1
        except ValidationError as refusal:
            left.append((person, " ".join(refusal.messages)))
    return done, left
