"""The home of a member asked for again: as it was, but for its token; and never once it would say something else."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.people import actions as people
from parvis.people.models import Audience, Person, Role, Session, Voice
from parvis.publications import actions
from parvis.territory.current import forget
from parvis.territory.models import Territory
from tests.cast import Cast, make_person

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w{64})"')


@pytest.fixture
def minute(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """The clock stands still, and goes on by so many seconds."""
    now = [time.time() // 60 * 60 + 5]
    monkeypatch.setattr(time, "time", lambda: now[0])

    def pass_by(seconds: int) -> None:
        now[0] += seconds

    return pass_by


@pytest.fixture
def home(territory: Cast, amina: Person, minute: Callable[[int], None]) -> Callable[[], str]:
    """The page of Amina, in a browser that has its cookies."""
    client = Client()
    client.force_login(amina)
    client.get("/")
    client.get("/")

    def page() -> str:
        return client.get("/").content.decode()

    return page


def asked(page: Callable[[], str]) -> int:
    with CaptureQueriesContext(connection) as statements:
        page()
    return len(statements.captured_queries)


def test_again_it_costs_one_statement_and_is_the_same_but_for_its_token(home: Callable[[], str]) -> None:
    """R-SEC-1, R-SEC-23, R-SEC-30."""
    assert asked(home) == 1
    first, second = home(), home()
    assert TOKEN.sub("", first) == TOKEN.sub("", second)
    assert len(set(TOKEN.findall(first))) == len(set(TOKEN.findall(second))) == 1
    assert TOKEN.findall(first) != TOKEN.findall(second)


def test_its_headers_are_those_of_any_page_and_its_token_is_taken(territory: Cast, amina: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(amina)
    first, *_between, last = [client.get("/") for _ in range(4)]
    assert dict(last.headers) == dict(first.headers)
    assert "frame-ancestors" in last["Content-Security-Policy"]
    assert last["Cache-Control"] == "private, no-store"
    assert last["Vary"] == "Cookie"
    (token,) = set(TOKEN.findall(last.content.decode()))
    assert client.post("/deconnexion/", {}).status_code == 403
    assert client.post("/deconnexion/", {"csrfmiddlewaretoken": token}).status_code == 302
    assert "Mon fil" not in client.get("/").content.decode()


def test_it_falls_at_once_with_what_anyone_says_or_takes_back(
    home: Callable[[], str], territory: Cast, routes: Voice, agent: Person, moderator: Person, send: Any
) -> None:
    notice = send(routes, agent, "Pont fermé", territory.bois)
    assert "Pont fermé" in home()
    actions.correct(notice, by=agent, title="Pont rouvert", body=notice.body)
    assert "Pont rouvert" in home()
    actions.hide(notice, by=moderator, rule="inexact", reason="Faux.")
    assert "Pont rouvert" not in home()


def test_it_falls_at_once_with_what_no_visitor_sees(
    home: Callable[[], str], territory: Cast, amina: Person, routes: Voice, agent: Person, send: Any
) -> None:
    """Their own acts, and those of who decides about them."""
    send(routes, agent, "Pont fermé", territory.bois)
    assert "Pont fermé" in home()
    people.mute(amina, routes)
    assert "Pont fermé" not in home()
    people.unmute(amina, routes)
    assert "Pont fermé" in home()
    bois = Audience.objects.of_zone(territory.bois)
    people.mute_audience(amina, bois)
    assert "Pont fermé" not in home()
    people.unmute_audience(amina, bois)
    assert "Pont fermé" in home()
    assert "/moderation/" not in home()
    Role.objects.create(person=amina, zone=territory.bois, kind=Role.Kind.MODERATOR)
    assert "/moderation/" in home()


def test_it_falls_with_what_waits_for_them(
    home: Callable[[], str], territory: Cast, amina: Person, bruno: Person, send: Any
) -> None:
    """What another member wrote waits, which changes nothing for a visitor."""
    Role.objects.create(person=amina, zone=territory.departement, kind=Role.Kind.MODERATOR)
    assert "à examiner" not in home()
    send(bruno.voice, bruno, "Bonjour à tous", territory.clairval, kind="post")
    assert "1 contenu à examiner" in home()


def test_it_falls_with_their_name_and_with_the_territory(home: Callable[[], str], amina: Person) -> None:
    Person.objects.filter(pk=amina.pk).update(name="Aminata Diallo")
    assert "Aminata Diallo" in home()
    assert asked(home) == 1
    Territory.objects.update(version=Territory.objects.get().version + 1)
    forget()
    assert asked(home) > 1


def test_it_ends_with_the_password(home: Callable[[], str], amina: Person) -> None:
    """R-SEC-14."""
    assert "Mon fil" in home()
    amina.set_password("une autre phrase de passe")
    amina.save(update_fields=["password"])
    assert "Mon fil" not in home()


def test_it_ends_with_its_day(home: Callable[[], str]) -> None:
    assert "Mon fil" in home()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert "Mon fil" not in home()


def test_it_ends_with_the_account(home: Callable[[], str], amina: Person) -> None:
    assert "Mon fil" in home()
    Person.objects.filter(pk=amina.pk).update(is_active=False)
    assert "Mon fil" not in home()


def test_two_people_of_a_place_have_each_their_own(home: Callable[[], str], territory: Cast) -> None:
    """R-SEC-23."""
    other = make_person("zelie@example.org", "Zélie Roux", territory.bois)
    client = Client()
    client.force_login(other)
    for _ in range(3):
        page = client.get("/").content.decode()
        assert "Zélie Roux" in page
        assert "Zélie Roux" not in home()


def test_it_lives_no_longer_than_its_minute(home: Callable[[], str], minute: Callable[[int], None]) -> None:
    assert asked(home) == 1
    minute(60)
    assert asked(home) > 1
    assert asked(home) == 1


def test_a_message_is_said_once(territory: Cast, amina: Person, routes: Voice) -> None:
    client = Client()
    client.force_login(amina)
    client.get("/")
    client.get("/")
    client.post(f"{routes.get_absolute_url()}suivre/", follow=False)
    pages = [client.get("/").content.decode() for _ in range(3)]
    assert [page for page in pages[1:] if 'class="message' in page] == []


def test_a_strange_cookie_goes_the_long_way(home: Callable[[], str], amina: Person) -> None:
    client = Client()
    client.force_login(amina)
    for secret in ("", "short", "é" * 32, "a" * 31 + "\n", "a" * 64):
        client.cookies["csrf"] = secret
        answer = client.get("/")
        assert answer.status_code == 200
        assert "Mon fil" in answer.content.decode()
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_older_pages_and_kinds_are_their_own(
    territory: Cast, amina: Person, routes: Voice, agent: Person, send: Any
) -> None:
    send(routes, agent, "Pont fermé", territory.bois)
    client = Client()
    client.force_login(amina)
    for _ in range(3):
        seen = {
            query: "Pont fermé" in client.get(f"/{query}").content.decode() for query in ("", "?genre=post", "?avant=5")
        }
        assert seen == {"": True, "?genre=post": False, "?avant=5": False}
