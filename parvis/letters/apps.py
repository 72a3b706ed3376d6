"""Django's handle on this module."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """What is sent to whom by mail, once."""

    name = "parvis.letters"
