"""What concerns a person, newest first, each with the reason they see it.

One statement, compiled once for each database. First, a merge of index ranges (reference: the prototype with five
million publications): the newest of each of my audiences, folded by publication. Then, from these few, the gate, what
a card is made of and the strongest reason. The cost depends on how many audiences one has, never on how much was
published.
"""

import re
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from django.db import connection
from django.utils.html import escape
from django.utils.translation import gettext as _

from parvis.core.kept import find_piece, keep_piece
from parvis.core.statements import NOW, Statement, condition
from parvis.people.models import Audience, Person
from parvis.publications.kinds import KINDS
from parvis.publications.models import Publication
from parvis.publications.models.publications import LAST_POSITION
from parvis.publications.wording import why

# No voice fills a page: past this many cards in one, the last says how many others there are.
CARDS_PER_VOICE = 3
# A tab counts among so many newest things.
TALLIED = 100
SIZE = 20

# The position bound is never left out, even on the first page: without it SQLite reads every row.
SQLITE = """
SELECT DISTINCT d.position, d.publication_id, d.kind
FROM people_subscription s CROSS JOIN publications_delivery d
WHERE s.person_id = %(person)s AND NOT s.muted AND d.audience_id = s.audience_id
  AND d.position < %(before)s{only}
ORDER BY d.position DESC LIMIT %(size)s
"""
POSTGRESQL = """
SELECT DISTINCT d.position, d.publication_id, d.kind
FROM (SELECT DISTINCT audience_id FROM people_subscription WHERE person_id = %(person)s AND NOT muted) s
CROSS JOIN LATERAL (
  SELECT position, publication_id, kind FROM publications_delivery d
  WHERE d.audience_id = s.audience_id AND d.position < %(before)s{only}
  ORDER BY d.position DESC LIMIT %(size)s
) d
ORDER BY d.position DESC LIMIT %(size)s
"""
# For those who left a voice or a place out: the latest safety alerts reach them all the same.
ALERTS = 100
UNMUTED = " AND d.voice_id NOT IN (SELECT voice_id FROM people_mute WHERE person_id = %(person)s)"
WITH_ALERTS = """
SELECT position, publication_id, kind FROM ({merge}) heard
UNION
SELECT p.position, p.id, p.kind
FROM (
  SELECT id, position, kind FROM publications_publication
  WHERE is_alert AND position < %(before)s ORDER BY position DESC LIMIT {alerts}
) p
JOIN publications_delivery d ON d.publication_id = p.id
JOIN people_subscription s ON s.audience_id = d.audience_id
WHERE s.person_id = %(person)s{only}
ORDER BY 1 DESC LIMIT %(size)s
"""
# The order of the join is said where the planner could choose to begin by all that is online.
FEED = """
SELECT newest.position, newest.publication_id, publications_publication.version, publications_publication.voice_id,
  people_voice.version, publications_publication.reply_count, (
    SELECT MIN(s.reason * {reason} + s.audience_id + CASE WHEN s.muted THEN {muted} ELSE 0 END)
    FROM publications_delivery d JOIN people_subscription s ON s.audience_id = d.audience_id
    WHERE d.publication_id = newest.publication_id AND s.person_id = %s{heard}
  )
FROM ({merge}) newest {join} JOIN publications_publication ON publications_publication.id = newest.publication_id
JOIN people_voice ON people_voice.id = publications_publication.voice_id
WHERE {gate}
ORDER BY newest.position DESC
"""
TALLY = "SELECT kind, COUNT(*) FROM ({merge}) newest GROUP BY kind"
# A reason and its audience in one number, so that the smallest is the strongest reason.
REASON, MUTED = 2**40, 2**50


@dataclass(frozen=True, slots=True)
class Card:
    """What a card is made of: a publication in its version, why it is here, how many others of its voice it is for."""

    position: int
    number: int
    version: int
    voice: int
    voice_version: int
    replies: int
    source: int
    reason: str = ""
    more: int = 0


@dataclass(frozen=True)
class Feed:
    """One page of a feed; `next_before` is the cursor of the next, None at the end."""

    cards: list[Card] = field(default_factory=list)
    next_before: int | None = None


def feed_for(person: Person, *, kind: str | None = None, before: int = LAST_POSITION, size: int = SIZE) -> Feed:
    """The page of `size` publications at most before the position `before`, of one kind or of all."""
    rows = _statement(kind, person.leaves_out).run(person=person.pk, before=before, size=size)
    full = len(rows) == size
    last = rows[-1][0] if full else None
    if not full:
        # What is no longer readable took a place in the merge: older ones may follow.
        merged = _merge(person, kind, before, size)
        last = merged[-1][0] if len(merged) == size else None
    # Of what reaches only through a muted audience, as an alert does, the reason is that audience all the same.
    words = reasons({source % MUTED for *_rest, source in rows if source})
    cards = [
        Card(position, number, version, voice, voice_version, replies, source, words[source % MUTED] if source else "")
        for position, number, version, voice, voice_version, replies, source in rows
    ]
    return Feed(list(fold(cards)), last)


