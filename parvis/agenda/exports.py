"""The agenda as data: schema.org on each page, JSON as OpenAgenda writes it, CSV for open data."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from parvis.agenda.models import CoOrganiser, Event, Occurrence
from parvis.core import text
from parvis.people.models import Voice

# What one export carries at most, and the times of one event in its description.
MOST, TIMES = 500, 30
SCHEMA = "https://schema.org/"
STATUS = {
    Event.Status.POSTPONED: "EventPostponed",
    Event.Status.MOVED: "EventRescheduled",
    Event.Status.CANCELLED: "EventCancelled",
}
MODES = {
    Event.Mode.PLACE: "OfflineEventAttendanceMode",
    Event.Mode.ONLINE: "OnlineEventAttendanceMode",
    Event.Mode.MIXED: "MixedEventAttendanceMode",
}
# As OpenAgenda numbers them.
STATUS_NUMBERS = {"planned": 1, "moved": 2, "postponed": 4, "full": 5, "cancelled": 6}
MODE_NUMBERS = {"place": 1, "online": 2, "mixed": 3}
COLUMNS = (
    "identifiant",
    "titre",
    "categorie",
    "debut",
    "fin",
    "journee",
    "etat",
    "lieu",
    "adresse",
    "commune",
    "code_insee",
    "tarif",
    "gratuit",
    "accessibilite",
    "organisateur",
    "adresse_web",
    "co_organisateurs",
)


def json_ld(event: Event, times: Iterable[Occurrence], others: Iterable[Voice] = ()) -> SafeString:
    """What search engines read of an event, `others` organising it too: a block of data, which no browser runs."""
    organisers = [organiser(voice) for voice in (event.publication.voice, *others)]
    said = [
        {**described(event, one), "organizer": organisers if len(organisers) > 1 else organisers[0]}
        for one in list(times)[:TIMES]
    ]
    if not said:
        return SafeString("")
    data = {"@context": "https://schema.org", **said[0]} if len(said) == 1 else listed(said)
    # Nothing in it can close the block or open another.
    written = json.dumps(data, ensure_ascii=False).translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"})
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(written))  # noqa: S308 - just escaped


def listed(said: list[dict[str, Any]]) -> dict[str, Any]:
    """Several times of one event."""
    return {"@context": "https://schema.org", "@graph": said}


def described(event: Event, one: Occurrence) -> dict[str, Any]:
    """One time of an event, in the words of schema.org."""
    publication = event.publication
    address = settings.SITE_URL + publication.get_absolute_url()
    said: dict[str, Any] = {
        "@type": "Event",
        "@id": f"{address}#{one.pk}",
        "name": publication.title,
        "description": text.plain(publication.body_html)[:1_000],
        "url": address,
        "startDate": began(one),
        "eventStatus": SCHEMA + STATUS.get(Event.Status(one.state), "EventScheduled"),
        "eventAttendanceMode": SCHEMA + MODES[Event.Mode(event.mode)],
        "location": places(event, one),
        "isAccessibleForFree": event.is_free,
    }
    if one.ends_at:
        said["endDate"] = one.last_day.isoformat() if one.all_day else timezone.localtime(one.ends_at).isoformat()
    if publication.image:
        said["image"] = [settings.SITE_URL + publication.image.url]
    if event.keywords:
        said["keywords"] = event.keywords
    return said


def organiser(voice: Voice) -> dict[str, str]:
    """Who organises, in the words of schema.org."""
    kind = "Person" if voice.person_id else "Organization"
    return {"@type": kind, "name": voice.name, "url": settings.SITE_URL + voice.get_absolute_url()}


def began(one: Occurrence) -> str:
    """When it begins: a date when it lasts all day."""
    return one.first_day.isoformat() if one.all_day else timezone.localtime(one.starts_at).isoformat()


def places(event: Event, one: Occurrence) -> list[dict[str, Any]] | dict[str, Any]:
    """Where it is held: at a place, at an address of the web, or both."""
    place: dict[str, Any] = {
        "@type": "Place",
        "name": one.where or event.commune.name,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "" if one.venue else event.address,
            "addressLocality": event.commune.name,
            "addressCountry": "FR",
        },
    }
    if event.held_at and event.held_at.point and not one.venue:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": event.held_at.lat, "longitude": event.held_at.lon}
    online = {"@type": "VirtualLocation", "url": event.online_url or settings.SITE_URL}
    match event.mode:
        case Event.Mode.ONLINE:
            return online
        case Event.Mode.MIXED:
            return [place, online]
    return place


def openagenda(name: str, occurrences: Iterable[Occurrence]) -> bytes:
    """The events of `occurrences` as the API of OpenAgenda (v2) gives them, each once with its times.

    It says no state of a time: those at which nobody should come are left out, unless the whole event is off.
    """
    times: dict[int, list[Occurrence]] = {}
    for one in occurrences:
        times.setdefault(one.event_id, []).append(one)
    others = CoOrganiser.objects.named_by_event(times)
    events: dict[int, dict[str, Any]] = {}
    for number, every in times.items():
        standing = [one for one in every if not one.is_off]
        row = events[number] = as_openagenda(every[0].event) | {"co-organisateurs": others.get(number, [])}
        row["timings"] = [
            {"begin": stamp(one), "end": timezone.localtime(one.closes_at).isoformat()} for one in standing or every
        ]
        if not standing:
            row["status"] = STATUS_NUMBERS[every[0].state]
        row["firstTiming"], row["lastTiming"] = row["timings"][0], row["timings"][-1]
    said = {"total": len(events), "agenda": {"title": name, "url": settings.SITE_URL}, "events": [*events.values()]}
    return json.dumps(said, ensure_ascii=False).encode()


def as_openagenda(event: Event) -> dict[str, Any]:
    """An event without its times."""
    publication = event.publication
    image = {"base": settings.SITE_URL, "filename": publication.image.url} if publication.image else None
    return {
        "uid": event.pk,
        "slug": publication.slug,
        "title": {"fr": publication.title},
        "description": {"fr": text.plain(publication.body_html)[:200]},
        "longDescription": {"fr": publication.body},
        "keywords": {"fr": event.words},
        "conditions": {"fr": event.cost},
        "status": STATUS_NUMBERS[event.status],
        "attendanceMode": MODE_NUMBERS[event.mode],
        "onlineAccessLink": event.online_url or None,
        "age": {"min": event.min_age, "max": event.max_age},
        "accessibility": {need: need in event.needs for need in Event.Need.values},
        "registration": [{"type": "link", "value": event.link}] if event.link else [],
        "image": image,
        "location": {
            "name": event.venue or event.commune.name,
            "address": ", ".join(part for part in (event.address, event.commune.name) if part),
            "city": event.commune.name,
            "insee": event.commune.code,
            "countryCode": "FR",
            **point_of(event),
        },
        "originAgenda": {"title": publication.voice.name},
        "canonicalUrl": settings.SITE_URL + publication.get_absolute_url(),
        "timezone": timezone.get_current_timezone_name(),
        "timings": [],
    }


def point_of(event: Event) -> dict[str, float | None]:
    """Where its place is, for who draws maps."""
    if event.held_at is None or event.held_at.point is None:
        return {}
    return {"latitude": event.held_at.lat, "longitude": event.held_at.lon}


def stamp(one: Occurrence) -> str:
    """When it begins, as an instant."""
    return timezone.localtime(one.starts_at).isoformat()


def table(_name: str, occurrences: Iterable[Occurrence]) -> bytes:
    """One line for each time, for a spreadsheet: semicolons, and nothing that one would run (R-SEC-26)."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    rows = list(occurrences)
    others = CoOrganiser.objects.named_by_event({one.event_id for one in rows})
    for one in rows:
        event, publication = one.event, one.event.publication
        row = (
            publication.pk,
            publication.title,
            event.get_category_display(),
            began(one),
            one.last_day.isoformat() if one.all_day else timezone.localtime(one.closes_at).isoformat(),
            "oui" if one.all_day else "non",
            Event.Status(one.state).label,
            one.where,
            event.address,
            event.commune.name,
            event.commune.code,
            event.price,
            "oui" if event.is_free else "non",
            event.access,
            publication.voice.name,
            settings.SITE_URL + publication.get_absolute_url(),
            ", ".join(others.get(event.pk, [])),
        )
        writer.writerow([inert(str(cell)) for cell in row])
    # With a mark, without which Excel reads accents wrong.
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
