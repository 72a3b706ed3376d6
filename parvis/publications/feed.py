"""What concerns a person, newest first, each with the reason they see it.

One statement, compiled once for each database. First, a merge of index ranges (reference: the prototype with five
million publications): the newest of each of my audiences, folded by publication. Then, from these few, the gate, what
a card is made of and the strongest reason, how many of each kind, and what one wrote that is not online. The cost
depends on how many audiences one has, never on how much was published.
"""

import json
import re
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.utils.html import escape

from parvis.core.kept import find_piece, keep_piece
from parvis.core.statements import NOW, Statement, condition
from parvis.people.models import Audience, Person, Voice
from parvis.publications.kinds import KINDS
from parvis.publications.models import Publication, State
from parvis.publications.models.publications import LAST_POSITION
from parvis.publications.ways import drawn_over
from parvis.publications.wording import inside, why

# No voice fills a page: past this many cards in one, the last says how many others there are.
CARDS_PER_VOICE = 3
# A tab counts among so many newest things.
TALLIED = 60
SIZE = 20

# The position bound is never left out, even on the first page: without it SQLite reads every row.
SQLITE = """
SELECT DISTINCT d.position, d.publication_id, d.kind
FROM people_subscription s CROSS JOIN publications_delivery d
WHERE s.person_id = %(person)s AND NOT s.muted AND d.audience_id = s.audience_id
  AND d.position < %(before)s{only}
ORDER BY d.position DESC LIMIT {size}
"""
POSTGRESQL = """
SELECT DISTINCT d.position, d.publication_id, d.kind
FROM (SELECT DISTINCT audience_id FROM people_subscription WHERE person_id = %(person)s AND NOT muted) s
CROSS JOIN LATERAL (
  SELECT position, publication_id, kind FROM publications_delivery d
  WHERE d.audience_id = s.audience_id AND d.position < %(before)s{only}
  ORDER BY d.position DESC LIMIT {size}
) d
ORDER BY d.position DESC LIMIT {size}
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
ORDER BY 1 DESC LIMIT {size}
"""
# For those who gave an exact address: what the vault says falls on it, among what they hear.
WITH_DRAWN = """
SELECT position, publication_id, kind FROM ({merge}) told
UNION
SELECT p.position, p.id, p.kind FROM {numbers} CROSS JOIN publications_publication p
WHERE p.id = {number} AND p.position < %(before)s{only}
ORDER BY 1 DESC LIMIT {size}
"""
# A list of numbers as each database unfolds it.
DRAWN = {
    "sqlite": ("json_each(%(drawn)s) one", "one.value"),
    "postgresql": ("jsonb_array_elements_text(%(drawn)s::jsonb) one (value)", "one.value::bigint"),
}
UNMUTED_OR_ALERT = UNMUTED.replace(" AND ", " AND (p.is_alert OR ").replace("d.", "p.") + ")"
# The order of the join is said where the planner could choose to begin by all that is online.
FEED = """
WITH heard AS ({heard}), newest AS ({newest})
SELECT {card}, newest.position, newest.publication_id, publications_publication.version,
  publications_publication.voice_id,
  people_voice.version, publications_publication.reply_count, {source}, newest.kind
FROM newest {join} JOIN publications_publication ON publications_publication.id = newest.publication_id
JOIN people_voice ON people_voice.id = publications_publication.voice_id
WHERE {gate}
UNION ALL SELECT {end}, COALESCE(MIN(position), 0), COUNT(*), 0, 0, 0, 0, 0, '' FROM newest
UNION ALL SELECT {tally}, 0, COUNT(*), 0, 0, 0, 0, 0, kind FROM heard GROUP BY kind
UNION ALL SELECT {mine}, 0, id, 0, 0, 0, 0, 0, '' FROM ({written}) written
"""
# Why each is here, on SQLite: the same ranges once more, no further than the page. Of a muted audience, all that it had
# since would be read: then each card is asked for by itself.
SOURCES = """
UNION ALL SELECT {source}, d.position, MIN(s.reason * {reason} + s.audience_id), 0, 0, 0, 0, 0, ''
FROM people_subscription s CROSS JOIN publications_delivery d
WHERE s.person_id = %(person)s AND NOT s.muted AND d.audience_id = s.audience_id
  AND d.position < %(before)s AND d.position >= (SELECT MIN(position) FROM newest){only}
GROUP BY d.position
"""
SOURCE_OF_ONE = """(
  SELECT MIN(s.reason * {reason} + s.audience_id + CASE WHEN s.muted THEN {muted} ELSE 0 END)
  FROM publications_delivery d {join} JOIN people_subscription s ON s.audience_id = d.audience_id
  WHERE d.publication_id = newest.publication_id AND s.person_id = %(person)s
)"""
# The front page shows the first of what is counted.
FRONT = "SELECT position, publication_id, kind FROM heard ORDER BY position DESC LIMIT {size}"
# What a row of it is, in its first column.
CARD, END, TALLY, MINE, SOURCE = range(5)
# A reason and its audience in one number, so that the smallest is the strongest reason.
REASON, MUTED = 2**40, 2**50
NUMBERS = {"card": CARD, "end": END, "tally": TALLY, "mine": MINE, "reason": REASON, "muted": MUTED}


class Card(NamedTuple):
    """What a card is made of: a publication in its version, why it is here, how many others of its voice it is for."""

    position: int
    number: int
    version: int
    voice: int
    voice_version: int
    replies: int
    reason: str
    more: int = 0


