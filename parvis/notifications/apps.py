"""Django's handle on this module."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from parvis.people import heard
from parvis.people.farewell import at_farewell


class NotificationsConfig(AppConfig):
    """What is new to someone."""

    name = "parvis.notifications"

    def ready(self) -> None:
        """Take off the badge what someone reads where it stands, and what someone did who leaves for good."""
        at_farewell(import_string("parvis.notifications.keeping.drop_of"))
        heard.listen(import_string("parvis.notifications.keeping.read_there"))
