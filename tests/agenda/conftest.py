"""Events announced by the cast, in the fewest words."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from parvis.agenda import actions
from parvis.agenda.models import Event
from parvis.people.models import Person, Voice
from tests.cast import Cast

Announce = Callable[..., Event]
PARIS = ZoneInfo("Europe/Paris")
# The morning on which most of these tests happen, by the clock of the territory.
MORNING = datetime(2026, 11, 24, 9, tzinfo=PARIS)


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
