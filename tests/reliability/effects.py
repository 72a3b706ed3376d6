"""A job that leaves a trace outside the database."""

import os
import time
from pathlib import Path

from parvis.core.models import JournalEntry


def note(entry: JournalEntry) -> None:
    """Write that it began, take a moment, write that it ended."""
    path = Path(os.environ["NOTES"])
    for word in ("begins", "ends"):
        with path.open("a") as file:
            file.write(f"{word} {entry.pk}\n")
        time.sleep(0.01)
