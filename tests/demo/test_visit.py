"""The guided visit: one becomes someone fictional in one click, in the demonstration and nowhere else."""

import re

import pytest
from django.conf import settings as site
from django.template.loader import get_template
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from parvis.demo.scenario import read
from parvis.demo.visit import roles
from parvis.people.models import Person, Role
from tests.cast import Cast, make_person

DELPHINE, NADIA = "delphine@parvis.example", "nadia@parvis.example"


@pytest.fixture
def lent(territory: Cast, settings: Settings) -> dict[str, Person]:
    """The demonstration is on; someone fictional for each role."""
    settings.DEMO = True
    accounts = [account for account in read().accounts if account.email in {role.account for role in roles().values()}]
    people = {account.email: make_person(account.email, account.name, territory.bois) for account in accounts}
    Person.objects.update(is_demo=True)
    Role.objects.create(person=people[DELPHINE], kind=Role.Kind.MODERATOR, zone=territory.departement)
    return people


def who(client: Client) -> str:
    """The number of the person this browser is signed in as, or nothing."""
    return str(client.session.get("_auth_user_id", ""))


def test_one_click_makes_someone_else_of_a_visitor(client: Client, lent: dict[str, Person]) -> None:
    answer = client.post("/visite/", {"role": "moderation"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/moderation/")
    assert who(client) == str(lent[DELPHINE].pk)
    assert "Vous voici Delphine Mauger." in client.get("/moderation/").content.decode()


def test_each_change_starts_a_session_of_its_own(client: Client, lent: dict[str, Person]) -> None:
    """R-SEC-14: nothing of the former session goes on, neither its key nor what it held."""
    client.post("/visite/", {"role": "moderation"})
    former = client.cookies[site.SESSION_COOKIE_NAME].value
    client.post("/visite/", {"role": "habitant"})
    assert client.cookies[site.SESSION_COOKIE_NAME].value != former
    assert who(client) == str(lent[NADIA].pk)
    stale = Client()
    stale.cookies[site.SESSION_COOKIE_NAME] = former
    assert stale.get("/mon-espace/").status_code == 302


def test_one_goes_back_to_being_a_visitor(client: Client, lent: dict[str, Person]) -> None:
    client.post("/visite/", {"role": "habitant"})
    assert client.post("/visite/", {"role": "visiteur", "step": "1"}).headers["Location"] == "/agenda/"
    assert who(client) == ""


def test_a_step_leads_where_it_says_and_nowhere_else(client: Client, lent: dict[str, Person]) -> None:
    for step, link in (
        ("1", "/avis/"),
        ("99", "/publier/evenement/"),
        ("-1", "/publier/avis/"),
        ("²", "/publier/avis/"),
    ):
        data = {"role": "service", "step": step, "next": "https://ailleurs.example/"}
        assert client.post("/visite/", data).headers["Location"] == link


def test_every_step_opens_to_whom_it_is_for(client: Client, lent: dict[str, Person]) -> None:
    Role.objects.create(person=lent["yao@parvis.example"], kind=Role.Kind.ADMINISTRATOR)
    for role in roles().values():
        for number, step in enumerate(role.steps):
            client.post("/visite/", {"role": role.key, "step": str(number)})
            assert client.get(step.link).status_code == 200, step.link


def test_outside_the_demonstration_there_is_no_visit(
    client: Client, lent: dict[str, Person], settings: Settings
) -> None:
    """Not even for whoever posts straight to it, with a token, when fictional people are there."""
    strict = Client(enforce_csrf_checks=True)
    page = strict.get("/visite/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    settings.DEMO = False
    assert client.get("/visite/").status_code == 404
    for role in [*roles(), "", "administrator"]:
        assert client.post("/visite/", {"role": role}).status_code == 404
        data = {"role": role, "csrfmiddlewaretoken": token[1]}
        assert strict.post("/visite/", data).status_code == 404
        assert (who(client), who(strict)) == ("", "")
    assert "/visite/" not in client.get("/").content.decode()


def test_a_real_person_is_never_lent(client: Client, lent: dict[str, Person]) -> None:
    """Whatever their address; nor someone whose account is closed."""
    Person.objects.filter(email=DELPHINE).update(is_demo=False)
    Person.objects.filter(email=NADIA).update(is_active=False)
    page = client.get("/visite/").content.decode()
    for role in ("moderation", "habitant"):
        assert client.post("/visite/", {"role": role}).status_code == 404
        assert f'id="{role}"' not in page
    assert who(client) == ""


def test_nobody_is_changed_without_a_token(lent: dict[str, Person]) -> None:
    """R-SEC-11: nor by a link."""
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/visite/", {"role": "moderation"}).status_code == 403
    strict.get("/visite/?role=moderation")
    assert who(strict) == ""


@pytest.mark.parametrize("asked", [{}, {"role": "roi"}, {"role": "administration\0"}, {"role": NADIA}])
def test_who_is_not_offered_cannot_be_taken(client: Client, lent: dict[str, Person], asked: dict[str, str]) -> None:
    assert client.post("/visite/", asked).status_code == 404
    assert who(client) == ""


def test_the_bar_of_a_visitor_is_links_and_that_of_a_member_a_form(client: Client, lent: dict[str, Person]) -> None:
    visitor = client.get("/").content.decode()
    assert 'href="/visite/#moderation"' in visitor
    assert "csrfmiddlewaretoken" not in visitor
    client.post("/visite/", {"role": "habitant"})
    client.get("/")
    member = client.get("/").content.decode()
    assert '<button name="role" value="moderation">' in member
    assert "Nadia B." in member


def test_the_bar_names_roles_that_exist() -> None:
    bar = get_template("ui/ribbon.html")
    members, visitors = (bar.render({"me": me}) for me in ({"name": "Nadia"}, None))
    named = set(re.findall(r'name="role" value="(\w+)"', members)) | set(re.findall(r"/visite/#(\w+)", visitors))
    assert {"habitant", "association", "service", "moderation", "elu", "visiteur"} == named
    assert named <= roles().keys()


def test_the_page_says_who_one_is_in_few_statements(
    client: Client, lent: dict[str, Person], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.post("/visite/", {"role": "habitant"})
    with django_assert_max_num_queries(10):
        page = client.get("/visite/").content.decode()
    assert "C’est vous en ce moment" in page


def test_every_account_lent_is_of_the_demonstration() -> None:
    known = {account.email for account in read().accounts}
    assert {role.account for role in roles().values()} - {""} <= known
    assert [role.key for role in roles().values() if len(role.steps) != 3] == []
