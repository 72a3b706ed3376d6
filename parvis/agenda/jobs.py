"""What the clock does to agendas."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from parvis.agenda.actions import put_on_agendas, remind, unroll
from parvis.agenda.models import Attendance, Occurrence, Series, Showing
from parvis.publications.models import State

# Who came is forgotten a month after (R-LAW-5), so many at once; nobody is reminded before this hour.
KEPT, FORGOTTEN, REMINDED, MORNING = timedelta(days=30), 1_000, 200, 9
# Series looked at by one run: SQLite has one writer.
UNROLLED = 200


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


def forget_attendances() -> int:
    """Delete who went to what ended a month ago, and what they answered; how many."""
    old = Attendance.objects.over_since(timezone.now() - KEPT).values_list("pk", flat=True)[:FORGOTTEN]
    return Attendance.objects.filter(pk__in=list(old)).delete()[0]
