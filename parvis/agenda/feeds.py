"""The agenda for other programs: iCalendar and Atom."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar import Event as Entry

from parvis.agenda.models import Event, Occurrence
from parvis.core import text
from parvis.publications.models import Publication

# What one feed carries at most.
IN_CALENDAR, IN_ATOM = 500, 50
REFRESH = timedelta(hours=6)


def calendar(name: str, occurrences: Iterable[Occurrence]) -> bytes:
    """An iCalendar file (RFC 5545). Times are in UTC, which no change of hour disturbs; all-day ones are dates."""
    document = Calendar()
    document.add("prodid", "-//Parvis//Agenda//FR")
    document.add("version", "2.0")
    document.add("calscale", "GREGORIAN")
    document.add("method", "PUBLISH")
    document.add("x-wr-calname", name)
    document.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    document.add("x-published-ttl", "PT6H")
    for occurrence in occurrences:
        document.add_component(entry(occurrence))
    return bytes(document.to_ical())


def entry(occurrence: Occurrence) -> Entry:
    """One time of an event. Its UID stays when it is corrected, moved or cancelled, and SEQUENCE grows."""
    event = occurrence.event
    publication = event.publication
    said = publication.edited_at or publication.published_at or publication.created_at
    address = settings.SITE_URL + publication.get_absolute_url()
    one = Entry()
    one.add("uid", f"event-{event.pk}-{occurrence.pk}@{urlsplit(settings.SITE_URL).hostname}")
    one.add("dtstamp", said.astimezone(UTC))
    one.add("last-modified", said.astimezone(UTC))
    one.add("sequence", publication.version - 1)
    one.add("summary", publication.title)
    one.add("description", f"{text.plain(publication.body_html)}\n\n{organiser(publication)}\n{address}")
    one.add("location", where(event))
    one.add("url", address)
    one.add("categories", [str(event.get_category_display())])
    one.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    if occurrence.all_day:
        one.add("dtstart", occurrence.first_day)
        one.add("dtend", occurrence.last_day + timedelta(days=1))
        one.add("transp", "TRANSPARENT")
        return one
    one.add("dtstart", occurrence.starts_at.astimezone(UTC))
    if occurrence.ends_at:
        one.add("dtend", occurrence.ends_at.astimezone(UTC))
    return one


def organiser(publication: Publication) -> str:
    """« Organisé par Atelier Rebranche (Association) »: who speaks goes with the words, in every channel."""
    voice = publication.voice
    said = {"voice": voice.name, "kind": voice.badge_text}
    return _("Organisé par %(voice)s (%(kind)s)") % said


def where(event: Event) -> str:
    """Venue, address and commune on one line."""
    return ", ".join(part for part in (event.venue, event.address, event.commune.name) if part)


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
        state = _("Annulé. ") if event.is_cancelled else ""
        feed.add_item(
            title=publication.title,
            link=settings.SITE_URL + publication.get_absolute_url(),
            unique_id=f"{settings.SITE_URL}/agenda/{publication.pk}/",
            description=f"{state}{occurrence.when if occurrence else ''} · {where(event)}. {organiser(publication)}.",
            content=text.sanitise(publication.body_html),
            author_name=publication.voice.name,
            categories=[str(event.get_category_display())],
            pubdate=publication.published_at,
            updateddate=updated(publication),
        )
    return feed.writeString("utf-8").encode()


def updated(publication: Publication) -> datetime:
    """When it last changed."""
    return publication.edited_at or publication.published_at or publication.created_at
