"""What was read of a calendar becomes events, and follows it from then on.

Apart from the other acts, since it reads what `imports` understood, which is made of what they take.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.agenda.actions.events import addressed, cancel_event, change_status, change_time, correct_event, kept
from parvis.agenda.actions.times import Span, occurrences_of, series_of
from parvis.agenda.actions.venues import housed
from parvis.agenda.imports.entries import Change, Entry, Remark
from parvis.agenda.imports.plan import Plan, Ready
from parvis.agenda.models import Attendance, Event, Imported, Occurrence, Series, Source
from parvis.core import journal
from parvis.people.models import Person
from parvis.publications import rights
from parvis.publications.actions import Refused, withdraw
from parvis.publications.actions.many import Said, compose_many, submit_many

# What may wait for a moderator because of one calendar; and changes written in one turn: SQLite has one writer.
MOST_WAITING, TURN = 40, 50

Told = Callable[[int, int], None]


def bring_in(source: Source, plan: Plan, *, by: Person, told: Told, at: datetime) -> None:
    """Write what the plan says: all that is new or nothing, then what changed and what is gone, in turns.

    Done again after it was stopped in the middle, it goes on where it was. Raises Refused.
    """
    with transaction.atomic():
        _check(source, plan, by)
        if plan.new:
            _announce_all(source, plan.new, by, at)
        journal.record("source.imported", by=by, target=source, **plan.counts)
    done, total = len(plan.new), len(plan.new) + len(plan.changed) + len(plan.gone)
    told(done, total)
    acts: list[tuple[Ready | None, Callable[[], None]]] = [
        *((ready, _changer(number, ready, by)) for number, ready in plan.changed),
        *((None, _taker(number, by)) for number in plan.gone),
    ]
    for start in range(0, len(acts), TURN):
        turn = acts[start : start + TURN]
        with transaction.atomic():
            for ready, act in turn:
                _try(plan, ready, act)
        told(done + start + len(turn), total)


def _try(plan: Plan, ready: Ready | None, act: Callable[[], None]) -> None:
    """Do one change; what refuses it is said, and keeps nothing else from being done."""
    try:
        with transaction.atomic():
            act()
    except Refused as refusal:
        line, title = (ready.entry.line, ready.entry.title) if ready else (0, "")
        plan.remarks.append(Remark(line, title, " ".join(refusal.messages), is_left=True))


def _check(source: Source, plan: Plan, by: Person) -> None:
    """Refuse what the voice or the person may not bring in today."""
    row = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if row.state == Source.State.STOPPED:
        raise Refused(_("Ce calendrier est arrêté."))
    rights.check_voice(source.voice, by)
    rights.check_kind(source.voice, "event")
    if not plan.new or not rights.waits(source.voice, by, kind="event"):
        return
    rights.check_queue(by)
    most = MOST_WAITING if by.trusted_at else rights.MAX_WAITING
    if len(plan.new) > most:
        raise Refused(
            _(
                "La modération lit d’abord ce que vous annoncez : %(most)s événements au plus à la fois, et ce "
                "calendrier en a %(count)s. Faites vérifier votre organisation, ou commencez par un fichier plus court."
            )
            % {"most": most, "count": len(plan.new)}
        )


def _announce_all(source: Source, ready: Sequence[Ready], by: Person, now: datetime) -> None:
    """What `announce` does for one, for all of them in few statements."""
    voice = source.voice
    said = [Said(one.entry.title, one.entry.body, one.commune, addressed(voice, one.commune)) for one in ready]
    drafts = compose_many(voice=voice, by=by, kind="event", said=said, at=now)
    columns = [(kept(one.details), one.commune.pk) for one in ready]
    housed(columns)
    events = Event.objects.bulk_create(
        Event(publication=draft, commune=one.commune, status=one.entry.status, **said)
        for draft, one, (said, _commune) in zip(drafts, ready, columns, strict=True)
    )
    pairs = list(zip(events, ready, strict=True))
    today = timezone.localtime(now).date()
    rows = [row for event, one in pairs for row in occurrences_of(event, one.entry.spans, one.entry.repeat, today)]
    Occurrence.objects.bulk_create(rows)
    Series.objects.bulk_create(
        series_of(event, one.entry.spans[0], one.entry.repeat, today) for event, one in pairs if one.entry.repeat
    )
    Imported.objects.bulk_create(
        Imported(event=event, source=source, key=one.entry.key, digest=one.digest) for event, one in pairs
    )
    journal.record_many("event.announced", by=by, targets=events)
    for event, one in pairs:
        _depart(event, one.entry.changes, by)
    submit_many(drafts, [one.zone for one in said], by=by, at=now)


def _depart(event: Event, changes: Sequence[Change], by: Person) -> None:
    """Say what becomes of the times that depart from their series."""
    if not changes:
        return
    rows = Occurrence.objects.filter(event=event, series_at__isnull=False).select_related("event__publication__voice")
    days = {timezone.localtime(row.series_at).date(): row for row in rows if row.series_at}
    for change in changes:
        row = days.get(change.day)
        if row is None:
            continue
        moved = change.span if change.span and change.span.starts_at != row.starts_at else None
        status = change.status or (Event.Status.MOVED if moved else "")
        venue = "" if change.venue in {"", event.venue} or change.venue.startswith(event.venue) else change.venue
        if not (status or moved or venue):
            continue
        # What cannot be, as a time moved to where another is, stays as its series says.
        with suppress(Refused):
            change_time(row, by=by, status=status, venue=venue, span=moved)


def _changer(number: int, ready: Ready, by: Person) -> Callable[[], None]:
    def change() -> None:
        rows = Event.objects.select_related("publication__voice", "commune").prefetch_related("occurrences")
        event, entry = rows.get(pk=number), ready.entry
        correct_event(
            event,
            by=by,
            title=entry.title,
            body=entry.body,
            spans=_as_before(event, entry),
            repeat=entry.repeat,
            **ready.details,
        )
        if event.status != entry.status and not event.is_cancelled:
            change_status(event, by=by, status=entry.status)
        _depart(event, entry.changes, by)
        Imported.objects.filter(event=event).update(digest=ready.digest)

    return change


def _as_before(event: Event, entry: Entry) -> Sequence[Span]:
    """Its times; a series that is the same one begins when it did, and not as of lately."""
    series, first = Series.objects.filter(event=event).first(), entry.spans[0]
    if series is None or entry.repeat is None or str(entry.repeat.rule) != series.rule:
        return entry.spans
    begun = Span(series.starts_at, series.ends_at, series.all_day)
    step = {"DAILY": 1, "WEEKLY": 7}.get(entry.repeat.rule.frequency, 0) * entry.repeat.rule.interval
    same = step and (first.day - begun.day).days % step == 0 and begun.on(first.day) == first
    return [begun, *entry.spans[1:]] if same else entry.spans


def _taker(number: int, by: Person) -> Callable[[], None]:
    def take() -> None:
        take_away(Event.objects.select_related("publication__voice").get(pk=number), by=by)

    return take


def take_away(event: Event, *, by: Person) -> None:
    """An event that its calendar holds no more: withdrawn, or cancelled when someone meant to go, so that they know."""
    if Attendance.objects.filter(occurrence__event=event, occurrence__starts_at__gte=timezone.now()).exists():
        cancel_event(event, by=by, note=_("Il n’est plus dans le calendrier de l’organisateur."))
        return
    withdraw(event.publication, by=by)
    # If it comes back, it is announced anew.
    Imported.objects.filter(event=event).delete()
