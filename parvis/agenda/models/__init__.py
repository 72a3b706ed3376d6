"""Events, when they happen, and on which agendas they stand."""

from parvis.agenda.models.events import (
    Attendance,
    DayCount,
    Event,
    Occurrence,
    Showing,
    ShowingQuerySet,
    rounded,
)
from parvis.agenda.models.series import Series

__all__ = [
    "Attendance",
    "DayCount",
    "Event",
    "Occurrence",
    "Series",
    "Showing",
    "ShowingQuerySet",
    "rounded",
]
