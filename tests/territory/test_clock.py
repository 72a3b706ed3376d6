"""The territory says what time it is (R-REL-21)."""

import pytest
from django.test import Client
from django.utils import timezone

from parvis.territory import clock, current
from parvis.territory.models import Zone
from tests.cast import Cast


@pytest.mark.parametrize(
    ("lon", "lat", "name"),
    [
        (2.42, 49.41, ""),
        (9.1, 42.1, ""),
        (55.5, -21.1, "Indian/Reunion"),
        (45.16, -12.8, "Indian/Mayotte"),
        (-61.5, 16.2, "America/Guadeloupe"),
        (-61.0, 14.65, "America/Martinique"),
        (-53.1, 4.0, "America/Cayenne"),
        (165.5, -21.3, "Pacific/Noumea"),
    ],
)
def test_a_place_overseas_keeps_its_own_time(lon: float, lat: float, name: str) -> None:
    assert clock.zone_of(lon, lat) == name


def test_pages_are_in_the_time_of_the_territory(territory: Cast, client: Client) -> None:
    Zone.objects.filter(pk=territory.departement.pk).update(lon=55.5, lat=-21.1)
    current.forget()
    try:
        client.get("/agenda/")
        assert timezone.get_current_timezone_name() == "Indian/Reunion"
        Zone.objects.filter(pk=territory.departement.pk).update(lon=2.4, lat=49.4)
        current.forget()
        client.get("/agenda/?jour=2026-12-01")
        assert timezone.get_current_timezone_name() == "Europe/Paris"
    finally:
        timezone.deactivate()
