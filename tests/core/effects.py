"""Effects for the tests of the queue."""

from datetime import timedelta

from parvis.core.models import JournalEntry

EFFECTS = {
    "lamp.lit": ["tests.core.effects.note", "tests.core.effects.sing"],
    "lamp.broken": ["tests.core.effects.fail"],
}
PERIODIC: dict[str, timedelta] = {}
noted: list[int] = []
ticks: list[str] = []


def note(entry: JournalEntry) -> None:
    """Remember the entry."""
    noted.append(entry.pk)


def sing(entry: JournalEntry) -> None:
    """Another effect."""


def fail(entry: JournalEntry) -> None:
    """Never works, and leaves half of its work behind if nobody rolls back."""
    JournalEntry.objects.create(verb="half")
    raise RuntimeError("no bulb")


def tick() -> None:
    """Runs by the clock."""
    ticks.append("tick")
