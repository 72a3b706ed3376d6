"""The part of a topic that a page shows, and who reads it: index ranges, by statements compiled once."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from parvis.core.statements import Statement
from parvis.groups.drawing import FIELDS, Reader, Row, draw, lead
from parvis.groups.models import Member, Message, Reaction, Reading, Ruling, Topic
from parvis.groups.models.topics import MessageQuerySet
from parvis.people.models import Membership, Person
from parvis.people.models.voices import numbers_of
from parvis.people.ties import unread_by
from parvis.publications.models import State

PER_PAGE, OWN = 30, 20
# A position after which there is nothing.
Asked = dict[str, int]


class Drawn(NamedTuple):
    """A message on its page, and whether the reader had read all before it and not this one."""

    html: SafeString
    is_first_unread: bool


@dataclass(frozen=True)
class Page:
    """Part of a topic, by position: what is before and after is asked by where it begins and ends."""

    messages: list[Drawn]
    # Written by the reader and read by nobody else, or waiting for them.
    waiting: list[SafeString] = field(default_factory=list)
    before: int | None = None
    after: int | None = None
    # Where it ends.
    last: int | None = None
    # Its first words, for who shows a link to it.
    lead: str = ""


def _online(topic: int) -> MessageQuerySet:
    """Of a topic that was read through its own gate, what everyone who reads it reads."""
    return Message.objects.filter(topic=topic, state=State.ONLINE)


def _spoken(person: int) -> "QuerySet[Any, Any]":
    return numbers_of(Person(pk=person), Membership.SPEAKING)


AFTER = Statement(
    lambda topic, since: _online(topic).filter(position__gte=since).in_order().values_list(*FIELDS)[: PER_PAGE + 1],
    topic=int,
    since=int,
)
BEFORE = Statement(
    lambda topic, before: (
        _online(topic).filter(position__lt=before).order_by("-position").values_list(*FIELDS)[: PER_PAGE + 1]
    ),
    topic=int,
    before=int,
)
UNREAD = Statement(
    lambda topic, read: _online(topic).filter(position__gt=read).in_order().values_list("position")[:1],
    topic=int,
    read=int,
)
LAST = Statement(
    lambda topic: _online(topic).order_by("-position").values_list("position")[PER_PAGE - 1 : PER_PAGE], topic=int
)
READ = Statement(
    lambda person, topic: Reading.objects.filter(person=person, topic=topic).values_list("position"),
    person=int,
    topic=int,
)
SPOKEN = Statement(lambda person: _spoken(person).values_list("pk"), person=int)
# In the order of pages, all that someone reacted to between two positions.
REACTED = Statement(
    lambda person, topic, since, until: Reaction.objects.filter(
        person=person,
        message__topic=topic,
        message__state=State.ONLINE,
        message__position__gte=since,
        message__position__lte=until,
    ).values_list("message", "kind"),
    person=int,
    topic=int,
    since=int,
    until=int,
)
APART = Statement(
    lambda topic: (
        Message.objects.filter(topic=topic).exclude(state=State.ONLINE).exclude(state=State.WITHDRAWN).values_list("pk")
    )[:1],
    topic=int,
)


def reader_in(one: Topic, person: Person | None, mine: Member | None, *, token: str, answers: bool) -> Reader:
    """What `person` is to a topic that they may read; `answers` when they have a form to, `token` that of forms."""
    spoken = {number for (number,) in SPOKEN.run(person=person.pk)} if person else set()
    return Reader(
        person,
        one,
        mine,
        token=token,
        answers=answers,
        spoken=frozenset(spoken),
        opened_it=person is not None and one.author_id == person.pk,
    )


def page_of(reader: Reader, asked: Asked) -> Page:
    """The part of the topic that `asked` says (`avant` or `depuis` a position), else where one stopped reading."""
    one, person = reader.topic, reader.person
    read = next((int(at) for (at,) in READ.run(person=person.pk, topic=one.pk)), None) if person else None
    if "avant" in asked:
        found = BEFORE.run(topic=one.pk, before=asked["avant"])
        rows = [Row(*row) for row in found[:PER_PAGE][::-1]]
        is_first, is_last = len(found) <= PER_PAGE, False
    else:
        since = asked["depuis"] if "depuis" in asked else _first_unread(one, read)
        found = AFTER.run(topic=one.pk, since=since)
        rows = [Row(*row) for row in found[:PER_PAGE]]
        is_first, is_last = not since, len(found) <= PER_PAGE
    waiting = _apart(one, person)
    _look(reader, rows, waiting)
    drawn = draw(rows, reader)
    unread = next((row.number for row in rows if read is not None and row.position > read), None)
    shown = [Drawn(html, row.number == unread) for row, html in zip(rows, drawn, strict=True)]
    return Page(
        shown,
        draw(waiting, reader),
        before=None if is_first or not rows else rows[0].position,
        after=None if is_last or not rows else rows[-1].position + 1,
        last=rows[-1].position if rows else None,
        lead=lead(rows[0], reader) if rows else "",
    )


def _first_unread(one: Topic, read: int | None) -> int:
    """Where to open: the first message after `read`; the last page when all was; 0, the beginning, without a trace."""
    if read is None or one.reply_count < PER_PAGE:
        return 0
    [(first,)] = UNREAD.run(topic=one.pk, read=read) or LAST.run(topic=one.pk) or [(0,)]
    return int(first)


def _apart(one: Topic, person: Person | None) -> list[Row]:
    """What is not online and that `person` may read here: their own, and what waits for who animates."""
    if person is None or not APART.run(topic=one.pk):
        return []
    theirs = Message.objects.open_to(person).filter(topic=one).exclude(state=State.ONLINE)
    return [Row(*row) for row in theirs.order_by("pk").values_list(*FIELDS)[:OWN]]


def _look(reader: Reader, rows: list[Row], waiting: list[Row]) -> None:
    """Note what the reader no longer wants to read, what they reacted to, who reacted to them, what was decided."""
    one, person = reader.topic, reader.person
    if person is None:
        return
    voices = {row.voice for row in (*rows, *waiting)} | {row.quoted_voice for row in rows if row.quoted_voice}
    if one.answer_id and one.answer:
        voices.add(one.answer.voice_id)
    reader.left_out.update(unread_by(person, voices))
    decided = [row.number for row in waiting if row.state in {State.REFUSED, State.HIDDEN}]
    if decided:
        found = Ruling.objects.filter(message__in=decided, verdict__in=["refuse", "hide"]).order_by("at")
        reader.rulings.update({ruling.message_id: ruling for ruling in found})
    if reader.mine is None or not rows:
        return
    between = {"since": rows[0].position, "until": rows[-1].position}
    reader.reactions.update(dict(REACTED.run(person=person.pk, topic=one.pk, **between)))
    own = [row.number for row in rows if row.voice in reader.spoken]
    if own:
        thanked = Reaction.objects.filter(message__in=own).values_list("message", flat=True).distinct()
        reader.thanked.update(thanked)
