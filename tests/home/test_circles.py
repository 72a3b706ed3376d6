"""What the home of a member says of groups."""

import pytest
from django.test import Client

from parvis.groups import actions as groups
from parvis.people.models import Person, Voice
from tests.cast import Cast
from tests.journeys.walker import plain


@pytest.fixture
def home(bruno: Person) -> Client:
    """Bruno’s browser."""
    client = Client()
    client.force_login(bruno)
    return client


def test_who_is_in_no_group_is_shown_some_of_around(
    home: Client, territory: Cast, amina: Person, bruno: Person, atelier: Voice
) -> None:
    Voice.objects.filter(pk=atelier.pk).update(zone=territory.clairval)
    made = groups.found(
        by=amina,
        voice=Voice.objects.get(person=amina),
        name="Sentiers du bocage",
        zone=territory.bois,
        scope=territory.departement,
        themes=["nature"],
        summary="On y parle de chemins.",
    )
    page = plain(home.get("/").content.decode())
    assert "Pour commencer" in page
    assert "Sentiers du bocage" in page
    assert "Atelier des Halles" in page
    groups.join(made, by=bruno, voice=Voice.objects.get(person=bruno))
    page = plain(home.get("/").content.decode())
    assert "Mes groupes" in page
    assert "Pour commencer" not in page
    assert "Sentiers du bocage" in page
