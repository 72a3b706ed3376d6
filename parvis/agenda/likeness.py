"""Events that are probably one and the same: alike in title, at the same place, on the same day (R-MOD-20)."""

from datetime import date
from difflib import SequenceMatcher

from parvis.agenda.models import Event, Showing
from parvis.core.text import fold
from parvis.territory.models import Zone

# How alike titles are, of so many events of that day at most; and how many are shown.
ALIKE, COMPARED, SHOWN = 0.72, 60, 3


def lookalikes(title: str, commune: Zone, day: date) -> list[Event]:
    """What is already on the agenda that day in the commune under nearly the same title, the likest first."""
    on = Showing.objects.visible_to(None).in_zone(commune).between(day, day).shown()[:COMPARED]
    events = {row.occurrence.event_id: row.occurrence.event for row in on}
    said = fold(title)
    scored = [(likeness(said, fold(event.publication.title)), event.pk) for event in events.values()]
    return [events[number] for score, number in sorted(scored, reverse=True) if score >= ALIKE][:SHOWN]


def alike(one: str, other: str) -> bool:
    """Whether two folded titles are probably of one event; the letters alone tell most that are not."""
    if one == other:
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and likeness(one, other) >= ALIKE


def likeness(one: str, other: str) -> float:
    """How alike two folded titles are, from 0 to 1, whatever the order of their words."""
    whole = SequenceMatcher(None, one, other, autojunk=False).ratio()
    words = SequenceMatcher(None, " ".join(sorted(one.split())), " ".join(sorted(other.split())), autojunk=False)
    return max(whole, words.ratio())
