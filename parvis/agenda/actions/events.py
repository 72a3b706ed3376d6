"""An event is announced, corrected, moved or cancelled, shown on agendas and taken off them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from parvis.agenda.actions.attending import ask_again
from parvis.agenda.actions.times import Repeat, Span, in_order, set_times
from parvis.agenda.actions.venues import housed
from parvis.agenda.models import Event, Occurrence, Series, Showing, Source, Venue
from parvis.core import journal, text
from parvis.core.templatetags.ui import day_range
from parvis.people.models import Person, Voice
from parvis.publications.actions import Refused, compose, correct, open_to_replies, submit
from parvis.publications.models import Publication, State
from parvis.publications.rights import check_voice
from parvis.territory.current import current
from parvis.territory.models import Zone, ZoneLink

# Events that one voice announces by hand in a day.
MOST_A_DAY = 60
# « Gratuit », before « sur réservation » for instance.
FREE = re.compile(r"gratuite?\s*(?:[,;.·]\s*|$)", re.IGNORECASE)
COUNT = """
INSERT INTO agenda_daycount (zone_id, day, category, count) VALUES (%s, %s, %s, %s)
ON CONFLICT (zone_id, day, category) DO UPDATE SET count = agenda_daycount.count + excluded.count
"""


class Details(TypedDict, total=False):
    """What an event says of itself beside its words and times."""

    category: str
    venue: str
    address: str
    price: str
    link: str
    is_free: bool
    conditions: str
    mode: str
    online_url: str
    keywords: str
    access: str
    home_address: str
    origin: str
    min_age: int | None
    max_age: int | None


@transaction.atomic
def announce(
    *,
    voice: Voice,
    by: Person,
    title: str,
    body: str,
    commune: Zone,
    starts_at: datetime,
    ends_at: datetime | None = None,
    all_day: bool = False,
    others: Sequence[Span] = (),
    repeat: Repeat | None = None,
    image: ContentFile[bytes] | None = None,
    image_alt: str = "",
    answerable: bool = False,
    at: datetime | None = None,
    **details: Unpack[Details],
) -> Publication:
    """An event said by `voice`, at its first time, which `repeat` brings back, and at `others`. Raises Refused."""
    spans = in_order([Span(starts_at, ends_at, all_day), *others], at or timezone.now(), repeat)
    check_new(voice, title, spans[0], details)
    publication = compose(
        voice=voice,
        by=by,
        kind=Publication.Kind.EVENT,
        place=commune,
        title=title,
        body=body,
        zones=[addressed(voice, commune)],
        image=image,
        image_alt=image_alt,
        answerable=answerable,
        at=at,
    )
    columns = kept(details)
    housed([(columns, commune.pk)])
    event = Event.objects.create(publication=publication, commune=commune, **columns)
    set_times(event, spans, repeat, at or timezone.now())
    journal.record("event.announced", by=by, target=event)
    return submit(publication, by=by, at=at)


def addressed(voice: Voice, commune: Zone) -> Zone:
    """To whom it is said: an élu speaks to the whole territory and never to a part (R-LAW-35)."""
    territory = current()
    return territory.root if voice.kind == Voice.Kind.ELU and territory else commune


def check_new(voice: Voice, title: str, first: Span, details: Details) -> None:
    """Refuse what this voice already announced, and a flood by hand (R-MOD-20)."""
    living = Event.objects.filter(publication__voice=voice, publication__state__in=[State.PENDING, State.ONLINE])
    same = living.filter(publication__title=_line(title, 160), occurrences__starts_at=first.starts_at)
    if same.filter(venue=_line(details.get("venue", ""), 160)).exists():
        raise Refused(_("Vous avez déjà annoncé cet événement."))
    since = timezone.now() - timedelta(days=1)
    if not details.get("origin") and living.filter(publication__created_at__gt=since).count() >= MOST_A_DAY:
        raise Refused(_("Cela fait beaucoup d’événements en un jour : continuez demain, ou importez un calendrier."))


def kept(details: Details) -> dict[str, Any]:
    """Details as we keep them: words on one line, no longer than their column.

    What is free says so once. One comes to someone's home on registration, so that they know who (R-PRIV-12).
    """
    room = {field.name: field.max_length for field in Event._meta.fields}
    words = {name: _line(value, room[name] or 0) for name, value in details.items() if isinstance(value, str)}
    said: dict[str, Any] = {**details, **words}
    found = FREE.match(words.get("price", ""))
    if found and (said.get("is_free") or found.end() == len(said["price"])):
        said |= {"is_free": True, "price": said["price"][found.end() :]}
    return said | ({"takes_registrations": True} if words.get("home_address") else {})


@transaction.atomic
def correct_event(
    event: Event,
    *,
    by: Person,
    title: str,
    body: str,
    spans: Sequence[Span],
    repeat: Repeat | None = None,
    answerable: bool | None = None,
    **details: Unpack[Details],
) -> Publication:
    """Change what an event says of itself, and whether it may be commented; its commune stays, as who moderates it.

    What it said before stays readable. Raises `Refused` as `announce` and `publications.correct` do.
    """
    before, now, was_home = spoken(event), timezone.now(), bool(event.home_address)
    # Before any of its times goes: what is counted must still be there to be taken off.
    take_off_agendas(event.publication)
    changes = kept(details)
    housed([(changes, event.commune_id)])
    for name, value in changes.items():
        setattr(event, name, value)
    event.save(update_fields=[*changes])
    if was_home != bool(event.home_address):
        ask_again(event, is_home=not was_home)
    set_times(event, in_order(spans, min(span.starts_at for span in spans), repeat), repeat, now)
    changed = spoken(event) != before
    said = format_html("<p>{}</p>", before) if changed else ""
    publication = correct(event.publication, by=by, title=title, body=body, before=said)
    if answerable is not None:
        open_to_replies(publication, by=by, answerable=answerable)
    if publication.state == State.ONLINE:
        put_on_agendas(publication)
    journal.record("event.corrected", by=by, target=event, moved=changed and publication.state == State.ONLINE)
    return publication


def spoken(event: Event) -> str:
    """Its times and place in one line, for the record of a correction."""
    rule = Series.objects.filter(event=event).first()
    times = [one.when for one in event.occurrences.filter(series_at=None)]
    first = [day_range(rule.starts_at, rule.ends_at), rule.spoken] if rule else []
    said = [*first, *times, event.venue, event.address, event.price, event.link]
    return " · ".join(part for part in said if part)


@transaction.atomic
def cancel_event(event: Event, *, by: Person, note: str = "") -> Event:
    """Say that it will not take place; it stays on agendas, marked. Nothing the second time."""
    return change_status(event, by=by, status=Event.Status.CANCELLED, note=note)


@transaction.atomic
def change_status(event: Event, *, by: Person, status: str, note: str = "") -> Event:
    """Say whether it still takes place as announced, to every outlet and everyone who goes. Raises Refused.

    Nothing the second time. One does not come back on a cancellation: people made other plans.
    """
    check_voice(event.publication.voice, by)
    note = _line(note, 200)
    rows = Event.objects.filter(pk=event.pk).exclude(status=status, status_note=note)
    changed = rows.exclude(status=Event.Status.CANCELLED).update(status=status, status_note=note)
    if not changed and status != Event.objects.values_list("status", flat=True).get(pk=event.pk):
        raise Refused(_("Cet événement est annulé : annoncez-en un nouveau."))
    if changed:
        event.status, event.status_note = status, note
        touch(event)
        off = status == Event.Status.CANCELLED
        journal.record("event.cancelled" if off else "event.status_changed", by=by, target=event, status=status)
    return event


@transaction.atomic
def change_time(
    occurrence: Occurrence,
    *,
    by: Person,
    status: str,
    note: str = "",
    venue: str = "",
    span: Span | None = None,
) -> Occurrence:
    """Say it of one of its times, which `span` moves and `venue` holds elsewhere. Raises Refused."""
    event = occurrence.event
    check_voice(event.publication.voice, by)
    if event.is_cancelled:
        raise Refused(_("Cet événement est annulé : annoncez-en un nouveau."))
    others = Occurrence.objects.filter(event=event).exclude(pk=occurrence.pk)
    if span:
        in_order([span], timezone.now())
        if others.filter(starts_at=span.starts_at).exists():
            raise Refused(_("Une autre date commence déjà à ce moment."))
    said: dict[str, object] = {"status": status, "note": _line(note, 200), "venue": _line(venue, 160)}
    said |= {"starts_at": span.starts_at, "ends_at": span.ends_at, "all_day": span.all_day} if span else {}
    if all(getattr(occurrence, name) == value for name, value in said.items()):
        return occurrence
    online = event.publication.state == State.ONLINE
    if span and online:
        take_off_agendas(event.publication)
    Occurrence.objects.filter(pk=occurrence.pk).update(**said)
    if span and online:
        put_on_agendas(event.publication)
    touch(event)
    journal.record("event.status_changed", by=by, target=event, status=status, occurrence=occurrence.pk)
    occurrence.refresh_from_db()
    return occurrence


def touch(event: Event) -> None:
    """Let every card, page and calendar know that it changed."""
    Publication.objects.filter(pk=event.pk).update(version=F("version") + 1, edited_at=timezone.now())
    event.publication.refresh_from_db(fields=["version", "edited_at"])


def _line(words: str, room: int) -> str:
    return " ".join(text.clean(words).split())[:room]


@transaction.atomic
def join_events(former: Zone, successor: Zone) -> int:
    """What takes place in `former` takes place in `successor`, whose agendas are written next; how many events."""
    moved = Event.objects.filter(commune=former).update(commune=successor)
    Source.objects.filter(commune=former).update(commune=successor)
    Venue.objects.filter(commune=former).update(commune=successor)
    if moved:
        journal.record("event.rehomed", by=None, events=moved)
    return moved


def put_on_agendas(*publications: Publication) -> None:
    """Show each of their times on the agenda of its commune and of every zone that holds it, wholly or in part."""
    events = {one.pk: one for one in Event.objects.filter(pk__in=[one.pk for one in publications])}
    zones = defaultdict[int, list[int]](list)
    communes = {one.commune_id for one in events.values()}
    for commune, zone in ZoneLink.objects.filter(part__in=communes).values_list("part", "whole"):
        zones[commune].append(zone)
    shown = set(Showing.objects.filter(occurrence__event__in=events).values_list("zone", "occurrence"))
    made = Showing.objects.bulk_create(
        Showing(zone_id=zone, occurrence=row, starts_at=row.starts_at, ends_at=row.closes_at, category=event.category)
        for row in Occurrence.objects.filter(event__in=events)
        for event in [events[row.event_id]]
        for zone in zones[event.commune_id]
        if (zone, row.pk) not in shown
    )
    _count((showing.zone_id, showing.starts_at, showing.category) for showing in made)


def take_off_agendas(publication: Publication) -> None:
    """Show it nowhere any more."""
    showings = Showing.objects.filter(occurrence__event=publication.pk)
    _count(list(showings.values_list("zone", "starts_at", "category")), by=-1)
    showings.delete()


def _count(showings: Iterable[tuple[int, datetime, str]], by: int = 1) -> None:
    """Keep the counts of the days on which `showings` (zone, start, category) begin."""
    days = Counter((zone, timezone.localtime(starts_at).date(), category) for zone, starts_at, category in showings)
    # In order, so that two who count at once wait for one another and never both.
    rows = [(*key, number * by) for key, number in sorted(days.items())]
    with connection.cursor() as cursor:
        cursor.executemany(COUNT, rows)
