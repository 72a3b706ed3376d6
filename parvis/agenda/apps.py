"""Django's handle on this module."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from parvis.publications.kinds import Kind, register


class AgendaConfig(AppConfig):
    """Events: when and where they happen, the pages and feeds that list them."""

    name = "parvis.agenda"

    def ready(self) -> None:
        """Make `event` a kind of publication."""
        register(
            Kind(
                "event",
                _("Événement"),
                _("événements"),
                "calendar",
                "agenda",
                "agenda/detail.html",
                ("event__commune",),
                card_template="agenda/card.html",
                action=_("Voir l’événement"),
            )
        )
