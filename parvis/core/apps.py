"""Django's handle on this module."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The journal, the queue, idempotent forms, safe text and the design system; knows no other module."""

    name = "parvis.core"
