"""What a letter says, read through the gates by whoever opens it: the page, the paper and the mail say the same."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from django.db.models import Count, Exists, F, OuterRef, Q

from parvis.agenda.days import by_day
from parvis.agenda.models import Showing
from parvis.core.statements import prepared
from parvis.core.text import plain
from parvis.groups.models import Topic
from parvis.letters.models import Issue, Often
from parvis.letters.periods import Period
from parvis.letters.rules import EVENTS, NOTICES, PER_VOICE, SAID, Picked, coming
from parvis.notifications.finding import found_of, things_of
from parvis.notifications.models import Notification
from parvis.notifications.wording import sentence
from parvis.people.models import Person, Subscription
from parvis.people.ties import unread_by
from parvis.publications.around import newest_around
from parvis.publications.feed import REASON, reasons
from parvis.publications.models import Publication
from parvis.publications.ways import drawn_over
from parvis.publications.wording import inside
from parvis.territory.models import Zone, ZoneLink

# Of a place, so many are looked at before the cap of one voice.
LOOKED_AT = 40


@dataclass(frozen=True)
class Told:
    """One publication, and why its reader sees it, as HTML; the gazette of a place says it in its title."""

    publication: Publication
    why: str = ""

    @property
    def words(self) -> str:
        """What it says under its headline: for what has no title, the rest of what the headline began."""
        # As a headline is cut: special spaces are spaces.
        words = " ".join(plain(self.publication.body_html).split())
        if self.publication.title:
            return words
        begun = self.publication.headline.rstrip("…")
        rest = words.removeprefix(begun).lstrip(" ,;:")
        if rest == words:
            return words
        return f"…{rest}" if rest and begun != self.publication.headline else rest


@dataclass(frozen=True)
class Talk:
    """A topic of a group, and how many messages came in the period."""

    topic: Topic
    count: int


@dataclass(frozen=True)
class News:
    """A notification that no mail told yet."""

    number: int
    words: str
    address: str


@dataclass
class Contents:
    """The sections of a letter, in their order."""

    period: Period
    news: list[News] = field(default_factory=list)
    alerts: list[Told] = field(default_factory=list)
    notices: list[Told] = field(default_factory=list)
    said: list[Told] = field(default_factory=list)
    days: list[tuple[date, list[Showing]]] = field(default_factory=list)
    topics: list[Talk] = field(default_factory=list)

    @property
    def is_worth(self) -> bool:
        """Whether something is left to say: a day needs something new, a week may be its agenda alone."""
        is_new = self.news or self.alerts or self.notices or self.said or self.topics
        return bool(is_new or (self.days and self.period.often == Often.WEEKLY))


def contents_of(issue: Issue, period: Period, *, with_news: bool) -> Contents:
    """What `issue` says to its reader now. `with_news` when it leaves: on the site, notifications have their page."""
    person, picked = issue.person, cast("Picked", issue.picked)
    notices = _told(person, picked["notices"])
    return Contents(
        period,
        news=_news(person, picked["news"]) if with_news else [],
        alerts=[one for one in notices if one.publication.is_alert],
        notices=[one for one in notices if not one.publication.is_alert],
        said=_told(person, picked["said"]),
        days=_days(person, picked["events"], period),
        topics=_topics(person, picked["topics"], period),
    )


def gazette_of(zone: Zone, period: Period) -> Contents:
    """What anyone reads of a place: what reaches all its people, by the same rules."""
    links = ZoneLink.objects.filter(part=zone, relation=ZoneLink.Relation.WITHIN).exclude(whole=zone)
    first, last = period.positions
    around = newest_around(zone, links.values_list("whole", flat=True), ("notice", "post"), LOOKED_AT, last)
    told = {
        kind: [Told(one) for one in _capped(one for one in rows if (one.position or 0) >= first)]
        for kind, rows in around.items()
    }
    events = [occurrence for _starts, occurrence, _publication in sorted(coming(zone.pk, period))]
    return Contents(
        period,
        alerts=[one for one in told["notice"] if one.publication.is_alert],
        notices=[one for one in told["notice"] if not one.publication.is_alert][:NOTICES],
        said=told["post"][:SAID],
        days=_days(None, events[: EVENTS[Often.WEEKLY]], period),
    )


def _capped(rows: Iterable[Publication]) -> list[Publication]:
    """PER_VOICE of each voice at most."""
    spoken: dict[int, int] = {}
    kept = []
    for one in rows:
        spoken[one.voice_id] = spoken.get(one.voice_id, 0) + 1
        if spoken[one.voice_id] <= PER_VOICE:
            kept.append(one)
    return kept


def _told(person: Person, numbers: list[tuple[int, int]]) -> list[Told]:
    """Those of these publications that `person` may read and still hears, with why."""
    if not numbers:
        return []
    sources = dict(numbers)
    # What no longer reaches them is not told: they moved, left, or let that place rest.
    mine = set(
        Subscription.objects.filter(person=person, muted=False, audience__in=[one % REASON for one in sources.values()])
        .annotate(source_number=F("reason") * REASON + F("audience"))
        .values_list("source_number", flat=True)
    )
    drawn = drawn_over(person) if 0 in sources.values() else {}
    words = reasons({one for one in sources.values() if one in mine})
    rows = Publication.objects.visible_to(person).filter(pk__in=sources).order_by("-position").shown()
    away = unread_by(person, {one.voice_id for one in rows})
    told = []
    for one in rows:
        places = drawn.get(one.pk)
        why = words.get(sources[one.pk], "") or (inside(places[0].kind) if places else "")
        if why and one.voice_id not in away:
            told.append(Told(one, why))
    return told


def _days(person: Person | None, occurrences: list[int], period: Period) -> list[tuple[date, list[Showing]]]:
    """These times of events, day by day; what was called off meanwhile is left out."""
    rows = Showing.objects.visible_to(person).filter(occurrence__in=occurrences)
    at_home = rows.filter(zone=F("occurrence__event__commune")).order_by("starts_at", "occurrence_id")
    with prepared():
        shown = [one for one in at_home.shown() if not one.occurrence.is_off]
    away = unread_by(person, {one.occurrence.event.publication.voice_id for one in shown})
    heard = [one for one in shown if one.occurrence.event.publication.voice_id not in away]
    return by_day(heard, period.first)


def _topics(person: Person, numbers: list[int], period: Period) -> list[Talk]:
    """These topics, if `person` is still in their groups, with what was said in the period by who they hear."""
    first, last = period.positions
    said = Q(messages__state="online", messages__position__gte=first, messages__position__lt=last)
    mine = Subscription.objects.filter(person=person, muted=False, audience=OuterRef("group__audience"))
    rows = Topic.objects.visible_to(person).filter(Exists(mine), pk__in=numbers).shown()
    counts = dict(rows.order_by().values_list("pk").annotate(new=Count("messages", filter=said)))
    return [Talk(one, counts[one.pk]) for one in rows.order_by("-position") if counts.get(one.pk)]


def _news(person: Person, numbers: list[int]) -> list[News]:
    """Those of these notifications that are still unread, not mailed, and lead somewhere."""
    rows = list(Notification.objects.not_mailed(person).filter(pk__in=numbers).select_related("voice"))
    things = things_of(person, rows)
    return [News(row.pk, sentence(row, found.title), found.address) for row in rows if (found := found_of(row, things))]
