"""Forms of the agenda."""

from parvis.agenda.forms.events import MORE_DATES, AnnounceForm, CorrectEventForm, EventForm, organisers
from parvis.agenda.forms.status import StatusForm, TimeForm

__all__ = [
    "MORE_DATES",
    "AnnounceForm",
    "CorrectEventForm",
    "EventForm",
    "StatusForm",
    "TimeForm",
    "organisers",
]
