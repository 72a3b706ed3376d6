"""Django's handle on this module."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from parvis.people.farewell import at_farewell


class PublicationsConfig(AppConfig):
    """The spine: what is said, by which voice, to whom, its life, and how it reaches people."""

    name = "parvis.publications"

    def ready(self) -> None:
        """Who leaves for good says what becomes of their words."""
        at_farewell(import_string("parvis.publications.actions.parting.part_with_words"))
