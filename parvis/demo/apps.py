"""Django's handle on this module."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """A fictional population for any territory, and the accounts one can borrow."""

    name = "parvis.demo"
