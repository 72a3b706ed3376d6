"""Mail to people who go to an event: it changed, it is tomorrow, there is a seat. In turns of so many people."""

from django.db import transaction
from django.utils import timezone

from parvis.agenda.models import Attendance, Event, Occurrence, Refusal
from parvis.agenda.models.follows import concerned_by
from parvis.core import journal
from parvis.core.jobs import alone
from parvis.core.mail import letter
from parvis.core.models import JournalEntry
from parvis.letters.jobs import send_once
from parvis.notifications.models import Kind, wants_mail
from parvis.people.models import Person
from parvis.publications.models import Publication

# People written to by one job; another goes on after them.
TOLD_AT_ONCE = 200
TIMES = 6


@alone
def tell_change(entry: JournalEntry) -> None:
    """To who meant to go, or follows it: it was moved, postponed, cancelled, or is full. Once, and in turns."""
    if entry.details.get("moved") is False:
        return
    number, only = entry.target_id or 0, entry.details.get("occurrence")
    event = Event.objects.select_related("publication__voice", "commune").filter(pk=number).first()
    if event is None:
        return
    rows = Occurrence.objects.filter(event=event).order_by("starts_at")
    times = [row for row in (rows.filter(pk=only) if only else rows) if row.closes_at > timezone.now()]
    told = concerned_by(number, only=only, after=entry.details.get("after", 0), most=TOLD_AT_ONCE)
    for person in Person.objects.filter(pk__in=told, is_active=True).order_by("pk"):
        tell(event, times, person, entry, goes=told[person.pk])
    if len(told) == TOLD_AT_ONCE:
        with transaction.atomic():
            details = {"after": max(told), **({"occurrence": only} if only else {})}
            again = entry.details.get("first", entry.pk)
            if not JournalEntry.objects.filter(verb="event.told", target_id=number, details=details | {"first": again}):
                journal.record("event.told", by=None, target=event, first=again, **details)


@alone
def remind(entry: JournalEntry) -> None:
    """To each person who has a seat at what takes place tomorrow: when and where. Once, and in turns."""
    rows = Occurrence.objects.select_related("event__publication__voice", "event__commune")
    time = rows.filter(pk=entry.target_id or 0).first()
    if time is None or time.is_off or time.starts_at <= timezone.now():
        return
    going = Person.objects.filter(attendances__in=Attendance.objects.welcome().filter(occurrence=time), is_active=True)
    people = list(going.filter(pk__gt=entry.details.get("after", 0)).order_by("pk")[:TOLD_AT_ONCE])
    for person in people:
        write(time, person, entry, "letters/event_reminder.txt")
    if len(people) == TOLD_AT_ONCE:
        again = {"first": entry.details.get("first", entry.pk), "after": people[-1].pk}
        with transaction.atomic():
            if not JournalEntry.objects.filter(verb="occurrence.nears", target_id=time.pk, details=again):
                journal.record("occurrence.nears", by=None, target=time, **again)


@alone
def tell_seated(entry: JournalEntry) -> None:
    """To someone who waited: there is a seat for them now, if they still want it."""
    rows = Attendance.objects.welcome().select_related(
        "person", "occurrence__event__publication__voice", "occurrence__event__commune"
    )
    one = rows.filter(pk=entry.target_id or 0, person__is_active=True).first()
    if one is not None and not one.occurrence.is_off and one.occurrence.closes_at > timezone.now():
        write(one.occurrence, one.person, entry, "letters/event_seated.txt")


@alone
def tell_answer(entry: JournalEntry) -> None:
    """To someone who registered: whoever organises accepts them, or does not and why."""
    table: type[Attendance] | type[Refusal] = Attendance if entry.verb == "attendance.accepted" else Refusal
    rows = table.objects.select_related("person", "occurrence__event__publication__voice", "occurrence__event__commune")
    one = rows.filter(pk=entry.target_id or 0, person__is_active=True).first()
    if one is None or one.occurrence.closes_at <= timezone.now():
        return
    reason = one.reason if isinstance(one, Refusal) else ""
    write(one.occurrence, one.person, entry, "letters/event_answer.txt", reason=reason)


def write(time: Occurrence, person: Person, entry: JournalEntry, template: str, **said: str) -> None:
    """One mail about one time of an event, to who may still read it (R-SEC-3)."""
    event = time.event
    if not wants_mail(person, Kind.EVENT):
        return
    if Publication.objects.visible_to(person).filter(pk=event.pk).exists():
        context = {"event": event, "publication": event.publication, "time": time, "name": person.name, **said}
        send_once(letter(template, context, entry=entry, to=person.email), entry=entry, person=person)


def tell(event: Event, times: list[Occurrence], person: Person, entry: JournalEntry, *, goes: bool) -> None:
    """Write to one person about the times they meant to go to, or all, if they may still read the event (R-SEC-3)."""
    if not wants_mail(person, Kind.EVENT) or not Publication.objects.visible_to(person).filter(pk=event.pk).exists():
        return
    mine = Attendance.objects.of(person, times) if goes else {time.pk for time in times}
    theirs = [time for time in times if time.pk in mine][:TIMES]
    for time in theirs:
        time.event = event
    label = theirs[0].state_label if len({time.state for time in theirs}) == 1 else ""
    context = {
        "event": event,
        "publication": event.publication,
        "times": theirs,
        "label": label,
        "note": event.status_note or (theirs[0].note if theirs else ""),
        "name": person.name,
        "goes": goes,
    }
    send_once(letter("letters/event_changed.txt", context, entry=entry, to=person.email), entry=entry, person=person)
