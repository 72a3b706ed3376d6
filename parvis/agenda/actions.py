"""Every way the agenda changes: an event is announced, corrected, cancelled, shown on agendas and taken off them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from parvis.agenda.models import LONGEST, Attendance, Event, Occurrence, Showing, rounded
from parvis.core import journal, text
from parvis.people.models import Person, Voice
from parvis.publications.actions import Refused, compose, correct, submit
from parvis.publications.models import Publication, State
from parvis.territory.models import Zone

# How far ahead, how long and how often: beyond, it is a mistake or a nuisance (R-MOD-20).
AHEAD, MOST_DATES = timedelta(days=730), 60
COUNT = """
INSERT INTO agenda_daycount (zone_id, day, category, count) VALUES (%s, %s, %s, %s)
ON CONFLICT (zone_id, day, category) DO UPDATE SET count = agenda_daycount.count + excluded.count
"""


@dataclass(frozen=True, order=True)
class Span:
    """One time it happens: aware times, `ends_at` None when no end is said; all day, it ends at a midnight."""

    starts_at: datetime
    ends_at: datetime | None = None
    all_day: bool = False


@transaction.atomic
def announce(
    *,
    voice: Voice,
    by: Person,
    title: str,
    body: str,
    category: str,
    venue: str,
    commune: Zone,
    starts_at: datetime,
    ends_at: datetime | None = None,
    all_day: bool = False,
    others: Sequence[Span] = (),
    address: str = "",
    price: str = "",
    link: str = "",
    image: ContentFile[bytes] | None = None,
    image_alt: str = "",
    at: datetime | None = None,
) -> Publication:
    """An event said by `voice`, at its first time and at `others`; `submit` says whether it waits. Raises Refused."""
    spans = in_order([Span(starts_at, ends_at, all_day), *others], at or timezone.now())
    publication = compose(
        voice=voice,
        by=by,
        kind=Publication.Kind.EVENT,
        place=commune,
        title=title,
        body=body,
        zones=[commune],
        image=image,
        image_alt=image_alt,
        at=at,
    )
    said = {"venue": venue, "address": address, "price": price}
    event = described(publication, commune, spans, category=category, link=link, **said)
    journal.record("event.announced", by=by, target=event)
    return submit(publication, by=by, at=at)


def described(
    publication: Publication, commune: Zone, spans: Sequence[Span], *, category: str, link: str, **said: str
) -> Event:
    """What makes an event of a draft: its details, words on one line each, and its times."""
    kept = kept_lines(**said)
    event = Event.objects.create(publication=publication, commune=commune, category=category, link=link, **kept)
    rows = (Occurrence(event=event, starts_at=s.starts_at, ends_at=s.ends_at, all_day=s.all_day) for s in spans)
    Occurrence.objects.bulk_create(rows)
    return event


def kept_lines(**said: str) -> dict[str, str]:
    """Words as we keep them, on one line; some letters grow once they are written in one way, so the end is cut."""
    room = {field.name: field.max_length for field in Event._meta.fields}
    return {name: " ".join(text.clean(words).split())[: room[name]] for name, words in said.items()}


def in_order(spans: Sequence[Span], now: datetime) -> list[Span]:
    """`spans` soonest first, each start once. Raises `Refused` when one is over, reversed, too far or too long."""
    kept = list({span.starts_at: span for span in sorted(spans, key=lambda span: span.starts_at)}.values())
    if not kept or len(kept) > MOST_DATES:
        raise Refused(_("Indiquez de une à %(most)s dates.") % {"most": MOST_DATES})
    for span in kept:
        end = span.ends_at or span.starts_at
        if end < span.starts_at:
            raise Refused(_("La fin vient avant le début."))
        if end - span.starts_at > LONGEST:
            raise Refused(_("Un événement dure un an au plus."))
        if span.starts_at - now > AHEAD:
            raise Refused(_("Un événement s’annonce deux ans à l’avance au plus."))
    if max(span.ends_at or span.starts_at for span in kept) < now - timedelta(days=1):
        raise Refused(_("Cette date est passée."))
    return kept


@transaction.atomic
def correct_event(
    event: Event,
    *,
    by: Person,
    title: str,
    body: str,
    category: str,
    venue: str,
    address: str,
    price: str,
    link: str,
    spans: Sequence[Span],
) -> Publication:
    """Change what an event says of itself; its commune stays, since who moderates it depends on that.

    What it said before stays readable. Raises `Refused` as `announce` and `publications.correct` do.
    """
    before = spoken(event)
    # Before any of its times goes: what is counted must still be there to be taken off.
    take_off_agendas(event.publication)
    event.category, event.link = category, link
    for name, words in kept_lines(venue=venue, address=address, price=price).items():
        setattr(event, name, words)
    event.save(update_fields=["category", "venue", "address", "price", "link"])
    move(event, spans)
    said = format_html("<p>{}</p>", before) if spoken(event) != before else ""
    publication = correct(event.publication, by=by, title=title, body=body, before=said)
    if publication.state == State.ONLINE:
        put_on_agendas(publication)
    journal.record("event.corrected", by=by, target=event)
    return publication


def spoken(event: Event) -> str:
    """Its times and place in one line, for the record of a correction."""
    said = [*(one.when for one in event.occurrences.all()), event.venue, event.address, event.price, event.link]
    return " · ".join(part for part in said if part)


def move(event: Event, spans: Sequence[Span]) -> None:
    """Make its occurrences those of `spans`. A time that moves keeps its row, thus its place in people's calendars."""
    wanted = {span.starts_at: span for span in in_order(spans, min(span.starts_at for span in spans))}
    rows = {row.starts_at: row for row in event.occurrences.all()}
    free = [row for start, row in rows.items() if start not in wanted]
    for start, span in wanted.items():
        row = rows.get(start) or (free.pop(0) if free else Occurrence(event=event))
        row.starts_at, row.ends_at, row.all_day = start, span.ends_at, span.all_day
        row.save()
    Occurrence.objects.filter(pk__in=[row.pk for row in free]).delete()


