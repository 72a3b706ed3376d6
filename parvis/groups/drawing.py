"""Messages, drawn once for each version of what they say; dates, tokens and polls are filled each time.

What differs from one reader to the next, as what they may do or the word they added, is in the key: few members of a
group are told anything else than the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language

from parvis.core import text
from parvis.core.kept import piece
from parvis.core.mould import Mould, hole, mould, moulds, tonight
from parvis.groups.models import Choice, Member, Message, Poll, Reaction, Ruling, Topic
from parvis.groups.models.attached import shares
from parvis.people.models import Person
from parvis.publications.cards import age_of
from parvis.publications.models import State

REVISIONS, LEAD = 10, 180
# Columns of a `Row`, in its order.
FIELDS = (
    *("pk", "position", "version", "state", "created_at", "edited_at", "poll"),
    *("voice", "voice__version", "voice__listed", "voice__spoke_at"),
    *("quoted", "quoted__version", "quoted__state", "quoted__topic", "quoted__voice", "quoted__voice__version"),
)


class Row(NamedTuple):
    """What a message is drawn from, as far as it can change."""

    number: int
    position: int
    version: int
    state: str
    created_at: datetime
    edited_at: datetime | None
    poll: int | None
    voice: int
    voice_version: int
    voice_listed: bool
    voice_spoke: datetime | None
    quoted: int | None
    quoted_version: int | None
    quoted_state: str | None
    quoted_topic: int | None
    quoted_voice: int | None
    quoted_voice_version: int | None


@dataclass(frozen=True)
class Reader:
    """Who reads a topic, and all of it that is theirs alone."""

    person: Person | None
    topic: Topic
    mine: Member | None
    # Of the forms on the page.
    token: str
    answers: bool
    # The voices they speak in.
    spoken: frozenset[int]
    opened_it: bool
    # Voices they no longer want to read.
    left_out: set[int] = field(default_factory=set)
    reactions: dict[int, str] = field(default_factory=dict)
    # Their own messages to which someone reacted.
    thanked: set[int] = field(default_factory=set)
    rulings: dict[int, Ruling] = field(default_factory=dict)

    def leaves_out(self, row: Row) -> bool:
        """Whether they do not want to read this."""
        return row.voice in self.left_out and row.voice not in self.spoken


class Sight(NamedTuple):
    """What a message says to one reader and not to another."""

    is_own: bool
    member: bool
    animates: bool
    opened_it: bool
    answers: bool
    said: str
    thanked: bool
    kept: bool
    quote_left_out: bool


def draw(rows: Sequence[Row], reader: Reader) -> list[SafeString]:
    """These messages, as `reader` sees them; those that are not kept are read through the gate, in one statement."""
    keys = {
        row.number: ("message", *row, *_sight(row, reader), get_language())
        for row in rows
        if not reader.leaves_out(row)
    }
    by_number = {row.number: row for row in rows}
    found = moulds(
        keys,
        lambda missing: Message.objects.open_to(reader.person).filter(pk__in=missing).shown().in_bulk(),
        lambda message: _mould(message, by_number[message.pk], reader),
    )
    polls = {poll.pk: poll for poll in Poll.objects.filter(pk__in=[row.poll for row in rows if row.poll])}
    return [_fill(row, found.get(row.number), polls.get(row.poll or 0), reader) for row in rows]


def lead(row: Row, reader: Reader) -> str:
    """The first words of a message, for who shows a link to it; of nobody one does not want to read."""
    if reader.leaves_out(row):
        return ""

    def make() -> tuple[str, float]:
        body = Message.objects.filter(pk=row.number).values_list("body_html", flat=True)[0]
        return Truncator(text.plain(body)).chars(LEAD), tonight()

    return piece(("lead", row.number, row.version), make)


def _sight(row: Row, reader: Reader) -> Sight:
    mine = reader.mine
    return Sight(
        is_own=row.voice in reader.spoken,
        member=mine is not None,
        animates=mine is not None and mine.is_animator,
        opened_it=reader.opened_it and mine is not None,
        answers=reader.answers,
        said=reader.reactions.get(row.number, ""),
        thanked=row.number in reader.thanked,
        kept=reader.topic.answer_id == row.number,
        quote_left_out=row.quoted_voice in reader.left_out,
    )


def _mould(message: Message, row: Row, reader: Reader) -> tuple[Mould, bool]:
    """A message drawn with its holes; what is not online, and whose decision may change, is not to be kept."""
    context = {
        "message": message,
        "topic": reader.topic,
        "sight": _sight(row, reader),
        "kinds": Reaction.Kind.choices,
        "ruling": reader.rulings.get(row.number),
        "former": list(message.revisions.all()[:REVISIONS]) if message.edited_at else [],
        **{name: hole(name) for name in ("csrf_token", "age", "corrected", "poll")},
    }
    return mould("groups/message.html", context), row.state == State.ONLINE


def _fill(row: Row, found: Mould | None, poll: Poll | None, reader: Reader) -> SafeString:
    """One message; nothing for what was taken away since the page was asked for."""
    if reader.leaves_out(row):
        return SafeString(render_to_string("people/left_out.html"))
    if found is None:
        return SafeString()
    asked = ""
    if poll is not None:
        answers = reader.mine and not reader.topic.group.archived_at
        shown = {"told": told(poll, reader.person), "mine": answers, "csrf_token": reader.token}
        asked = render_to_string("groups/poll.html", shown)
    # A template's own output.
    return SafeString(
        found.fill(
            csrf_token=reader.token.encode(),
            age=age_of(row.created_at),
            corrected=age_of(row.edited_at) if row.edited_at else b"",
            poll=asked.encode(),
        ).decode()
    )


@dataclass(frozen=True)
class Told:
    """What someone reads of a poll: its choices, each with its share once that may be known, and what they chose."""

    poll: Poll
    rows: list[tuple[Choice, int | None]]
    mine: set[int]
    is_shown: bool
    # Fewer answered than may be told.
    is_hidden: bool


def told(poll: Poll, person: Person | None) -> Told:
    """What `person` reads of `poll`: its result once they answered, or once it is over, and never of a few."""
    ballot = poll.ballots.filter(person=person).first() if person else None
    mine = set(ballot.choices.values_list("pk", flat=True)) if ballot else set()
    is_shown = poll.is_over or (bool(mine) and poll.shown == Poll.Shown.VOTED)
    known = shares(poll) if is_shown else None
    rows = [(choice, known[choice.pk] if known else None) for choice in poll.choices.all()]
    return Told(poll, rows, mine, is_shown, is_hidden=is_shown and known is None)
