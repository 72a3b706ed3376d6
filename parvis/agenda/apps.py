"""Django's handle on this module."""

from datetime import datetime
from typing import Any

from django.apps import AppConfig
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from parvis.people.farewell import at_farewell
from parvis.publications.kinds import Kind, register


def next_time_ends(publication: Any) -> datetime | None:
    """When the card of an event turns to the time after."""
    occurrence = publication.event.next_occurrence
    return occurrence.closes_at if occurrence and occurrence.closes_at > timezone.now() else None


class AgendaConfig(AppConfig):
    """Events: when and where they happen, the pages and feeds that list them."""

    name = "parvis.agenda"

    def ready(self) -> None:
        """Make `event` a kind of publication; who leaves for good leaves their seats."""
        at_farewell(import_string("parvis.agenda.actions.attending.leave_seats"))
        register(
            Kind(
                "event",
                _("Événement"),
                _("événements"),
                "calendar",
                "agenda",
                ("event__commune",),
                prefetched=("event__occurrences", "event__co_organisers__voice"),
                unread=("event__commune__geometry",),
                card_template="agenda/card.html",
                changes_at=next_time_ends,
                put_online=import_string("parvis.agenda.actions.put_on_agendas"),
                take_offline=import_string("parvis.agenda.actions.take_off_agendas"),
                join=import_string("parvis.agenda.actions.join_events"),
                action=_("Voir l’événement"),
                opens_to_replies=True,
                also_by=import_string("parvis.agenda.models.organising.organising_too"),
                page="parvis.agenda.views.events.event_page",
            )
        )