@dataclass(frozen=True)
class Feed:
    """One page of a feed; `next_before` is the cursor of the next, None at the end.

    With it, whatever the page: how many of each kind, and the numbers of what one wrote that is not online.
    """

    cards: list[Card]
    next_before: int | None
    tallies: dict[str, str]
    mine: list[int]


def feed_for(person: Person, *, kind: str | None = None, before: int = LAST_POSITION, size: int = SIZE) -> Feed:
    """The page of `size` publications at most before the position `before`, of one kind or of all."""
    front = kind is None and before == LAST_POSITION and size <= TALLIED
    drawn = {number: inside(places[0].kind) for number, places in drawn_over(person).items()}
    statement = _statement(kind, size, muting=person.leaves_out, front=front, located=bool(drawn))
    numbers = {"drawn": json.dumps([*drawn])} if drawn else {}
    rows = statement.run(person=person.pk, before=before, **numbers)
    parts: dict[int, list[Any]] = {part: [] for part in (CARD, END, TALLY, MINE, SOURCE)}
    for part, *row in rows:
        parts[part].append(row)
    sources = {position: source for position, source, *_rest in parts[SOURCE]}
    found = [(*row[:-2], sources.get(row[0], row[-2])) for row in sorted(parts[CARD], reverse=True)]
    # Of what reaches only through a muted audience, as an alert does, the reason is that audience all the same.
    words = reasons({row[-1] % MUTED for row in found if row[-1]})
    whys = (drawn.get(row[1]) or (words[row[-1] % MUTED] if row[-1] else "") for row in found)
    cards = [Card._make((*row[:-1], why_here, 0)) for row, why_here in zip(found, whys, strict=True)]
    # What is no longer readable took a place in the merge: older ones may follow.
    ((last, merged, *_rest),) = parts[END]
    return Feed(
        cards=list(fold(cards)),
        next_before=last if merged == size else None,
        tallies=_tallies({row[-1]: row[1] for row in parts[TALLY]}),
        mine=[row[1] for row in parts[MINE]],
    )


def merge_statement(kind: str | None, size: int, *, muting: bool = False, located: bool = False) -> str:
    """The merge of this database, for all kinds or for one, which is also the name of its parameter.

    Sizes are written in, since a plan is kept: PostgreSQL would not know that few rows are wanted.
    """
    statement = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    only = f" AND d.kind = %({kind})s" if kind else ""
    merge = statement.format(only=only + UNMUTED if muting else only, size=size)
    if muting:
        merge = WITH_ALERTS.format(merge=merge, only=only, alerts=ALERTS, size=size)
    if located:
        numbers, number = DRAWN[connection.vendor]
        heard = only.replace("d.", "p.") + (UNMUTED_OR_ALERT if muting else "")
        merge = WITH_DRAWN.format(merge=merge, numbers=numbers, number=number, only=heard, size=size)
    return merge


@cache
def _statement(kind: str | None, size: int, *, muting: bool, front: bool, located: bool) -> Statement:
    def build(person: int, before: int, drawn: str = "") -> tuple[str, list[Any]]:
        values: dict[str, int | str] = {"person": person, "before": before, "drawn": drawn}
        values |= {kind: kind} if kind else {}
        merge = FRONT.format(size=size) if front else merge_statement(kind, size, muting=muting, located=located)
        newest, chosen = _positional(merge, values)
        counted = merge_statement(None, TALLIED, muting=muting, located=located)
        heard, told = _positional(counted, values | {"before": LAST_POSITION})
        gate, gated = condition(Publication.objects.visible_to(person, NOW))
        written, mine = _unseen(person).query.sql_with_params()
        join = "CROSS" if connection.vendor == "sqlite" else ""
        singly = muting or connection.vendor == "postgresql"
        source, asked = _positional(SOURCE_OF_ONE.format(join=join, **NUMBERS), values) if singly else ("0", [])
        shape = {"heard": heard, "newest": newest, "gate": gate, "written": written, "source": source, "join": join}
        only = f" AND d.kind = %({kind})s" if kind else ""
        sources, ranges = _positional("" if singly else SOURCES.format(source=SOURCE, only=only, **NUMBERS), values)
        parameters = [*told, *chosen, *asked, *gated, *mine, *ranges]
        return FEED.format(**shape, **NUMBERS) + sources, parameters

    return Statement(build, person=int, before=int, **({"drawn": str} if located else {}))


def _unseen(person: int) -> "QuerySet[Publication, tuple[Any, ...]]":
    """What `person` wrote that waits for someone else or was turned down."""
    states = [State.REVIEW, State.PENDING, State.REFUSED, State.HIDDEN]
    spoken = Voice.objects.spoken_by(Person(pk=person)).values("pk")
    return Publication.objects.filter(voice__in=spoken, state__in=states).order_by("-created_at").values_list("id")[:4]


def _positional(sql: str, values: Mapping[str, int | str]) -> tuple[str, list[int | str]]:
    """`sql` with nameless parameters, and their values in order."""
    names = re.findall(r"%\((\w+)\)s", sql)
    return re.sub(r"%\(\w+\)s", "%s", sql), [values[name] for name in names]


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
            words[source] = escape(why(source // REASON, audience.followed, audience.zone))
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
            yield card._replace(more=others) if others else card


def _tallies(counts: dict[str, int]) -> dict[str, str]:
    """How many of each kind the feed holds: « 12 », or « 12+ » when it holds more than one pass counts."""
    if sum(counts.values()) < TALLIED:
        return {kind: str(counts.get(kind, 0)) for kind in KINDS}
    return {kind: f"{counts[kind]}+" if kind in counts else "" for kind in KINDS}
