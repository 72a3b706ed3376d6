"""Events, when they happen, and on which agendas they stand."""

from parvis.agenda.models.attendance import Attendance, CalendarKey, rounded
from parvis.agenda.models.events import DayCount, Event, Occurrence, Showing, ShowingQuerySet
from parvis.agenda.models.series import Series

__all__ = [
    "Attendance",
    "CalendarKey",
    "DayCount",
    "Event",
    "Occurrence",
    "Series",
    "Showing",
    "ShowingQuerySet",
    "rounded",
]
