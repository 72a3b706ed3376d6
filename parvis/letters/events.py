"""Mail to people who go to an event: it changed. Written in turns, so that no job outlives its lease."""

from django.db import transaction
from django.utils import timezone

from parvis.agenda.models import Attendance, Event, Occurrence
from parvis.core import journal
from parvis.core.jobs import alone
from parvis.core.mail import letter
from parvis.core.models import JournalEntry
from parvis.letters.jobs import send_once
from parvis.people.models import Person
from parvis.publications.models import Publication

# People written to by one job; another goes on after them.
TOLD_AT_ONCE = 200
TIMES = 6


@alone
def tell_change(entry: JournalEntry) -> None:
    """To each person who meant to go: the event was moved, postponed, cancelled, or is full. Once, and in turns."""
    if entry.details.get("moved") is False:
        return
    number, only = entry.target_id or 0, entry.details.get("occurrence")
    event = Event.objects.select_related("publication__voice", "commune").filter(pk=number).first()
    if event is None:
        return
    rows = Occurrence.objects.filter(event=event, attendances__isnull=False).order_by("starts_at").distinct()
    times = [row for row in (rows.filter(pk=only) if only else rows) if row.closes_at > timezone.now()]
    going = Person.objects.filter(attendances__occurrence__in=times, is_active=True)
    after = entry.details.get("after", 0)
    people = list(going.filter(pk__gt=after).order_by("pk").distinct()[:TOLD_AT_ONCE])
    for person in people:
        tell(event, times, person, entry)
    if len(people) == TOLD_AT_ONCE:
        with transaction.atomic():
            details = {"after": people[-1].pk, **({"occurrence": only} if only else {})}
            again = entry.details.get("first", entry.pk)
            if not JournalEntry.objects.filter(verb="event.told", target_id=number, details=details | {"first": again}):
                journal.record("event.told", by=None, target=event, first=again, **details)


def tell(event: Event, times: list[Occurrence], person: Person, entry: JournalEntry) -> None:
    """Write to one person about the times they meant to go to, if they may still read the event (R-SEC-3)."""
    if not Publication.objects.visible_to(person).filter(pk=event.pk).exists():
        return
    mine = Attendance.objects.of(person, times)
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
    }
    send_once(letter("letters/event_changed.txt", context, entry=entry, to=person.email), entry=entry, person=person)
