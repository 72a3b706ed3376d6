"""Django's handle on this module."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Pages that gather: home, places, directory, profiles, search, help."""

    name = "parvis.home"
