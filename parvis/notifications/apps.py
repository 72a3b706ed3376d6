"""Django's handle on this module."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from parvis.people import heard


class NotificationsConfig(AppConfig):
    """What is new to someone."""

    name = "parvis.notifications"

    def ready(self) -> None:
        """Take off the badge what someone reads where it stands."""
        heard.listen(import_string("parvis.notifications.keeping.read_there"))
