"""What waits for a moderator: publications, replies and reported things, the oldest first."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, Min, Value

from parvis.moderation.models import Report
from parvis.people.models import Person
from parvis.publications.models import Publication, Reply

PUBLICATION, REPLY = "publication", "reply"
# Reports read with one thing; further ones are counted.
REPORTS_SHOWN = 20


@dataclass
class Case:
    """One thing to decide on; `reports` are those still open."""

    item: Publication | Reply
    since: datetime
    reports: list[Report] = field(default_factory=list)

    @property
    def publication(self) -> Publication:
        """The publication, or the one it replies to."""
        return self.item if isinstance(self.item, Publication) else self.item.publication

    @property
    def is_reply(self) -> bool:
        """Whether it is a reply."""
        return isinstance(self.item, Reply)

    @property
    def address(self) -> str:
        """The page on which it is decided."""
        return f"/moderation/{'reponse' if self.is_reply else 'publication'}/{self.item.pk}/"


def waiting_for(moderator: Person) -> Any:
    """(since, kind, number) of each thing that waits, oldest first: one statement, to be sliced by pages."""
    reports = Report.objects.awaiting(moderator)
    parts = [
        row("created_at", PUBLICATION, Publication.objects.awaiting(moderator)),
        row("created_at", REPLY, Reply.objects.awaiting(moderator)),
        reported(reports, PUBLICATION),
        reported(reports, REPLY),
    ]
    return parts[0].union(*parts[1:], all=True).order_by("since", "kind_", "number")


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
    """The things behind one page of the queue, in its order: four statements whatever its length."""
    publications = Publication.objects.shown().in_bulk([number for _s, kind, number in rows if kind == PUBLICATION])
    replies = (
        Reply.objects.shown()
        .select_related("publication__voice", "publication__place")
        .in_bulk([number for _s, kind, number in rows if kind == REPLY])
    )
    made = {}
    for since, kind, number in rows:
        item = publications.get(number) if kind == PUBLICATION else replies.get(number)
        if item is not None:
            made[kind, number] = Case(item, since)
    found = Report.objects.open().filter(publication__in=publications) | Report.objects.open().filter(reply__in=replies)
    for report in found.order_by("created_at")[: REPORTS_SHOWN * max(1, len(rows))]:
        key = (PUBLICATION, report.publication_id) if report.publication_id else (REPLY, report.reply_id)
        if key in made and len(made[key].reports) < REPORTS_SHOWN:
            made[key].reports.append(report)
    return list(made.values())


def case_of(item: Publication | Reply) -> Case:
    """One thing with its open reports."""
    reports = list(Report.objects.open().on(item).order_by("created_at")[:REPORTS_SHOWN])
    return Case(item, item.created_at, reports)
