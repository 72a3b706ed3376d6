"""What the clock and the queue do to agendas."""

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.agenda import imports
from parvis.agenda.actions import put_on_agendas, remind, sources, tell_of_place, unroll
from parvis.agenda.actions.importing import bring_in, take_away
from parvis.agenda.imports.pages import fetched
from parvis.agenda.imports.plan import Plan, Ready, planned
from parvis.agenda.models import Attendance, Event, Follow, Occurrence, Reading, Refusal, Series, Showing, Source
from parvis.core.jobs import alone
from parvis.core.models import JournalEntry
from parvis.outbound import Unreachable
from parvis.people.models import Person
from parvis.publications.actions import Refused
from parvis.publications.models import State

# Who came is forgotten a month after (R-LAW-5), so many at once; nobody is reminded before this hour.
KEPT, FORGOTTEN, REMINDED, MORNING = timedelta(days=30), 1_000, 200, 9
# Series looked at by one run: SQLite has one writer.
UNROLLED = 200
# Calendars of other sites read by one run; events taken back at once; how long what nobody accepted is kept.
REFRESHED, TAKEN, UNANSWERED = 20, 50, timedelta(days=14)

log = logging.getLogger(__name__)


def set_past_aside() -> int:
    """Leave what has been over for long out of the indexes of what is next; how many. It stays on its day's page."""
    return Showing.objects.over(timezone.now()).update(past=True)


def unroll_series() -> int:
    """Write the times that came within the horizon, and show them; how many series had some."""
    today = timezone.localdate()
    due = Series.objects.to_unroll(today).select_related("event__publication")[:UNROLLED]
    grown = 0
    for series in list(due):
        with transaction.atomic():
            made = unroll(series, by=None, today=today)
            if made and series.event.publication.state == State.ONLINE:
                put_on_agendas(series.event.publication)
        grown += bool(made)
    return grown


def remind_of_tomorrow() -> int:
    """Queue the reminders of tomorrow, from the morning on; how many times of events have some."""
    now = timezone.now()
    if timezone.localtime(now).hour < MORNING:
        return 0
    return sum(remind(one, by=None) for one in list(Occurrence.objects.to_remind(now)[:REMINDED]))


def tell_of_places() -> int:
    """Let those who follow a place hear of what was announced there since; how many were told."""
    due = list(Follow.objects.due()[:REMINDED])
    return sum(tell_of_place(one, one.newest, by=None) for one in due)


def forget_attendances() -> int:
    """Delete who went to what ended a month ago, what they answered, who was refused or followed; how many went."""
    old = Attendance.objects.over_since(timezone.now() - KEPT).values_list("pk", flat=True)[:FORGOTTEN]
    Refusal.objects.over_since(timezone.now() - KEPT).delete()
    followed = Follow.objects.over_since(timezone.now() - KEPT).values_list("pk", flat=True)[:FORGOTTEN]
    Follow.objects.filter(pk__in=list(followed)).delete()
    return Attendance.objects.filter(pk__in=list(old)).delete()[0]


def refresh_sources() -> int:
    """Queue the reading of the calendars that are due; how many."""
    due = list(Source.objects.due(timezone.now()).select_related("voice")[:REFRESHED])
    for source in due:
        sources.refresh_source(source, by=None)
    return len(due)


def forget_readings() -> int:
    """Drop the calendars that nobody accepted, and the files whose events came in; how many of the first."""
    Reading.objects.filter(state=Reading.State.DONE, at__lt=timezone.now() - UNANSWERED).update(content=None)
    old = Source.objects.filter(state=Source.State.NEW, imported=None, created_at__lt=timezone.now() - UNANSWERED)
    return len([old_one.delete() for old_one in old[:FORGOTTEN]])


@alone
def read_source(entry: JournalEntry) -> None:
    """Read a calendar kept elsewhere: show what it would bring, or bring it in when it was accepted."""
    rows = Reading.objects.select_related("source__voice", "source__kept_by", "source__commune")
    reading = rows.filter(pk=entry.target_id or 0, state__in=Reading.UNDER_WAY).first()
    if reading is None or reading.source.state == Source.State.STOPPED:
        return
    try:
        read_now(reading, timezone.now())
    except (Unreachable, imports.Unreadable) as refusal:
        sources.fail(reading, by=None, why=str(refusal))
    except Refused as refusal:
        sources.fail(reading, by=None, why=" ".join(refusal.messages))
    except DatabaseError:
        # Another try may go better.
        raise
    except Exception:
        log.exception("calendar %s was not read", reading.source_id)
        sources.fail(reading, by=None, why=_("Ce calendrier nous met en défaut : l’erreur est notée de notre côté."))


