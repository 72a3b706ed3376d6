"""Django's handle on this module."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from parvis.publications.waiting import counted_by


class ModerationConfig(AppConfig):
    """The queue, reports and decisions; a face that nothing imports."""

    name = "parvis.moderation"

    def ready(self) -> None:
        """Every page tells a moderator how long the queue is."""
        counted_by(import_string("parvis.moderation.queue.how_many"))
