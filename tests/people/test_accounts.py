"""Signing in, settings, following (R-SEC-14, R-SEC-16, R-SEC-23)."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from parvis.core.models import JournalEntry
from parvis.people import actions
from parvis.people.models import Person, Voice
from tests.cast import Cast, make_person
from tests.people.test_organisations import signed_in
from tests.people.test_sign_up import code_of, shape, shape_of_page

WORDS = "quatre mots sans rapport"


def test_signing_in_by_code(client: Client, amina: Person) -> None:
    sent = client.post("/connexion/recevoir-un-code/", {"email": "Amina@example.org", "next": "/mes-lieux/"})
    assert sent["Location"].startswith("/connexion/code/")
    assert mail.outbox[0].subject.startswith("Votre code de connexion")
    assert client.post("/connexion/code/", {"code": "0000 0000"}).status_code == 200
    opened = client.post("/connexion/code/?next=/mes-lieux/", {"code": code_of()})
    assert opened["Location"] == "/mes-lieux/"
    assert client.session["_auth_user_id"] == str(amina.pk)
    assert client.session.get_expiry_age() > 86_400 * 30


def test_an_address_has_one_name_on_every_form(client: Client, territory: Cast) -> None:
    for path in ("/connexion/", "/connexion/recevoir-un-code/", "/inscription/"):
        page = client.get(path).content.decode()
        assert "Adresse électronique" in page
        assert "Courriel" not in page
    refused = client.post("/connexion/recevoir-un-code/", {"email": ""}).content.decode()
    assert "Indiquez une adresse électronique." in refused


def test_signing_in_never_says_whether_an_address_is_known(client: Client, amina: Person) -> None:
    answers = []
    for email in ("amina@example.org", "inconnue@example.org"):
        visitor = Client()
        with CaptureQueriesContext(connection) as statements:
            sent = visitor.post("/connexion/recevoir-un-code/", {"email": email})
        page = visitor.get("/connexion/code/").content.decode()
        wrong = visitor.post("/connexion/code/", {"code": "0000 0000"}).content.decode()
        kinds = [shape(row["sql"]).split(" ", 1)[0] for row in statements]
        answers.append(
            (sent.status_code, sent["Location"], kinds, shape_of_page(page, email), shape_of_page(wrong, email))
        )
    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [["amina@example.org"], ["inconnue@example.org"]]
    assert "Aucun compte" in mail.outbox[1].subject


def test_five_wrong_codes_end_a_sign_in(client: Client, amina: Person) -> None:
    client.post("/connexion/recevoir-un-code/", {"email": amina.email})
    for _ in range(5):
        client.post("/connexion/code/", {"code": "0000 0000"})
    client.post("/connexion/code/", {"code": code_of()})
    assert "_auth_user_id" not in client.session


def test_a_password_is_set_with_a_code_and_signs_in(amina: Person) -> None:
    client, elsewhere = signed_in(amina), signed_in(amina)
    assert "Recevoir un code" in client.get("/reglages/mot-de-passe/").content.decode()
    client.post("/reglages/mot-de-passe/", {"send": "1"})
    short = client.post("/reglages/mot-de-passe/", {"code": code_of(), "password": "court"})
    assert short.status_code == 200
    wrong = client.post("/reglages/mot-de-passe/", {"code": "0000 0000", "password": WORDS})
    assert "pas le bon" in wrong.content.decode()
    client.post("/reglages/mot-de-passe/", {"code": code_of(), "password": WORDS})
    assert client.get("/reglages/").status_code == 200
    assert elsewhere.get("/reglages/").status_code == 302
    visitor = Client()
    assert (
        "ne sont pas les bons"
        in visitor.post("/connexion/", {"login": amina.email, "password": "autre chose"}).content.decode()
    )
    assert visitor.post("/connexion/", {"login": amina.email, "password": WORDS})["Location"] == "/"
    assert WORDS not in str(list(JournalEntry.objects.values()))


def test_a_password_needs_a_code_of_its_own(amina: Person) -> None:
    """A code to sign up or to change an address opens no other door."""
    client = signed_in(amina)
    client.post("/reglages/adresse/", {"send": "1"})
    client.post("/reglages/mot-de-passe/", {"code": code_of(), "password": WORDS})
    client.post("/reglages/mot-de-passe/", {"send": "1"})
    client.post("/reglages/adresse/", {"email": "autre@example.org", "code": code_of()})
    assert not Person.objects.get(pk=amina.pk).has_usable_password()
    assert {message.to[0] for message in mail.outbox} == {amina.email}


def ask_to_move(client: Client, email: str) -> str:
    """Where one is sent after the code of the present address."""
    client.post("/reglages/adresse/", {"send": "1"})
    return client.post("/reglages/adresse/", {"email": email, "code": code_of()})["Location"]


def test_changing_address_takes_a_code_at_each_and_tells_the_former_one(amina: Person, chloe: Person) -> None:
    """R-SEC-14: the present address says yes first, the other sessions end, the former address is told."""
    client, elsewhere = signed_in(amina), signed_in(amina)
    assert elsewhere.get("/reglages/").status_code == 200
    assert ask_to_move(client, "Nouvelle@example.org") == "/reglages/adresse/confirmer/"
    client.post("/reglages/adresse/confirmer/", {"code": code_of()})
    assert Person.objects.get(pk=amina.pk).email == "nouvelle@example.org"
    recipients = [message.to[0] for message in mail.outbox]
    assert recipients == ["amina@example.org", "nouvelle@example.org", "amina@example.org"]
    assert client.get("/reglages/").status_code == 200
    assert elsewhere.get("/reglages/").status_code == 302
    assert ask_to_move(client, chloe.email) == "/reglages/adresse/confirmer/"
    client.post("/reglages/adresse/confirmer/", {"code": "0000 0000"})
    assert Person.objects.get(pk=amina.pk).email == "nouvelle@example.org"


def test_a_session_alone_does_not_change_the_address(amina: Person) -> None:
    """Whoever holds only a session, without the mailbox, gets nowhere (R-SEC-14)."""
    client = signed_in(amina)
    client.post("/reglages/adresse/", {"email": "voleur@example.org"})
    client.post("/reglages/adresse/", {"email": "voleur@example.org", "code": "0000 0000"})
    assert mail.outbox == []
    client.post("/reglages/adresse/", {"send": "1"})
    wrong = "0000 0000" if code_of() != "0000 0000" else "1111 1111"
    page = client.post("/reglages/adresse/", {"email": "voleur@example.org", "code": wrong})
    assert "pas le bon" in page.content.decode()
    assert client.get("/reglages/adresse/confirmer/")["Location"] == "/reglages/adresse/"
    assert [message.to for message in mail.outbox] == [[amina.email]]


def test_codes_are_not_typed_without_end(amina: Person) -> None:
    """The three pages that take a code share the limit of sign-up (R-SEC-17)."""
    client = signed_in(amina)
    ask_to_move(client, "autre@example.org")
    pages = ("/reglages/adresse/", "/reglages/adresse/confirmer/", "/reglages/mot-de-passe/")
    statuses = [client.post(pages[0], {"code": "0000 0000"}).status_code for _ in range(18)]
    assert set(statuses) == {200}
    assert [client.post(page, {"code": "0000 0000"}).status_code for page in pages] == [429, 429, 429]


def test_settings_change_the_name_everywhere(amina: Person) -> None:
    signed_in(amina).post("/reglages/", {"name": "Amina B.", "gender": "f", "listed": "on"})
    voice = Voice.objects.get(person=amina)
    assert (voice.name, voice.listed, voice.search_name) == ("Amina B.", True, "amina b")
    assert Voice.objects.listed_in_directory().filter(pk=voice.pk).exists()
    assert Person.objects.get(pk=amina.pk).name == "Amina B."


def test_moving_from_the_page_asks_the_canton(amina: Person, territory: Cast) -> None:
    client = signed_in(amina)
    assert "Lequel est le vôtre" in client.post("/mes-lieux/", {"commune": "clairval"}).content.decode()
    client.post("/mes-lieux/", {"commune": "clairval", "canton": "9902"})
    home = Person.objects.get(pk=amina.pk).home
    assert home is not None
    assert (home.zone, home.canton) == (territory.clairval, territory.canton_2)


PAGES = [
    "/reglages/",
    "/reglages/adresse/",
    "/reglages/mot-de-passe/",
    "/mes-lieux/",
    "/mes-abonnements/",
    "/associations/creer/",
]


@pytest.mark.parametrize("address", PAGES)
def test_pages_of_members(amina: Person, address: str, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    """A visitor signs in first; a member gets a page no cache keeps, with an `h1`, in few statements."""
    visitor = Client().get(address)
    assert (visitor.status_code, visitor["Location"]) == (302, f"/connexion/?next={address}")
    client = signed_in(amina)
    client.get(address)
    with django_assert_max_num_queries(12):
        page = client.get(address)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert len(re.findall("<h1", page.content.decode())) == 1


def test_lists_cost_the_same_however_long(
    admin: Person, territory: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for index in range(30):
        owner = make_person(f"{index}@example.org", "Camille Dor", territory.bois)
        voice = actions.create_association(
            by=owner, name=f"Association {index}", zone=territory.bois, theme="sport", summary="x"
        )
        actions.follow(admin, voice)
    client = signed_in(admin)
    for address in ("/administration/", "/administration/espaces/", "/mes-abonnements/", "/administration/roles/"):
        with django_assert_max_num_queries(14):
            page = client.get(address)
        assert page.content.decode().count('<li class="row spread"') <= 30


def test_signing_out_is_a_post(amina: Person) -> None:
    client = signed_in(amina)
    assert client.get("/deconnexion/").status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/deconnexion/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_a_closed_account_does_not_sign_in(client: Client, amina: Person) -> None:
    Person.objects.filter(pk=amina.pk).update(is_active=False)
    client.post("/connexion/recevoir-un-code/", {"email": amina.email})
    assert "Aucun compte" in mail.outbox[0].subject
    assert signed_in(amina).get("/reglages/").status_code == 302
