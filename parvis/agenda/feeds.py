"""The agenda for other programs: iCalendar and Atom."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from icalendar import Calendar, Timezone, vRecur, vText
from icalendar import Event as Entry

from parvis.agenda.models import Event, Occurrence, Series
from parvis.core import text
from parvis.publications.models import Publication

# What one feed carries at most.
IN_CALENDAR, IN_ATOM = 500, 50
REFRESH = timedelta(hours=6)
# What RFC 5545 can say of it; the words of the summary say the rest.
STATUS: dict[str, str] = {
    Event.Status.PLANNED: "CONFIRMED",
    Event.Status.MOVED: "CONFIRMED",
    Event.Status.POSTPONED: "CANCELLED",
    Event.Status.FULL: "CONFIRMED",
    Event.Status.CANCELLED: "CANCELLED",
}


def calendar(
    name: str, occurrences: Iterable[Occurrence], *, whole: bool = True, welcome: Collection[int] = ()
) -> bytes:
    """An iCalendar file (RFC 5545) of the events of `occurrences`, in their order.

    A time of its own is in UTC, which no change of hour disturbs; a series is said once, by its rule, in the zone of
    the territory, which the file describes, and the times that depart from it after it. All-day ones are dates. When
    not `whole`, the times given are said and no other of their series. `welcome` are the numbers of those at someone's
    home where whoever reads was accepted: their address is said, in their own calendar and nowhere else (R-PRIV-12).
    """
    document = Calendar()
    document.add("prodid", "-//Parvis//Agenda//FR")
    document.add("version", "2.0")
    document.add("calscale", "GREGORIAN")
    document.add("method", "PUBLISH")
    document.add("x-wr-calname", name)
    document.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    document.add("x-published-ttl", "PT6H")
    rows = list(occurrences)
    numbers = {row.event_id for row in rows if row.series_at and whole}
    series = Series.objects.in_bulk(numbers) if numbers else {}
    said = Occurrence.objects.exceptional().filter(event__in=series, series_at__isnull=False)
    apart: dict[int, list[Occurrence]] = {number: [] for number in series}
    for one in said[:IN_CALENDAR] if series else ():
        apart[one.event_id].append(one)
    if any(not one.all_day for one in series.values()):
        document.add_component(described(timezone.get_current_timezone_name()))
    for row in rows:
        if row.series_at is None or row.event_id not in series:
            document.add_component(entry(row, at_home=row.pk in welcome))
        elif row.event_id in numbers:
            numbers.discard(row.event_id)
            for said_apart in entries(row.event, series[row.event_id], apart[row.event_id]):
                document.add_component(said_apart)
    return bytes(document.to_ical())


@lru_cache(maxsize=8)
def described(zone: str) -> Timezone:
    """The rules of a zone, for programs that do not know it by its name."""
    return Timezone.from_tzinfo(ZoneInfo(zone), zone, date(2020, 1, 1), date(2038, 1, 1))


def entries(event: Event, series: Series, apart: Sequence[Occurrence]) -> list[Entry]:
    """A series by its rule and its exceptions, then each time that departs from it."""
    whole = common(event)
    whole.add("uid", uid(f"event-{event.pk}"))
    whole.add("status", STATUS[event.status])
    span(whole, series.starts_at, series.ends_at, all_day=series.all_day, local=True)
    rule = series.said
    parts: dict[str, Any] = {"freq": rule.frequency, "interval": rule.interval}
    if rule.days:
        parts["byday"] = list(rule.days)
    if rule.count:
        parts["count"] = rule.count
    if rule.until:
        last = datetime.combine(rule.until, time.max.replace(microsecond=0), timezone.get_current_timezone())
        parts["until"] = rule.until if series.all_day else last.astimezone(UTC)
    whole.add("rrule", vRecur(parts))
    for day in series.excluded_days:
        whole.add("exdate", day if series.all_day else here(series.begins(day)))
    said = [whole]
    for occurrence in apart:
        occurrence.event = event
        one = common(event, occurrence)
        one.add("uid", uid(f"event-{event.pk}"))
        one.add("status", STATUS[occurrence.state])
        begins = occurrence.series_at or occurrence.starts_at
        one.add("recurrence-id", timezone.localtime(begins).date() if series.all_day else here(begins))
        span(one, occurrence.starts_at, occurrence.ends_at, all_day=occurrence.all_day, local=True)
        said.append(one)
    return said


def entry(occurrence: Occurrence, *, at_home: bool = False) -> Entry:
    """One time of an event. Its UID stays when it is corrected, moved or cancelled, and SEQUENCE grows."""
    one = common(occurrence.event, occurrence)
    one.add("uid", uid(f"event-{occurrence.event_id}-{occurrence.pk}"))
    one.add("status", STATUS[occurrence.state])
    span(one, occurrence.starts_at, occurrence.ends_at, all_day=occurrence.all_day)
    home = occurrence.event.home_address
    if at_home and home and not occurrence.venue:
        one["location"] = vText(f"{home}, {occurrence.event.commune.name}")
    return one


def uid(name: str) -> str:
    """A name that no other site gives."""
    return f"{name}@{urlsplit(settings.SITE_URL).hostname}"


def common(event: Event, occurrence: Occurrence | None = None) -> Entry:
    """What every entry of an event says, of one of its times if it is given."""
    publication = event.publication
    said = updated(publication)
    address = settings.SITE_URL + publication.get_absolute_url()
    state = (occurrence.state_label if occurrence else "") or state_of(event)
    note = (occurrence.note if occurrence else "") or event.status_note
    spoken = ". ".join(part for part in (state, note) if part)
    one = Entry()
    one.add("dtstamp", said.astimezone(UTC))
    one.add("last-modified", said.astimezone(UTC))
    one.add("sequence", publication.version - 1)
    one.add("summary", f"{state} : {publication.title}" if state else publication.title)
    words = (spoken, text.plain(publication.body_html), f"{organiser(publication)}\n{address}")
    one.add("description", "\n\n".join(part for part in words if part))
    one.add("location", where(event, occurrence))
    if event.held_at and event.held_at.point and not (occurrence and occurrence.venue):
        one.add("geo", (round(event.held_at.lat or 0, 6), round(event.held_at.lon or 0, 6)))
    one.add("url", address)
    one.add("categories", [str(event.get_category_display()), *event.words])
    return one


def span(one: Entry, starts_at: datetime, ends_at: datetime | None, *, all_day: bool, local: bool = False) -> None:
    """When it begins and ends: dates when it lasts all day, else instants in UTC or, for a series, local times."""
    if all_day:
        last = ends_at - timedelta(microseconds=1) if ends_at else starts_at
        one.add("dtstart", timezone.localtime(starts_at).date())
        one.add("dtend", timezone.localtime(last).date() + timedelta(days=1))
        one.add("transp", "TRANSPARENT")
        return
    zone = timezone.get_current_timezone() if local else UTC
    one.add("dtstart", starts_at.astimezone(zone))
    if ends_at:
        one.add("dtend", ends_at.astimezone(zone))


def here(at: datetime) -> datetime:
    """The same instant in the zone of the territory."""
    return at.astimezone(timezone.get_current_timezone())


def state_of(event: Event) -> str:
    """« Annulé », « Déplacé »; nothing for what is as announced."""
    return "" if event.status == Event.Status.PLANNED else str(event.get_status_display())


def organiser(publication: Publication) -> str:
    """« Organisé par Atelier Rebranche (Association) »: who speaks goes with the words, in every channel."""
    voice = publication.voice
    said = {"voice": voice.name, "kind": voice.badge_text}
    return _("Organisé par %(voice)s (%(kind)s)") % said


def where(event: Event, occurrence: Occurrence | None = None) -> str:
    """Venue, address and commune on one line; the venue alone of a time that is held elsewhere."""
    elsewhere = occurrence.venue if occurrence else ""
    held = (elsewhere,) if elsewhere else (event.venue, event.address)
    online = _("en ligne") if event.mode != Event.Mode.PLACE else ""
    return ", ".join(part for part in (*held, event.commune.name, online) if part)


def atom(name: str, path: str, publications: Iterable[Publication]) -> bytes:
    """An Atom feed called `name` of events, latest announced first; `path` is its own address."""
    feed = Atom1Feed(
        title=name,
        link=settings.SITE_URL + "/agenda/",
        description=_("Les événements annoncés."),
        language=settings.LANGUAGE_CODE,
        feed_url=settings.SITE_URL + path,
        feed_guid=settings.SITE_URL + path,
    )
    for publication in publications:
        event = publication.event
        occurrence = event.next_occurrence
        feed.add_item(
            title=publication.title,
            link=settings.SITE_URL + publication.get_absolute_url(),
            unique_id=f"{settings.SITE_URL}/agenda/{publication.pk}/",
            description=summary(publication, occurrence),
            content=text.sanitise(publication.body_html),
            author_name=publication.voice.name,
            categories=[str(event.get_category_display())],
            pubdate=publication.published_at,
            updateddate=updated(publication),
        )
    return feed.writeString("utf-8").encode()


def summary(publication: Publication, occurrence: Occurrence | None) -> str:
    """What became of it, when, where and by whom, in one line."""
    event = publication.event
    state = occurrence.state_label if occurrence else state_of(event)
    when = occurrence.when if occurrence else ""
    said = f"{when} · {where(event, occurrence)}. {organiser(publication)}."
    return f"{state}. {said}" if state else said


def updated(publication: Publication) -> datetime:
    """When it last changed."""
    return publication.edited_at or publication.published_at or publication.created_at
