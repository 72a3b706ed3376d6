"""Django's handle on this module."""

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    """Events: when and where they happen, the pages and feeds that list them."""

    name = "parvis.agenda"
