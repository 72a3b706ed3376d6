"""Django's handle on this module."""

from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    """The spine: what is said, by which voice, to whom, its life, and how it reaches people."""

    name = "parvis.publications"
