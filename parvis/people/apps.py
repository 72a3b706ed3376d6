"""Django's handle on this module."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Who speaks: accounts, voices, memberships, mandates, roles, places of life, audiences and subscriptions."""

    name = "parvis.people"
