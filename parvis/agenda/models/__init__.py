"""Events, when they happen, and on which agendas they stand."""

from parvis.agenda.models.attendance import Attendance, CalendarKey, Refusal, rounded
from parvis.agenda.models.duplicates import Merged, ToldApart
from parvis.agenda.models.events import Event, Occurrence
from parvis.agenda.models.follows import Follow
from parvis.agenda.models.organising import CoOrganiser
from parvis.agenda.models.series import Series
from parvis.agenda.models.showings import DayCount, Showing, ShowingQuerySet
from parvis.agenda.models.sources import Imported, Reading, Source
from parvis.agenda.models.venues import Venue

__all__ = [
    "Attendance",
    "CalendarKey",
    "CoOrganiser",
    "DayCount",
    "Event",
    "Follow",
    "Imported",
    "Merged",
    "Occurrence",
    "Reading",
    "Refusal",
    "Series",
    "Showing",
    "ShowingQuerySet",
    "Source",
    "ToldApart",
    "Venue",
    "rounded",
]