@transaction.atomic
def cancel_event(event: Event, *, by: Person) -> Event:
    """Say that it will not take place; it stays on agendas, marked. Nothing the second time."""
    cancelled = Event.objects.filter(pk=event.pk, status=Event.Status.CONFIRMED).update(status=Event.Status.CANCELLED)
    event.status = Event.Status.CANCELLED
    if cancelled:
        Publication.objects.filter(pk=event.pk).update(version=F("version") + 1, edited_at=timezone.now())
        journal.record("event.cancelled", by=by, target=event)
    return event


def attend(person: Person, occurrence: Occurrence) -> None:
    """« J’y vais », at one time of an event. Nothing the second time. Raises `Refused` for what will not be or was."""
    event = occurrence.event
    if not Publication.objects.visible_to(person).filter(pk=event.pk).exists():
        raise Refused(_("Cet événement n’est plus en ligne."))
    if event.is_cancelled:
        raise Refused(_("Cet événement est annulé."))
    if occurrence.closes_at <= timezone.now():
        raise Refused(_("Cette date est passée."))
    with transaction.atomic():
        if Attendance.objects.get_or_create(person=person, occurrence=occurrence)[1]:
            journal.record("person.going", by=person, target=person)
            _recount(occurrence, arrived=1)


def unattend(person: Person, occurrence: Occurrence) -> None:
    """« Je n’y vais plus », whatever became of the event."""
    with transaction.atomic():
        if Attendance.objects.filter(person=person, occurrence=occurrence).delete()[0]:
            journal.record("person.not_going", by=person, target=person)
            _recount(occurrence, arrived=-1)


def _recount(occurrence: Occurrence, *, arrived: int) -> None:
    """Let pages kept in memory fall when the number shown changes; the entry says neither who nor where."""
    going = Attendance.objects.filter(occurrence=occurrence).count()
    if rounded(going) != rounded(going - arrived):
        journal.record("attendance.counted", by=None)


def put_on_agendas(publication: Publication) -> None:
    """Show each of its times on the agenda of its commune and of every zone that holds it, wholly or in part."""
    event = Event.objects.select_related("commune").get(pk=publication.pk)
    zones = list(Zone.objects.touching(event.commune).values_list("pk", flat=True))
    shown = set(Showing.objects.filter(occurrence__event=event).values_list("zone", "occurrence"))
    made = Showing.objects.bulk_create(
        Showing(zone_id=zone, occurrence=row, starts_at=row.starts_at, ends_at=row.closes_at, category=event.category)
        for row in event.occurrences.all()
        for zone in zones
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
