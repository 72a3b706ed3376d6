"""OpenAgenda (v2): the JSON that its API gives, with words in one language or in several."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from parvis.agenda.actions.events import Details
from parvis.agenda.actions.times import Span
from parvis.agenda.imports import entries
from parvis.agenda.imports.calendars import midnight
from parvis.agenda.imports.entries import Entry, Found, Over, Unfit, Where
from parvis.agenda.models import Event
from parvis.core.text import fold

STATUS = {2: Event.Status.MOVED, 4: Event.Status.POSTPONED, 5: Event.Status.FULL, 6: Event.Status.CANCELLED}
MODES = {2: Event.Mode.ONLINE, 3: Event.Mode.MIXED}
MOST_TIMINGS = 800


def read(document: dict[str, Any], now: datetime) -> Found:
    """The events of a page of an agenda that are not over."""
    found = Found("openagenda", name=entries.line(parts(document.get("agenda")).get("title"), 120))
    said = [one for one in listed(document.get("events")) if isinstance(one, dict)]
    for number, one in enumerate(said[: entries.MOST_ENTRIES + 1], 1):
        key = str(one.get("uid") or "")[:200]
        title = entries.line(words(one.get("title")))
        if one.get("removed") or one.get("state") in {-1, 0, 1}:
            found.gone.add(key)
            continue
        found.known.add(key)
        try:
            found.entries.append(_entry(number, key, title, one, found, now))
        except Over:
            found.past += 1
        except Unfit as refusal:
            found.leave(number, title, str(refusal))
    total = document.get("total")
    found.is_whole = not (isinstance(total, int) and total > len(said))
    return found


def _entry(number: int, key: str, title: str, one: dict[str, Any], found: Found, now: datetime) -> Entry:
    if not key:
        raise Unfit(_("Il n’a pas d’identifiant (uid)."))
    if not title:
        raise Unfit(_("Il n’a pas de titre."))
    spans, left = entries.times(_timings(one), now)
    if left:
        found.mend(number, title, left)
    status = one.get("status")
    body = entries.prose(words(one.get("longDescription")) or words(one.get("description"))) or title
    said = STATUS.get(status, Event.Status.PLANNED) if isinstance(status, int) else Event.Status.PLANNED
    return Entry(number, key, title, body, spans, _where(parts(one.get("location"))), None, _details(one, title), said)


def _timings(one: dict[str, Any]) -> Iterator[Span]:
    for timing in listed(one.get("timings"))[:MOST_TIMINGS]:
        begins, ends = moment(parts(timing).get("begin")), moment(parts(timing).get("end"))
        if begins is None:
            raise Unfit(_("Une de ses dates ne se lit pas."))
        yield Span(begins, ends if ends != begins else None, all_day=ends is not None and lasts_all_day(begins, ends))


def lasts_all_day(begins: datetime, ends: datetime) -> bool:
    """Whether it goes from a midnight of the territory to another: it is then said in days."""
    opens, closes = timezone.localtime(begins), timezone.localtime(ends)
    return opens < closes and opens.time() == closes.time() == time.min


def moment(said: object) -> datetime | None:
    """An instant; one without a zone is in the time of the territory."""
    try:
        found = parse_datetime(str(said)[:40])
        day = parse_date(str(said)[:10]) if found is None else None
    except ValueError:
        return None
    if found is None:
        return midnight(day) if day and usual(day) else None
    if not usual(found.date()):
        return None
    return found if timezone.is_aware(found) else found.replace(tzinfo=timezone.get_current_timezone())


def usual(day: date) -> bool:
    """Whether it is a day of our times."""
    return 1970 <= day.year <= 2100


def _where(place: dict[str, Any]) -> Where:
    latitude, longitude = number_of(place.get("latitude")), number_of(place.get("longitude"))
    city = entries.line(place.get("city"), 80)
    address = entries.line(words(place.get("address")), 200)
    return Where(
        venue=entries.line(words(place.get("name"))),
        address=address.removesuffix(city).rstrip(" ,0123456789") if city and address.endswith(city) else address,
        city=city,
        postal=entries.line(place.get("postalCode"), 5),
        code=entries.line(place.get("insee"), 5),
        point=(longitude, latitude) if latitude is not None and longitude is not None else None,
    )


def _details(one: dict[str, Any], title: str) -> Details:
    keywords = said_in_french(one.get("keywords"))
    tags = [entries.line(word, 40) for word in listed(keywords)] if keywords else []
    ways = [parts(way) for way in listed(one.get("registration"))]
    links = (entries.link(way.get("value")) for way in ways if way.get("type") == "link")
    price = entries.line(words(one.get("conditions")), 120)
    ages, needs, mode = parts(one.get("age")), parts(one.get("accessibility")), one.get("attendanceMode")
    return Details(
        category=entries.category_of([*tags, title]),
        keywords=entries.words_of(tags),
        price=price,
        is_free=free(price),
        link=next((link for link in links if link), ""),
        mode=MODES.get(mode, Event.Mode.PLACE) if isinstance(mode, int) else Event.Mode.PLACE,
        online_url=entries.link(one.get("onlineAccessLink")),
        access=" ".join(need for need in Event.Need.values if needs.get(need) is True),
        min_age=age(ages.get("min")),
        max_age=age(ages.get("max")) if ages.get("max") != 99 else None,
    )


def free(price: str) -> bool:
    """Whether these words say that it costs nothing: to all, not « gratuit pour les moins de 12 ans »."""
    said = f" {fold(price)} "
    if any(sign.isdigit() for sign in price):
        return False
    return any(f" {word} " in said for word in ("gratuit", "gratuite", "entree libre", "libre"))


def age(said: object) -> int | None:
    """An age; 0 is none."""
    return said if isinstance(said, int) and 0 < said <= 120 else None


def words(said: object) -> str:
    """Words, in French if there are several languages."""
    found = said_in_french(said)
    return found if isinstance(found, str) else ""


def said_in_french(said: object) -> object:
    """What is said in French, else in the first language there is."""
    if not isinstance(said, dict):
        return said
    return said.get("fr") or next(iter(said.values()), "")


def parts(said: object) -> dict[str, Any]:
    """An object, or an empty one."""
    return said if isinstance(said, dict) else {}


def listed(said: object) -> list[Any]:
    """A list, or an empty one."""
    return said if isinstance(said, list) else []


def number_of(said: object) -> float | None:
    """A number, even when it is written as text; no infinity."""
    try:
        found = float(said) if isinstance(said, int | float | str) else None
    except (ValueError, OverflowError):
        return None
    return found if found is not None and abs(found) <= 180 else None
