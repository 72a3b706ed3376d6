"""Django's handle on this module."""

from django.apps import AppConfig


class GroupsConfig(AppConfig):
    """Groups and their discussions."""

    name = "parvis.groups"
