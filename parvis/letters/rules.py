"""What goes into a letter, by rules that a page says: no score, no profile, nothing paid for (R-PRIV-14).

For many people at once: what they hear is asked in a few statements, then sorted out for each. Only numbers are kept;
what they lead to is read through the gates when the letter leaves, and again when it is opened (R-SEC-3).
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypedDict

from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber

from parvis.agenda.models import Showing
from parvis.core.kept import piece
from parvis.groups.models import Reading, Topic
from parvis.letters.models import Often, at_once
from parvis.letters.periods import Period
from parvis.notifications.models import Choice, Notification
from parvis.notifications.wording import WORDS
from parvis.people.models import Mute, Person, Place, Reason, Subscription
from parvis.publications.feed import REASON
from parvis.publications.models import Delivery, Publication
from parvis.publications.ways import drawn_over
from parvis.territory.models import Zone, ZoneLink

# The most of each, in one letter; and of one voice.
NOTICES, SAID, PER_VOICE, TOPICS, NEWS = 8, 8, 2, 6, 10
EVENTS = {Often.DAILY: 6, Often.WEEKLY: 12}
# Where fewer take place in the commune, the intercommunalité completes.
FEW = 6
# Of one audience, the newest looked at; audiences and people asked about in one statement.
HEARD, ASKED = 60, 500
HOUR = 3_600


class Picked(TypedDict):
    """Numbers: of publications, each with the source of its reason; of occurrences, topics and notifications."""

    notices: list[tuple[int, int]]
    said: list[tuple[int, int]]
    events: list[int]
    topics: list[int]
    news: list[int]


class Heard(NamedTuple):
    """One publication that reaches someone; `source` is its reason and its audience in one number, as in the feed."""

    position: int
    number: int
    kind: str
    voice: int
    source: int


class Reader(NamedTuple):
    """Whom a letter is for, and the only commune it is about, if they chose one."""

    person: Person
    zone: int | None


def pick(readers: Sequence[Reader], period: Period) -> dict[int, Picked]:
    """What each reads, by their number; those for whom there is nothing new are left out."""
    people = [reader.person.pk for reader in readers]
    belonging = _belonging(readers)
    heard, topics = _heard(belonging, period), _topics(people, belonging, period)
    muted, news, places = _muted(people), _news(people, period.often), _places(readers)
    found: dict[int, Picked] = {}
    for reader in readers:
        number = reader.person.pk
        away = muted.get(number, set())
        mine = [one for one in (*heard.get(number, ()), *_drawn(reader, period)) if one.voice not in away]
        told = news.get(number, [])
        shown = {subject for _row, kind, subject, voice in told if kind == "topic"}
        events = _events(places.get(number, ()), period)
        picked = Picked(
            notices=_first(mine, {"notice"}, NOTICES, set()),
            said=_first(mine, {"post", "event"}, SAID, {publication for _starts, _occurrence, publication in events}),
            events=[occurrence for _starts, occurrence, _publication in events],
            topics=[topic for topic in topics.get(number, ()) if topic not in shown][:TOPICS],
            news=[row for row, _kind, _subject, voice in told if voice not in away][:NEWS],
        )
        if is_worth(picked, period):
            found[number] = picked
    return found


def is_worth(picked: Picked, period: Period) -> bool:
    """Whether a letter leaves: something is new, or a week has its agenda."""
    is_new = picked["notices"] or picked["said"] or picked["topics"] or picked["news"]
    return bool(is_new or (picked["events"] and period.often == Often.WEEKLY))


def _first(heard: Iterable[Heard], kinds: set[str], most: int, told: set[int]) -> list[tuple[int, int]]:
    """The newest of these kinds, PER_VOICE of one voice at most, each once with its strongest reason."""
    sources: dict[int, Heard] = {}
    for one in heard:
        known = sources.get(one.number)
        if one.kind in kinds and one.number not in told and (known is None or one.source < known.source):
            sources[one.number] = one
    spoken: Counter[int] = Counter()
    kept = []
    for one in sorted(sources.values(), reverse=True):
        spoken[one.voice] += 1
        if spoken[one.voice] <= PER_VOICE:
            kept.append((one.number, one.source))
    return kept[:most]


def _belonging(readers: Sequence[Reader]) -> dict[int, list[tuple[int, int]]]:
    """The audiences of each person, with the reason in one number; of the commune they chose alone, if they did."""
    narrow = {reader.person.pk: reader.zone for reader in readers if reader.zone}
    wholes = defaultdict(set)
    links = ZoneLink.objects.filter(part__in=set(narrow.values()))
    for part, whole in links.values_list("part", "whole"):
        wholes[part].add(whole)
    rows = Subscription.objects.filter(person__in=[reader.person.pk for reader in readers], muted=False)
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for person, audience, reason, zone in rows.values_list("person", "audience", "reason", "audience__zone"):
        chosen = narrow.get(person)
        if chosen is None or zone in wholes[chosen] or reason == Reason.MEMBER:
            found[person].append((audience, reason * REASON + audience))
    return found


def _heard(belonging: dict[int, list[tuple[int, int]]], period: Period) -> dict[int, list[Heard]]:
    """What the audiences of each person were told in the period, and may still be read."""
    first, last = period.positions
    told: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    rank = Window(RowNumber(), partition_by="audience", order_by=F("position").desc())
    gate = Exists(Publication.objects.visible_to(None).filter(pk=OuterRef("publication")))
    every = sorted({one for mine in belonging.values() for one, _source in mine})
    for start in range(0, len(every), ASKED):
        audiences = every[start : start + ASKED]
        rows = Delivery.objects.filter(gate, audience__in=audiences, position__gte=first, position__lt=last)
        ranked = rows.annotate(rank=rank).filter(rank__lte=HEARD).order_by()
        for audience, *one in ranked.values_list("audience", "position", "publication", "kind", "voice"):
            told[audience].append(tuple(one))
    return {
        person: [Heard._make((*one, source)) for audience, source in mine for one in told.get(audience, ())]
        for person, mine in belonging.items()
    }


def _drawn(reader: Reader, period: Period) -> Iterator[Heard]:
    """What falls on an exact place of theirs, as the vault says; its reason is asked for again when it is read."""
    numbers = drawn_over(reader.person) if reader.person.is_located and not reader.zone else {}
    first, last = period.positions
    rows = Publication.objects.visible_to(reader.person).filter(pk__in=numbers) if numbers else ()
    for one in rows:
        if first <= (one.position or 0) < last:
            yield Heard(one.position or 0, one.pk, one.kind, one.voice_id, 0)


def _topics(people: list[int], belonging: dict[int, list[tuple[int, int]]], period: Period) -> dict[int, list[int]]:
    """The topics of their groups where something was said that they have not read, the last heard first."""
    groups = {person: {one for one, source in mine if source < REASON} for person, mine in belonging.items()}
    first, last = period.positions
    rows = Topic.objects.filter(group__audience__in=set().union(*groups.values()), group__voice__closed_at=None)
    talked = rows.filter(state="online", position__gte=first, position__lt=last).order_by("-position")
    topics = list(talked.values_list("pk", "group__audience", "position"))
    read = Reading.objects.filter(person__in=people, topic__in=[topic for topic, _group, _position in topics])
    seen = {(person, topic): position for person, topic, position in read.values_list("person", "topic", "position")}
    return {
        person: [topic for topic, group, at in topics if group in mine and seen.get((person, topic), 0) < at]
        for person, mine in groups.items()
    }


def _muted(people: list[int]) -> dict[int, set[int | None]]:
    """The voices that each no longer wants to read."""
    found: dict[int, set[int | None]] = defaultdict(set)
    for person, voice in Mute.objects.filter(person__in=people).values_list("person", "voice"):
        found[person].add(voice)
    return found


def _news(people: list[int], often: str) -> dict[int, list[tuple[int, str, int, int | None]]]:
    """What is new to each and no mail told, newest first: the row, what it leads to, and who did it."""
    rows = Notification.objects.unread().filter(person__in=people, shown=True, mailed=False).order_by("-at", "-pk")
    rows = rows.exclude(what__in=[what for what, words in WORDS.items() if not words.by_letter])
    said = list(rows.values_list("person", "pk", "subject_type", "subject", "voice", "kind", "what"))
    # What has a mail of its own was told by it, but to those who want none of that kind.
    apart = Q(person__in={row[0] for row in said if WORDS[row[6]].own_mail})
    chosen = {(one.person_id, one.kind): one for one in Choice.objects.filter(apart)}
    found: dict[int, list[tuple[int, str, int, int | None]]] = defaultdict(list)
    for person, number, kind, subject, voice, about, what in said:
        if not (WORDS[what].own_mail and at_once(about, chosen.get((person, about)), often)):
            found[person].append((number, kind, subject, voice))
    return found


def _places(readers: Sequence[Reader]) -> dict[int, list[int]]:
    """The communes whose agenda each reads: of their places, or the one they chose."""
    found: dict[int, list[int]] = {reader.person.pk: [reader.zone] for reader in readers if reader.zone}
    rows = Place.objects.filter(person__in=[reader.person.pk for reader in readers if not reader.zone])
    for person, zone in rows.order_by("pk").values_list("person", "zone"):
        found.setdefault(person, []).append(zone)
    return found


def _events(communes: Sequence[int], period: Period) -> list[tuple[float, int, int]]:
    """What takes place in these communes: when, which time of it, the publication; the soonest."""
    found = {one for commune in communes for one in coming(commune, period)}
    return sorted(found)[: EVENTS[Often(period.often)]]


def coming(commune: int, period: Period) -> list[tuple[float, int, int]]:
    """What begins in `commune` in the days to come; when that is little, in its intercommunalité.

    Asked once for all the people of a place.
    """

    def ask() -> tuple[list[tuple[float, int, int]], float]:
        most = EVENTS[Often(period.often)]
        found = _shown(commune, period, most)
        if len(found) < FEW:
            around = Zone.objects.current().of_kind(Zone.Kind.EPCI).containing(Zone(pk=commune)).values_list("pk")[:1]
            known = {number for _starts, number, _publication in found}
            for (epci,) in around:
                more = (one for one in _shown(epci, period, most) if one[1] not in known)
                found = [*found, *more][:FEW]
        return found, time.time() + HOUR

    return piece(("letter agenda", commune, period.key or period.first, period.often), ask)


def _shown(zone: int, period: Period, most: int) -> list[tuple[float, int, int]]:
    """When, which time of an event, and of which."""
    rows = Showing.objects.visible_to(None).filter(zone=zone).beginning(period.first, period.last)
    found = rows.values_list("starts_at", "occurrence", "occurrence__event")
    return [(starts.timestamp(), number, event) for starts, number, event in found[:most]]
