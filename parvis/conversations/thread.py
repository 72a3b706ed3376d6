"""The part of a conversation that a page shows: index ranges, by statements compiled once; lines drawn once."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from parvis.conversations.models import Conversation, Line, Place, Ruling, Side
from parvis.conversations.models.lines import LineQuerySet
from parvis.core.mould import Mould, hole, mould, moulds
from parvis.core.statements import Statement
from parvis.people.models import Person
from parvis.publications.cards import age_of
from parvis.publications.models import State

LINES = 30
# Columns of a `Row`, in its order.
FIELDS = (
    *("pk", "position", "version", "state", "created_at", "author", "receipt"),
    *("voice", "voice__version", "voice__listed", "voice__spoke_at"),
)


class Row(NamedTuple):
    """What a line is drawn from, as far as it can change."""

    number: int
    position: int
    version: int
    state: str
    created_at: datetime
    author: int | None
    receipt: int | None
    voice: int | None
    voice_version: int | None
    voice_listed: bool | None
    voice_spoke: datetime | None


class Reader(NamedTuple):
    """Who reads a conversation, the two sides of it, and how far the other has read, if they say so."""

    person: Person
    mine: Side
    theirs: Side
    seen_by_them: int
    # They no longer want to read the other.
    leaves_out: bool


class Page(NamedTuple):
    """Part of a conversation: lines, the rank among them of the first that was not read, where the others are."""

    rows: list[Row]
    unread: int | None
    before: int | None
    after: int | None


def _lines(conversation: int, person: int) -> LineQuerySet:
    """Of a conversation that was read through its own gate, what both sides read, and what was hidden of theirs."""
    here = Line.objects.filter(conversation=conversation)
    return here.filter(Q(state=State.ONLINE) | Q(state=State.HIDDEN, author=person))


WHO = {"conversation": int, "person": int}
AFTER = Statement(
    lambda conversation, person, since: (
        _lines(conversation, person).filter(position__gte=since).in_order().values_list(*FIELDS)[: LINES + 1]
    ),
    **WHO,
    since=int,
)
BEFORE = Statement(
    lambda conversation, person, since, before: (
        _lines(conversation, person)
        .filter(position__gte=since, position__lt=before)
        .order_by("-position")
        .values_list(*FIELDS)[: LINES + 1]
    ),
    **WHO,
    since=int,
    before=int,
)
LAST = Statement(
    lambda conversation, person: (
        _lines(conversation, person).order_by("-position").values_list("position")[LINES - 1 : LINES]
    ),
    **WHO,
)
UNREAD = Statement(
    lambda conversation, person, read: (
        _lines(conversation, person).filter(position__gt=read).in_order().values_list("position")[:1]
    ),
    **WHO,
    read=int,
)


def page_of(one: Conversation, person: Person, asked: dict[str, int]) -> Page:
    """The lines that `asked` says (`avant` or `depuis` a position), else the last, from the first one has not read."""
    place = Place.objects.filter(person=person, conversation=one).first()
    who = {"conversation": one.pk, "person": person.pk}
    read = place.position if place else None
    # What was deleted for oneself is before.
    first = place.forgotten + 1 if place else 0
    if "avant" in asked:
        found = BEFORE.run(**who, since=first, before=asked["avant"])
        rows = [Row(*row) for row in found[:LINES][::-1]]
        before = rows[0].position if len(found) > LINES else None
        return Page(rows, _unread(rows, read), before, rows[-1].position + 1 if rows else None)
    since = asked["depuis"] if "depuis" in asked else _opening(who, read)
    found = AFTER.run(**who, since=max(since, first))
    rows = [Row(*row) for row in found[:LINES]]
    earlier = bool(rows) and BEFORE.run(**who, since=first, before=rows[0].position)
    after = Row(*found[LINES]).position if len(found) > LINES else None
    return Page(rows, _unread(rows, read), rows[0].position if earlier else None, after)


def _opening(who: dict[str, int], read: int | None) -> int:
    """Where the last page begins; from the first unread when it does not hold all that is new."""
    [(since,)] = LAST.run(**who) or [(0,)]
    if read is None or since <= read:
        return int(since)
    [(first,)] = UNREAD.run(**who, read=read) or [(since,)]
    return int(first)


def _unread(rows: Sequence[Row], read: int | None) -> int | None:
    return next((rank for rank, row in enumerate(rows) if read is not None and row.position > read), None)


def draw(rows: Sequence[Row], reader: Reader) -> list[SafeString]:
    """These lines, as `reader` sees them; those that are not kept are read through the gate, in one statement."""
    keys = {row.number: ("line", *row, *_sight(row, reader), get_language()) for row in rows if _is_read(row, reader)}
    by_number = {row.number: row for row in rows}
    hidden = [row.number for row in rows if row.state == State.HIDDEN]
    rulings = {one.line_id: one for one in Ruling.objects.filter(line__in=hidden)} if hidden else {}
    found = moulds(
        keys,
        lambda missing: Line.objects.open_to(reader.person).filter(pk__in=missing).shown().in_bulk(),
        lambda line: _mould(line, _sight(by_number[line.pk], reader), rulings.get(line.pk)),
    )
    return [_fill(row, found.get(row.number), reader) for row in rows]


class Sight(NamedTuple):
    """What a line says to one reader and not to another."""

    from_us: bool
    is_own: bool


def _sight(row: Row, reader: Reader) -> Sight:
    return Sight(row.voice == reader.mine.voice_id, row.author == reader.person.pk)


def _is_read(row: Row, reader: Reader) -> bool:
    return not (reader.leaves_out and row.voice == reader.theirs.voice_id)


def _mould(line: Line, sight: Sight, ruling: Ruling | None) -> tuple[Mould, bool]:
    """A line drawn with its holes; one that was hidden, whose decision may change, is not to be kept."""
    holes = {name: hole(name) for name in ("age", "seen")}
    context = {"line": line, "sight": sight, "ruling": ruling, **holes}
    return mould("conversations/line.html", context), line.state == State.ONLINE


def _fill(row: Row, found: Mould | None, reader: Reader) -> SafeString:
    """One line; nothing for what was taken away since the page was asked for."""
    if not _is_read(row, reader):
        return SafeString(render_to_string("people/left_out.html"))
    if found is None:
        return SafeString()
    was_seen = row.voice == reader.mine.voice_id and row.position <= reader.seen_by_them
    seen = render_to_string("conversations/seen.html") if was_seen else ""
    # A template's own output.
    return SafeString(found.fill(age=age_of(row.created_at), seen=seen.encode()).decode())
