"""Django's handle on this module."""

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    """Zones of France: names, codes, containment, geometry, town halls, and how they are imported."""

    name = "parvis.territory"
