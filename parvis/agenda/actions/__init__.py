"""Every way the agenda changes; each act is one transaction and one journal entry."""

from parvis.agenda.actions.attending import (
    accept_attendee,
    attend,
    refuse_attendee,
    remind,
    seat_who_waits,
    set_seats,
    unattend,
)
from parvis.agenda.actions.calendars import digest_of, drop_calendar_key, make_calendar_key
from parvis.agenda.actions.events import (
    Details,
    announce,
    cancel_event,
    change_status,
    change_time,
    correct_event,
    join_events,
    put_on_agendas,
    take_off_agendas,
)
from parvis.agenda.actions.following import (
    follow_event,
    follow_venue,
    tell_of_place,
    unfollow_event,
    unfollow_venue,
)
from parvis.agenda.actions.merging import merge_events, tell_apart
from parvis.agenda.actions.organising import accept_to_organise, invite_to_organise, leave_organising
from parvis.agenda.actions.times import AHEAD, MOST_DATES, Repeat, Span, unroll
from parvis.agenda.actions.venues import (
    correct_venue,
    merge_venues,
    propose_venue,
    remove_venue,
    require_proposer,
    verify_venue,
)

__all__ = [
    "AHEAD",
    "MOST_DATES",
    "Details",
    "Repeat",
    "Span",
    "accept_attendee",
    "accept_to_organise",
    "announce",
    "attend",
    "cancel_event",
    "change_status",
    "change_time",
    "correct_event",
    "correct_venue",
    "digest_of",
    "drop_calendar_key",
    "follow_event",
    "follow_venue",
    "invite_to_organise",
    "join_events",
    "leave_organising",
    "make_calendar_key",
    "merge_events",
    "merge_venues",
    "propose_venue",
    "put_on_agendas",
    "refuse_attendee",
    "remind",
    "remove_venue",
    "require_proposer",
    "seat_who_waits",
    "set_seats",
    "take_off_agendas",
    "tell_apart",
    "tell_of_place",
    "unattend",
    "unfollow_event",
    "unfollow_venue",
    "unroll",
    "verify_venue",
]
