"""Django's handle on this module."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from parvis.people.farewell import at_farewell


class GroupsConfig(AppConfig):
    """Groups and their discussions."""

    name = "parvis.groups"

    def ready(self) -> None:
        """Who leaves for good leaves their groups."""
        at_farewell(import_string("parvis.groups.actions.parting.part_from_groups"))
