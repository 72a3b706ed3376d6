"""Every way the agenda changes; each act is one transaction and one journal entry."""

from parvis.agenda.actions.attending import attend, unattend
from parvis.agenda.actions.events import (
    announce,
    cancel_event,
    change_status,
    change_time,
    correct_event,
    join_events,
    put_on_agendas,
    take_off_agendas,
)
from parvis.agenda.actions.times import AHEAD, MOST_DATES, Repeat, Span, unroll

__all__ = [
    "AHEAD",
    "MOST_DATES",
    "Repeat",
    "Span",
    "announce",
    "attend",
    "cancel_event",
    "change_status",
    "change_time",
    "correct_event",
    "join_events",
    "put_on_agendas",
    "take_off_agendas",
    "unattend",
    "unroll",
]
