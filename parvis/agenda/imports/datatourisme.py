"""DATAtourisme: its compacted JSON-LD, one object or many, each with a period for every day it is on."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext as _

from parvis.agenda.actions.events import Details
from parvis.agenda.actions.times import Span
from parvis.agenda.imports import entries
from parvis.agenda.imports.calendars import midnight
from parvis.agenda.imports.entries import Entry, Found, Over, Unfit, Where
from parvis.agenda.imports.openagenda import listed, number_of, parts, said_in_french, usual

MOST_PERIODS = 2_000
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read(document: object, now: datetime) -> Found:
    """The events of an object, a list or a graph that are not over."""
    found = Found("datatourisme")
    every = parts(document).get("@graph", document)
    said = [one for one in (every if isinstance(every, list) else [every]) if isinstance(one, dict)]
    for number, one in enumerate(said[: entries.MOST_ENTRIES + 1], 1):
        title = entries.line(words(one, "rdfs:label", "label"))
        key = str(one.get("@id") or one.get("dc:identifier") or one.get("uri") or "")[:300]
        found.known.add(key)
        try:
            found.entries.append(_entry(number, key, title, one, found, now))
        except Over:
            found.past += 1
        except Unfit as refusal:
            found.leave(number, title, str(refusal))
    return found


def _entry(number: int, key: str, title: str, one: dict[str, Any], found: Found, now: datetime) -> Entry:
    if not key:
        raise Unfit(_("Il n’a pas d’identifiant (@id)."))
    if not title:
        raise Unfit(_("Il n’a pas de titre."))
    spans, left = entries.times(_joined(_periods(one)), now)
    if left:
        found.mend(number, title, left)
    described = parts(next(iter(listed(one.get("hasDescription"))), {}))
    body = (
        words(described, "dc:description", "description")
        or words(described, "shortDescription")
        or words(one, "rdfs:comment", "comment")
    )
    return Entry(number, key, title, entries.prose(body) or title, spans, _where(one), None, _details(one, title))


def _periods(one: dict[str, Any]) -> Iterator[Span]:
    for said in listed(one.get("takesPlaceAt"))[:MOST_PERIODS]:
        period = parts(said)
        first, last = day(period.get("startDate")), day(period.get("endDate") or period.get("startDate"))
        if first is None or last is None:
            raise Unfit(_("Une de ses dates ne se lit pas."))
        starts, ends = hour(period.get("startTime")), hour(period.get("endTime"))
        applied = {str(name).rsplit("/", 1)[-1].lower() for name in listed(period.get("appliesOnDay"))}
        if starts is None and not applied & {*WEEKDAYS}:
            yield Span(midnight(first), midnight(max(first, last) + timedelta(days=1)), all_day=True)
            continue
        for number in range(min((last - first).days, 400) + 1):
            on = first + timedelta(days=number)
            if not applied & {*WEEKDAYS} or WEEKDAYS[on.weekday()] in applied:
                yield _on(on, starts, ends)


def _on(day: date, starts: time | None, ends: time | None) -> Span:
    """One day, at its hours if it says some."""
    if starts is None:
        return Span(midnight(day), midnight(day + timedelta(days=1)), all_day=True)
    zone = timezone.get_current_timezone()
    last = day + timedelta(days=1) if ends is not None and ends < starts else day
    end = datetime.combine(last, ends, zone) if ends is not None and ends != starts else None
    return Span(datetime.combine(day, starts, zone), end)


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """Whole days that follow one another are one span: an exhibition of two weeks is not fourteen events."""
    last: Span | None = None
    for span in sorted(spans, key=lambda one: (not one.all_day, one.starts_at)):
        if last and last.ends_at and span.all_day and span.starts_at <= last.ends_at:
            last = Span(last.starts_at, max(last.ends_at, span.ends_at or last.ends_at), all_day=True)
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def day(said: object) -> date | None:
    """A day of our times."""
    try:
        found = parse_date(str(said)[:10])
    except ValueError:
        return None
    return found if found and usual(found) else None


def hour(said: object) -> time | None:
    """An hour, which few give."""
    try:
        return parse_time(str(said)[:8]) if said else None
    except ValueError:
        return None


def _where(one: dict[str, Any]) -> Where:
    place = parts(next(iter(listed(one.get("isLocatedAt"))), {}))
    address = parts(next(iter(listed(place.get("schema:address") or place.get("address"))), {}))
    city, point = parts(address.get("hasAddressCity")), parts(place.get("schema:geo") or place.get("geo"))
    streets = listed(address.get("schema:streetAddress") or address.get("streetAddress"))
    latitude = number_of(point.get("schema:latitude") or point.get("latitude"))
    longitude = number_of(point.get("schema:longitude") or point.get("longitude"))
    return Where(
        venue=entries.line(streets[0]) if streets else "",
        address=entries.line(", ".join(str(street) for street in streets[1:]), 200),
        city=entries.line(address.get("schema:addressLocality") or address.get("addressLocality"), 80),
        postal=entries.line(address.get("schema:postalCode") or address.get("postalCode"), 5),
        code=entries.line(city.get("insee"), 5),
        point=(longitude, latitude) if latitude is not None and longitude is not None else None,
    )


def _details(one: dict[str, Any], title: str) -> Details:
    kinds = [str(kind).rpartition(":")[2].removesuffix("Event") for kind in listed(one.get("@type"))]
    links = [
        entries.link(page)
        for contact in listed(one.get("hasContact"))
        for page in listed(parts(contact).get("foaf:homepage") or parts(contact).get("homepage"))
    ]
    return Details(
        category=entries.category_of([*kinds, title]), link=next((address for address in links if address), "")
    )


def words(one: dict[str, Any], *names: str) -> str:
    """Words in French, the first of a list."""
    for name in names:
        said = said_in_french(one.get(name))
        found = said[0] if isinstance(said, list) and said else said
        if isinstance(found, str) and found:
            return found
    return ""