def merge_statement(kind: str | None, *, muting: bool = False) -> str:
    """The merge of this database, for all kinds or for one, which is also the name of its parameter."""
    statement = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    only = f" AND d.kind = %({kind})s" if kind else ""
    if not muting:
        return statement.format(only=only)
    return WITH_ALERTS.format(merge=statement.format(only=only + UNMUTED), only=only, alerts=ALERTS)


@cache
def _statement(kind: str | None, muting: bool) -> Statement:
    def build(person: int, before: int, size: int) -> tuple[str, list[Any]]:
        values = {"person": person, "before": before, "size": size} | ({kind: kind} if kind else {})
        merge, merged = _positional(merge_statement(kind, muting=muting), values)
        gate, gated = condition(Publication.objects.visible_to(person, NOW))
        pinned = "CROSS" if connection.vendor == "sqlite" else ""
        heard = "" if muting else " AND NOT s.muted"
        shape = {"merge": merge, "gate": gate, "join": pinned, "heard": heard, "reason": REASON, "muted": MUTED}
        return FEED.format(**shape), [person, *merged, *gated]

    return Statement(build, person=int, before=int, size=int)


def _positional(sql: str, values: Mapping[str, int | str]) -> tuple[str, list[int | str]]:
    """`sql` with nameless parameters, and their values in order."""
    names = re.findall(r"%\((\w+)\)s", sql)
    return re.sub(r"%\(\w+\)s", "%s", sql), [values[name] for name in names]


def _merge(person: Person, kind: str | None, before: int, size: int) -> list[tuple[int, int]]:
    """Position and number of the newest publications of all the audiences of `person`."""
    with connection.cursor() as cursor:
        values: dict[str, int | str] = {"person": person.pk, "before": before, "size": size}
        if kind:
            values[kind] = kind
        cursor.execute(merge_statement(kind, muting=person.leaves_out), values)
        return [(position, number) for position, number, _kind in cursor.fetchall()]


def reasons(sources: Collection[int]) -> dict[int, str]:
    """What each source, a reason and its audience, is called (R-LAW-23), as HTML: « vous habitez Beauvais ».

    A place or a voice that changes its name is called by the new one within a minute.
    """
    minute = time.time() // 60
    words = {source: find_piece(("reason", source, minute)) for source in sources}
    unknown = [source for source, found in words.items() if found is None]
    if unknown:
        wanted = [source % REASON for source in unknown]
        rows = Audience.objects.filter(pk__in=wanted).select_related("voice", "zone").defer("zone__geometry")
        audiences = {audience.pk: audience for audience in rows}
        for source in unknown:
            audience = audiences[source % REASON]
            name = audience.voice.name if audience.voice else ""
            words[source] = escape(why(source // REASON, name, audience.zone))
            keep_piece(("reason", source, minute), words[source], (minute + 1) * 60)
    return {source: str(found) for source, found in words.items()}


def fold(cards: Iterable[Card]) -> Iterator[Card]:
    """Each card kept, with how many later ones of its voice it stands for."""
    cards = list(cards)
    spoken = Counter(card.voice for card in cards)
    seen: Counter[int] = Counter()
    for card in cards:
        seen[card.voice] += 1
        if seen[card.voice] < CARDS_PER_VOICE:
            yield card
        elif seen[card.voice] == CARDS_PER_VOICE:
            others = spoken[card.voice] - CARDS_PER_VOICE
            yield replace(card, more=others) if others else card


def tallies_for(person: Person) -> dict[str, str]:
    """How many of each kind the feed holds: « 12 », or « 12 et plus » when it holds more than one pass counts."""
    values: dict[str, int | str] = {"person": person.pk, "before": LAST_POSITION, "size": TALLIED}
    with connection.cursor() as cursor:
        cursor.execute(TALLY.format(merge=merge_statement(None, muting=person.leaves_out)), values)
        counts: dict[str, int] = dict(cursor.fetchall())
    if sum(counts.values()) < TALLIED:
        return {kind: str(counts.get(kind, 0)) for kind in KINDS}
    more = _("%(count)s et plus")
    return {kind: more % {"count": counts[kind]} if kind in counts else "" for kind in KINDS}
