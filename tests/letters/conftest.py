"""A clock one sets, and a letter of the week that leaves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from parvis.core.models import Job, JournalEntry
from parvis.letters import gazette
from tests.publications.conftest import send
from tests.worker import run_until_idle

__all__ = ["send"]

PARIS = ZoneInfo("Europe/Paris")
# A Wednesday on which things are said, and the morning after, on which the week is told.
WEDNESDAY, THURSDAY = datetime(2026, 11, 25, 10, tzinfo=PARIS), datetime(2026, 11, 26, 8, tzinfo=PARIS)
# An act, what it makes known, the mail about it.
FOLLOWS = 4
Clock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Clock:
    """`clock(moment)`: it is then. It begins on Wednesday; people sleep from nine to seven."""
    settings.QUIET_HOURS = (21, 7)

    def be(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    be(WEDNESDAY)
    return be


def run() -> None:
    """Run all that waits and what follows from it, whatever the real hour is."""
    for _turn in range(FOLLOWS):
        Job.objects.filter(state=Job.State.WAITING, attempts=0).update(run_at=WEDNESDAY - timedelta(days=1))
        run_until_idle()


def compose(period: str = "2026-W48") -> None:
    """The letters of the week are composed and queued, and wait."""
    gazette.begin()
    for entry in JournalEntry.objects.filter(verb="letters.due", details__period=period):
        gazette.compose(entry)


def leave(clock: Clock, moment: datetime = THURSDAY) -> None:
    """The letters of that morning begin, are composed and leave."""
    run()
    clock(moment)
    gazette.begin()
    run()