def read_now(reading: Reading, now: datetime) -> None:
    """Read it, and show or bring in what it holds. Raises Unreachable, Unreadable and Refused."""
    source = reading.source

    def told(done: int, total: int) -> None:
        Reading.objects.filter(pk=reading.pk).update(done=done, total=total)

    Reading.objects.filter(pk=reading.pk).update(state=Reading.State.READING)
    content = bytes(reading.content) if reading.content is not None else _content(reading)
    if content is None:
        sources.finish(reading, by=None, report={"message": _("Rien n’a changé depuis la dernière lecture.")})
        return
    found = imports.read(content, now, columns=source.columns)
    plan = planned(source, found, told)
    if not reading.is_accepted and source.state != Source.State.FOLLOWED:
        report = _report(plan, found)
        sources.propose(reading, by=None, kind=found.kind, name=found.name, report=report, content=content)
        return
    Reading.objects.filter(pk=reading.pk).update(state=Reading.State.WRITING, done=0, total=len(plan.new))
    bring_in(source, plan, by=_keeper(source), told=told, at=now)
    sources.finish(reading, by=None, report=_report(plan, found))


def _content(reading: Reading) -> bytes | None:
    """What its address holds; None when it is what we have."""
    source = reading.source
    known = {"etag": source.etag, "modified": source.modified} if source.state == Source.State.FOLLOWED else {}
    answer = fetched(source.url, **known)
    reading.etag, reading.modified = answer.etag, answer.modified
    if answer.is_unchanged:
        reading.etag, reading.modified = source.etag, source.modified
        return None
    Reading.objects.filter(pk=reading.pk).update(etag=answer.etag, modified=answer.modified)
    return answer.body


def _keeper(source: Source) -> Person:
    """In whose name it is read. Raises Refused when nobody is left."""
    if source.kept_by is None or not source.kept_by.is_active:
        raise Refused(_("La personne qui suivait ce calendrier n’est plus là : relisez-le pour en prendre la suite."))
    return source.kept_by


def _report(plan: Plan, found: imports.Found) -> dict[str, object]:
    """What a page says of a reading."""
    sample = [
        {
            "line": ready.entry.line,
            "title": ready.entry.title,
            "when": _first(ready),
            "commune": ready.commune.name,
            "venue": ready.details["venue"],
            "category": str(Event.Category(ready.details["category"]).label),
            "spoken": ready.entry.repeat.rule.spoken(ready.first_day) if ready.entry.repeat else "",
            "dates": len(ready.entry.spans),
        }
        for ready in plan.new[: sources.SAMPLE]
    ]
    return {"counts": plan.counts, "remarks": plan.remarks, "sample": sample, "columns": found.columns}


def _first(ready: Ready) -> str:
    """When one may first go, in words."""
    span = next(span for span in ready.entry.spans if ready.entry.repeat or span.day == ready.first_day)
    return Occurrence(starts_at=span.starts_at, ends_at=span.ends_at, all_day=span.all_day).when


@alone
def take_back_imported(entry: JournalEntry) -> None:
    """Withdraw what is still to come of a calendar that was stopped, if whoever stopped it asked so."""
    source = Source.objects.select_related("kept_by").filter(pk=entry.target_id or 0).first()
    if source is None or not entry.details.get("withdraw") or source.kept_by is None:
        return
    now = timezone.now()
    coming = Event.objects.filter(imported__source=source, occurrences__starts_at__gte=now)
    living = coming.filter(publication__state__in=[State.PENDING, State.ONLINE]).exclude(status=Event.Status.CANCELLED)
    numbers = list(living.values_list("pk", flat=True).distinct().order_by("pk"))
    for start in range(0, len(numbers), TAKEN):
        with transaction.atomic():
            for event in Event.objects.select_related("publication__voice").filter(
                pk__in=numbers[start : start + TAKEN]
            ):
                take_away(event, by=source.kept_by)
