"""What concerns a person, newest first, each with the reason they see it.

One merge of index ranges, written for each database (reference: the prototype with five million publications):
the newest of each of my audiences, folded by publication; then the publications through the gate; then the
reasons. The cost depends on how many audiences one has, never on how much was published.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection
from django.utils.translation import gettext as _

from parvis.people.models import Person, Subscription
from parvis.publications.kinds import KINDS
from parvis.publications.models import Publication
from parvis.publications.models.publications import LAST_POSITION
from parvis.publications.wording import why
from parvis.territory.models import Zone

# No voice fills a page: past this many cards in one, the last says how many others there are.
CARDS_PER_VOICE = 3
# Beyond, a tab says « plus de 99 ».
TALLY_MAX = 99

# The position bound is never left out, even on the first page: without it SQLite reads every row.
SQLITE = """
SELECT DISTINCT d.position, d.publication_id
FROM people_subscription s CROSS JOIN publications_delivery d
WHERE s.person_id = %(person)s AND NOT s.muted AND d.audience_id = s.audience_id
  AND d.position < %(before)s{kind}
ORDER BY d.position DESC LIMIT %(size)s
"""
POSTGRESQL = """
SELECT DISTINCT d.position, d.publication_id
FROM (SELECT DISTINCT audience_id FROM people_subscription WHERE person_id = %(person)s AND NOT muted) s
CROSS JOIN LATERAL (
  SELECT position, publication_id FROM publications_delivery d
  WHERE d.audience_id = s.audience_id AND d.position < %(before)s{kind}
  ORDER BY d.position DESC LIMIT %(size)s
) d
ORDER BY d.position DESC LIMIT %(size)s
"""
TALLY = "SELECT %({kind})s, COUNT(*) FROM ({merge}) {kind}_newest"


@dataclass(frozen=True)
class Card:
    """A publication, why it is here, where to change that, and how many others of its voice it stands for."""

    publication: Publication
    reason: str = ""
    manage_url: str = "/mes-lieux/"
    more: int = 0


@dataclass(frozen=True)
class Feed:
    """One page of a feed; `next_before` is the cursor of the next, None at the end."""

    cards: list[Card] = field(default_factory=list)
    next_before: int | None = None


def feed_for(person: Person, *, kind: str | None = None, before: int = LAST_POSITION, size: int = 20) -> Feed:
    """The page of `size` publications at most before the position `before`, of one kind or of all."""
    rows = _merge(person, kind, before, size)
    numbers = [number for _position, number in rows]
    readable = Publication.objects.visible_to(person).filter(pk__in=numbers).shown().in_bulk()
    shown = [readable[number] for number in numbers if number in readable]
    reasons = _reasons(person, numbers) if shown else {}
    cards = [Card(publication, reasons.get(publication.pk, ""), more=more) for publication, more in fold(shown)]
    return Feed(cards, rows[-1][0] if len(rows) == size else None)


def merge_statement(kind: str | None) -> str:
    """The statement of this database, for all kinds or for one, which is also the name of its parameter."""
    statement = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    return statement.format(kind=f" AND d.kind = %({kind})s" if kind else "")


def _merge(person: Person, kind: str | None, before: int, size: int) -> list[tuple[int, int]]:
    """Position and number of the newest publications of all the audiences of `person`."""
    with connection.cursor() as cursor:
        values: dict[str, int | str] = {"person": person.pk, "before": before, "size": size}
        if kind:
            values[kind] = kind
        cursor.execute(merge_statement(kind), values)
        return [(position, number) for position, number in cursor.fetchall()]


def _reasons(person: Person, numbers: list[int]) -> dict[int, str]:
    """Why `person` sees each publication: their strongest subscription among its audiences (R-LAW-23)."""
    mine = Subscription.objects.filter(person=person, muted=False, audience__deliveries__publication__in=numbers)
    rows = mine.order_by("-reason", "-audience").values_list(
        "audience__deliveries__publication",
        "reason",
        "audience__voice__name",
        "audience__zone__kind",
        "audience__zone__name",
        "audience__zone__article",
    )
    # The strongest comes last and stays.
    return {
        number: why(reason, voice or "", None if voice else Zone(kind=kind, name=name, article=article))
        for number, reason, voice, kind, name, article in rows
    }


def fold(publications: Iterable[Publication]) -> Iterator[tuple[Publication, int]]:
    """Each publication kept, with how many later ones of its voice it stands for."""
    publications = list(publications)
    spoken = Counter(publication.voice_id for publication in publications)
    seen: Counter[int] = Counter()
    for publication in publications:
        seen[publication.voice_id] += 1
        if seen[publication.voice_id] < CARDS_PER_VOICE:
            yield publication, 0
        elif seen[publication.voice_id] == CARDS_PER_VOICE:
            yield publication, spoken[publication.voice_id] - CARDS_PER_VOICE


def tallies_for(person: Person) -> dict[str, str]:
    """How many publications of each kind wait in the feed: « 12 », or « plus de 99 ». One bounded statement."""
    parts = [TALLY.format(kind=kind, merge=merge_statement(kind)) for kind in KINDS]
    values: dict[str, int | str] = {"person": person.pk, "before": LAST_POSITION, "size": TALLY_MAX + 1}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values | {kind: kind for kind in KINDS})
        counts: list[tuple[str, int]] = cursor.fetchall()
    many = _("plus de %(count)s") % {"count": TALLY_MAX}
    return {kind: many if count > TALLY_MAX else str(count) for kind, count in counts}
