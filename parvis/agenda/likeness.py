"""Events that are probably one and the same: alike in title, at the same place, on the same day (R-MOD-20)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations

from django.utils import timezone
from rapidfuzz import fuzz

from parvis.agenda.models import Event, Occurrence, Showing, ToldApart
from parvis.core.text import fold
from parvis.people.models import Person
from parvis.publications.models import Publication
from parvis.territory.models import Zone

# How alike titles are, of so many events of that day at most; and how many are shown.
ALIKE, COMPARED, SHOWN = 0.72, 60, 3
# How alike what one voice announces has to be.
ONE_VOICE = 0.92
# How far ahead moderators are shown duplicates, among so many times.
AHEAD, LOOKED_AT = timedelta(days=92), 6_000


def lookalikes(title: str, commune: Zone, day: date) -> list[Event]:
    """What is already on the agenda that day in the commune under nearly the same title, the likest first."""
    on = Showing.objects.visible_to(None).in_zone(commune).between(day, day).shown()[:COMPARED]
    events = {row.occurrence.event_id: row.occurrence.event for row in on}
    said = fold(title)
    scored = [(likeness(said, fold(event.publication.title)), event.pk) for event in events.values()]
    return [events[number] for score, number in sorted(scored, reverse=True) if score >= ALIKE][:SHOWN]


def alike(one: str, other: str) -> bool:
    """Whether two folded titles are probably of one event."""
    return one == other or likeness(one, other) >= ALIKE


def likeness(one: str, other: str) -> float:
    """How alike two folded titles are, from 0 to 1, whatever the order of their words."""
    return max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other)) / 100


@dataclass(frozen=True)
class Seen:
    """One time of an event, as it is compared: its words folded."""

    event: int
    starts_at: datetime
    title: str
    venue: str
    voice: int

    def looks_like(self, other: "Seen") -> float:
        """How probably they are one, from 0 to 1; 0 when they are not. In one commune, on one day.

        Of one voice, « Atelier couture » and « Atelier cuisine » are two: it knows what it announced.
        """
        score = likeness(self.title, other.title)
        same_time, same_place = self.starts_at == other.starts_at, self.venue == other.venue
        if self.voice == other.voice:
            return score if same_time and score >= ONE_VOICE else 0
        if same_time and same_place:
            # Some words in common are enough: « Grand bal folk » and « Bal folk d’automne ».
            score = max(score, fuzz.token_set_ratio(self.title, other.title) / 100)
        return score if score >= ALIKE else 0


def probable(moderator: Person, now: datetime) -> list[tuple[int, int]]:
    """Pairs of events to come that are probably one, where `moderator` decides on both; the likest first."""
    theirs = Publication.objects.under(moderator).visible_to(None)
    rows = Occurrence.objects.filter(starts_at__gte=now, starts_at__lt=now + AHEAD, event__publication__in=theirs)
    said = rows.order_by("starts_at", "pk").values_list(
        "event__commune", "event", "starts_at", "event__publication__title", "event__venue", "event__publication__voice"
    )
    days = defaultdict[tuple[int, date], list[Seen]](list)
    for commune, event, starts_at, title, venue, voice in said[:LOOKED_AT]:
        day = days[commune, timezone.localtime(starts_at).date()]
        if len(day) < COMPARED:
            day.append(Seen(event, starts_at, fold(title), fold(venue), voice))
    scores: dict[tuple[int, int], float] = {}
    for day in days.values():
        for one, other in combinations(day, 2):
            if one.event != other.event and (score := one.looks_like(other)):
                pair = min(one.event, other.event), max(one.event, other.event)
                scores[pair] = max(score, scores.get(pair, 0))
    apart = set(ToldApart.objects.filter(one__in=[one for one, _other in scores]).values_list("one", "other"))
    return sorted(scores.keys() - apart, key=lambda pair: (-scores[pair], pair))
