"""Events announced by the cast, in the fewest words."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from parvis.agenda import actions
from parvis.agenda.actions import sources
from parvis.agenda.models import Event, Source
from parvis.core.models import Job
from parvis.people.models import Person, Voice
from tests.cast import Cast
from tests.worker import run_until_idle

Announce = Callable[..., Event]
Add = Callable[..., Source]
PARIS = ZoneInfo("Europe/Paris")
# The morning on which most of these tests happen, by the clock of the territory.
MORNING = datetime(2026, 11, 24, 9, tzinfo=PARIS)


def run() -> None:
    """Run what is queued, whatever the real hour is."""
    Job.objects.filter(state=Job.State.WAITING).update(run_at=MORNING)
    run_until_idle()


def paris(day: int, hour: int = 18, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    """An instant of November 2026, or of another month, as a clock in Paris shows it."""
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


@pytest.fixture
def announce(territory: Cast, chorale: Voice, chloe: Person) -> Announce:
    """`announce("Bal folk", starts_at, …)`: online in Bois-le-Comte, by the Chorale de Saint-Rémy."""

    def announced(title: str, starts_at: datetime, **fields: Any) -> Event:
        said: dict[str, Any] = {
            "voice": chorale,
            "by": chloe,
            "body": f"Le texte de « {title} ».",
            "category": Event.Category.FETE,
            "venue": "Foyer rural",
            "commune": territory.bois,
            "at": MORNING,
        } | fields
        return actions.announce(title=title, starts_at=starts_at, **said).event

    return announced


@pytest.fixture
def add(territory: Cast, chorale: Voice, chloe: Person) -> Add:
    """`add(content)`: a file that the Chorale de Saint-Rémy adds, read; accepted unless `accept=False`."""

    def added(content: bytes, *, accept: bool = True, **fields: Any) -> Source:
        given: dict[str, Any] = {"voice": chorale, "by": chloe, "category": Event.Category.ASSOCIATION} | fields
        source = sources.add_source(content=content, name="programme.ics", **given)
        run()
        if accept:
            sources.accept_source(source, by=given["by"])
            run()
        source.refresh_from_db()
        return source

    return added
