"""Links in mail, pages after signing out, and people who chose to be seen no more."""

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django.fixtures import Settings

from parvis.people import actions
from parvis.people.models import Person
from tests.cast import Cast
from tests.publications.conftest import html, signed_in


@pytest.mark.parametrize("email", ["amina@example.org", "personne@example.org"])
def test_links_in_mail_lead_to_our_own_address(
    client: Client, territory: Cast, amina: Person, settings: Settings, email: str
) -> None:
    """Whatever host the request named."""
    settings.SITE_URL = "https://parvis.test"
    sign_up = {"name": "Jo Dupré", "commune": "Ormoy", "email": email, "accepted": "on"}
    client.post("/inscription/", sign_up, headers={"host": "localhost:6666"})
    client.post("/connexion/recevoir-un-code/", {"email": "inconnue@example.org"}, headers={"host": "localhost:6666"})
    assert len(mail.outbox) == 2
    said = "".join(str(message.body) for message in mail.outbox)
    assert "localhost" not in said
    assert "https://parvis.test/inscription/" in said


def test_my_space_is_kept_by_no_cache(amina: Person) -> None:
    assert "no-store" in signed_in(amina).get("/mon-espace/")["Cache-Control"]


def test_who_leaves_the_directory_leaves_the_lists_of_followers(amina: Person, chloe: Person) -> None:
    actions.change_settings(chloe, name=chloe.name, gender="f", listed=True)
    actions.follow(amina, chloe.voice)
    client = signed_in(amina)
    assert all("Chloé" in html(client.get(page)) for page in ("/mon-espace/", "/mes-abonnements/"))

    actions.change_settings(chloe, name=chloe.name, gender="f", listed=False)

    assert not any("Chloé" in html(client.get(page)) for page in ("/mon-espace/", "/mes-abonnements/"))


def test_one_account_does_not_fill_the_directory(territory: Cast, amina: Person) -> None:
    """Associations are public before anyone verified them: a few at a time (R-SEC-19, R-MOD-20)."""

    def create(number: int) -> None:
        actions.create_association(
            by=amina,
            name=f"Les Amis du lavoir {number}",
            zone=territory.ormoy,
            theme="patrimoine",
            summary="On restaure.",
        )

    for number in range(5):
        create(number)
    with pytest.raises(ValidationError, match="attendent"):
        create(6)
