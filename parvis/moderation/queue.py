"""What waits for a moderator: what was written, and what was reported of it and of profiles, oldest first."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, Min, Q, Value

from parvis.conversations.models import Line
from parvis.core.statements import Statement
from parvis.groups.models import Message
from parvis.moderation.models import Item, Report, field_of
from parvis.people.models import Person, Voice
from parvis.publications.models import Publication, Reply

PUBLICATION, REPLY, PROFILE, MESSAGE, LINE = "publication", "reply", "voice", "message", "line"
# The word of each in addresses.
WORDS = {PUBLICATION: "publication", REPLY: "reponse", PROFILE: "profil", MESSAGE: "message", LINE: "message-prive"}
# Reports read with one thing; further ones are counted.
REPORTS_SHOWN = 20
# Counted no further: a badge says « 99+ ».
MOST = 100


@dataclass
class Case:
    """One thing to decide on; `reports` are those still open."""

    item: Item
    since: datetime
    reports: list[Report] = field(default_factory=list)

    @property
    def publication(self) -> Publication | None:
        """The publication, or the one it replies to; None for a profile."""
        if isinstance(self.item, Reply):
            return self.item.publication
        return self.item if isinstance(self.item, Publication) else None

    @property
    def message(self) -> Message | None:
        """The message of a group; None for anything else."""
        return self.item if isinstance(self.item, Message) else None

    @property
    def line(self) -> Line | None:
        """The line of a private conversation; None for anything else."""
        return self.item if isinstance(self.item, Line) else None

    @property
    def around(self) -> tuple[list[Line], list[Line]]:
        """The few lines that are read before and after a line, and nothing else of the conversation."""
        return self.item.around() if isinstance(self.item, Line) else ([], [])

    @property
    def title(self) -> str:
        """What its page is called: the publication, the topic, whose profile, or whose message."""
        if self.line:
            return self.line.voice.name if self.line.voice else ""
        if self.message:
            return self.message.topic.title
        return self.publication.headline if self.publication else str(self.item)

    @property
    def is_reply(self) -> bool:
        """Whether it is a reply."""
        return isinstance(self.item, Reply)

    @property
    def address(self) -> str:
        """The page on which it is decided."""
        return f"/moderation/{WORDS[field_of(self.item)]}/{self.item.pk}/"


def waiting_for(moderator: Person, group: int | None = None) -> Any:
    """(since, kind, number) of each thing that waits, oldest first: one statement, to be sliced by pages.

    Of one group alone, if its number is given.
    """
    reports = Report.objects.awaiting(moderator)
    messages = Message.objects.awaiting(moderator)
    if group is not None:
        said = row("created_at", MESSAGE, messages.filter(topic__group=group))
        told = reported(reports.filter(message__topic__group=group), MESSAGE)
        return said.union(told, all=True).order_by("since", "kind_", "number")
    parts = [
        row("created_at", MESSAGE, messages),
        reported(reports, MESSAGE),
        row("created_at", PUBLICATION, Publication.objects.awaiting(moderator)),
        row("created_at", REPLY, Reply.objects.awaiting(moderator)),
        reported(reports, PUBLICATION),
        reported(reports, REPLY),
        reported(reports, PROFILE),
        reported(reports, LINE),
    ]
    return parts[0].union(*parts[1:], all=True).order_by("since", "kind_", "number")


# Written once, since it is asked on every page of a moderator; a count needs no order.
COUNTED = Statement(lambda moderator: waiting_for(Person(pk=moderator)).order_by()[:MOST], moderator=int)


def how_many(moderator: Person) -> int:
    """How many things wait for `moderator`, counted up to MOST."""
    return len(COUNTED.run(moderator=moderator.pk))


def row(since: str, kind: str, queryset: Any) -> Any:
    """The three columns of the queue, from publications or replies."""
    named = queryset.order_by().annotate(since=F(since), kind_=Value(kind, CharField()), number=F("pk"))
    return named.values_list("since", "kind_", "number")


def reported(reports: Any, kind: str) -> Any:
    """The same from reports, one line for each thing reported however often (R-MOD-4)."""
    grouped = reports.exclude(**{kind: None}).order_by().values(number=F(kind))
    return grouped.annotate(since=Min("created_at"), kind_=Value(kind, CharField())).values_list(
        "since", "kind_", "number"
    )


def cases(rows: list[tuple[datetime, str, int]]) -> list[Case]:
    """The things behind one page of the queue, in its order: as many statements whatever its length."""
    publications = Publication.objects.shown().in_bulk([number for _s, kind, number in rows if kind == PUBLICATION])
    replies = (
        Reply.objects.shown()
        .select_related("publication__voice", "publication__place")
        .in_bulk([number for _s, kind, number in rows if kind == REPLY])
    )
    voices = Voice.objects.shown().in_bulk([number for _s, kind, number in rows if kind == PROFILE])
    said = Message.objects.shown().select_related("topic__group__voice__zone")
    messages = said.in_bulk([number for _s, kind, number in rows if kind == MESSAGE])
    lines = Line.objects.shown().in_bulk([number for _s, kind, number in rows if kind == LINE])
    things: dict[str, dict[int, Any]]
    things = {PUBLICATION: publications, REPLY: replies, PROFILE: voices, MESSAGE: messages, LINE: lines}
    made = {(kind, number): Case(things[kind][number], since) for since, kind, number in rows if number in things[kind]}
    about = Q(publication__in=publications) | Q(reply__in=replies) | Q(voice__in=voices) | Q(message__in=messages)
    about |= Q(line__in=lines)
    found = Report.objects.open().filter(about)
    for report in found.order_by("created_at")[: REPORTS_SHOWN * max(1, len(rows))]:
        numbers = {kind: getattr(report, f"{kind}_id") for kind in WORDS}
        case = next((made[kind, number] for kind, number in numbers.items() if (kind, number) in made), None)
        if case and len(case.reports) < REPORTS_SHOWN:
            case.reports.append(report)
    return list(made.values())


def case_of(item: Item) -> Case:
    """One thing with its open reports."""
    reports = list(Report.objects.open().on(item).order_by("created_at")[:REPORTS_SHOWN])
    return Case(item, item.created_at, reports)
