"""Django's handle on this module."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """Private messages."""

    name = "parvis.conversations"
