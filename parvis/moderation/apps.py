"""Django's handle on this module."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """The queue, reports and decisions; a face that nothing imports."""

    name = "parvis.moderation"
