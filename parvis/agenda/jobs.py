"""What the clock does to agendas."""

from django.db import transaction
from django.utils import timezone

from parvis.agenda.actions import put_on_agendas, unroll
from parvis.agenda.models import Series, Showing
from parvis.publications.models import State

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
