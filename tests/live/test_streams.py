"""Open pages are told that there is something new, while they may know it. With a real Redis."""

import asyncio
import threading
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings as site
from django.db import InterfaceError, connections, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from parvis import live
from parvis.conversations import actions as conversations
from parvis.core.live import channel
from parvis.groups import actions
from parvis.groups.models import Group, Topic
from parvis.people.models import Person, Voice
from tests.circles import own, say, signed_in, trust
from tests.command.running import served, until

pytestmark = [pytest.mark.redis, pytest.mark.django_db(transaction=True)]


class Page:
    """A page that listens: what it was answered, and what it was told."""

    def __init__(self) -> None:
        self.status, self.body, self.is_over = 0, "", False
        self.close = asyncio.Event()

    async def open(self, path: str, cookie: str) -> None:
        """Ask for a stream, and hear it to its end."""
        headers = [(b"cookie", f"{site.SESSION_COOKIE_NAME}={cookie}".encode())] if cookie else []
        scope = {"type": "http", "method": "GET", "path": path, "headers": headers}
        await live.application(scope, self._receive, self._send)
        self.is_over = True

    async def _receive(self) -> dict[str, Any]:
        await self.close.wait()
        return {"type": "http.disconnect"}

    async def _send(self, said: dict[str, Any]) -> None:
        self.status = said.get("status", self.status)
        self.body += said.get("body", b"").decode()

    @property
    def told(self) -> int:
        """How many times there was something new."""
        return self.body.count("data: nouveau\n\n")


# `listen(client, "/direct/…")`: a page, once it was answered.
Listen = Callable[..., Page]


@pytest.fixture
def loop(settings: Settings) -> Iterator[asyncio.AbstractEventLoop]:
    """The process of streams, as a thread; nobody else’s channel."""
    settings.SITE_URL = f"http://{uuid.uuid4().hex}.test"
    running, hub = asyncio.new_event_loop(), live.Hub()
    thread = threading.Thread(target=running.run_forever)
    thread.start()
    former, live.hub = live.hub, hub
    running.call_soon_threadsafe(hub.start)
    yield running
    running.call_soon_threadsafe(hub.stop)
    hub.pool.submit(connections.close_all).result()
    until(lambda: not hub.threads)
    running.call_soon_threadsafe(running.stop)
    thread.join()
    live.hub = former


@pytest.fixture
def listen(loop: asyncio.AbstractEventLoop) -> Listen:
    until(lambda: live.hub.hears)

    def opened(client: Client, path: str) -> Page:
        page, cookie = Page(), client.cookies.get(site.SESSION_COOKIE_NAME)
        asyncio.run_coroutine_threadsafe(page.open(path, cookie.value if cookie else ""), loop)
        until(lambda: page.status)
        return page

    return opened


@pytest.fixture
def topic(cellar: Group, amina: Person, bruno: Person) -> Topic:
    """In a private group of which Bruno is."""
    trust(bruno)
    actions.invite(cellar, by=amina, email=bruno.email)
    actions.accept(cellar, by=bruno, voice=own(bruno))
    return say(cellar, amina, "Qui a la clé ?")


def stream(topic: Topic) -> str:
    return f"/direct/sujet/{topic.pk}/"


def test_says_that_there_is_something_new_and_nothing_else(
    topic: Topic, listen: Listen, amina: Person, bruno: Person
) -> None:
    page = listen(signed_in(bruno), stream(topic))
    assert page.status == 200
    assert page.body.startswith("retry: ")
    actions.reply(topic, by=amina, voice=own(amina), body="Elle est chez Odile.")
    until(lambda: page.told == 1)
    assert not {"Odile", "Amina", str(amina.pk)} & set(page.body.split())
    assert set(page.body.split("\n\n")) <= {"retry: 5000", "data: nouveau", ":", ""}


def test_what_is_not_ours_on_the_channel_ends_nothing(
    topic: Topic, listen: Listen, amina: Person, bruno: Person
) -> None:
    page = listen(signed_in(bruno), stream(topic))
    for said in ("sujet/abc", "sujet/", "", b"\xff"):
        redis.Redis.from_url(site.REDIS_URL).publish(channel(), said)
    actions.reply(topic, by=amina, voice=own(amina), body="Moi.")
    until(lambda: page.told)


def test_ends_when_the_connection_to_the_database_was_closed(
    topic: Topic, listen: Listen, bruno: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nobody would look at rights any more."""
    page = listen(signed_in(bruno), stream(topic))

    def closed(*_thread: Any) -> None:
        raise InterfaceError

    monkeypatch.setattr(live, "_reader", closed)
    until(lambda: page.is_over)


def test_says_nothing_of_what_did_not_happen(topic: Topic, listen: Listen, amina: Person, bruno: Person) -> None:
    other, client = say(topic.group, amina, "Autre chose"), signed_in(bruno)
    page, beside = listen(client, stream(topic)), listen(client, stream(other))
    with transaction.atomic():
        actions.reply(topic, by=amina, voice=own(amina), body="Non, rien.")
        transaction.set_rollback(True)
    actions.reply(other, by=amina, voice=own(amina), body="Si.")
    # What is said is heard in the order in which it was said.
    until(lambda: beside.told == 1)
    assert page.told == 0


def test_a_conversation_is_told_to_its_sides_alone(listen: Listen, amina: Person, bruno: Person, chloe: Person) -> None:
    """R-SEC-1."""
    Voice.objects.filter(person__in=[amina, bruno]).update(listed=True)
    for person in (amina, bruno):
        trust(person)
    one = conversations.begin(own(bruno), by=amina, voice=own(amina), body="Bonjour").conversation
    address = f"/direct/conversation/{one.pk}/"
    assert listen(signed_in(chloe), address).status == 404
    page = listen(signed_in(amina), address)
    conversations.answer(one, by=bruno, body="Bonsoir")
    until(lambda: page.told == 1)


def test_what_one_may_not_read_is_a_page_that_does_not_exist(topic: Topic, listen: Listen, chloe: Person) -> None:
    """R-SEC-1."""
    answers = {
        (page.status, page.body)
        for page in (
            listen(Client(), stream(topic)),
            listen(signed_in(chloe), stream(topic)),
            listen(signed_in(chloe), "/direct/sujet/999999/"),
            listen(signed_in(chloe), "/direct/autre/1/"),
        )
    }
    assert answers == {(404, "")}


def test_ends_when_its_reader_is_removed(topic: Topic, listen: Listen, amina: Person, bruno: Person) -> None:
    """R-SEC-5."""
    client = signed_in(bruno)
    page, host = listen(client, stream(topic)), listen(signed_in(amina), stream(topic))
    actions.remove(topic.group.members.get(person=bruno), by=amina)
    until(lambda: page.is_over)
    assert not host.is_over
    assert listen(client, stream(topic)).status == 404


def test_ends_with_the_session(topic: Topic, listen: Listen, bruno: Person) -> None:
    """R-SEC-14."""
    client = signed_in(bruno)
    page = listen(client, stream(topic))
    client.logout()
    until(lambda: page.is_over)


def test_one_person_holds_few_streams(
    topic: Topic, listen: Listen, loop: asyncio.AbstractEventLoop, bruno: Person
) -> None:
    """R-SEC-17."""
    client = signed_in(bruno)
    pages = [listen(client, stream(topic)) for _page in range(live.MOST_EACH)]
    assert {page.status for page in pages} == {200}
    assert listen(client, stream(topic)).status == 429
    loop.call_soon_threadsafe(pages[0].close.set)
    until(lambda: pages[0].is_over)
    assert listen(client, stream(topic)).status == 200


def test_without_redis_there_is_none_and_one_asks(
    settings: Settings, loop: asyncio.AbstractEventLoop, topic: Topic, amina: Person, bruno: Person
) -> None:
    """R-REL: Redis is never needed."""
    until(lambda: live.hub.hears)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    loop.call_soon_threadsafe(live.hub.stop)
    live.hub.hears = False
    loop.call_soon_threadsafe(live.hub.start)
    page, client = Page(), signed_in(bruno)
    cookie = client.cookies[site.SESSION_COOKIE_NAME].value
    asyncio.run_coroutine_threadsafe(page.open(stream(topic), cookie), loop).result(60)
    assert page.status == 503
    known = topic.messages.get().position
    actions.reply(topic, by=amina, voice=own(amina), body="Quand même.")
    assert client.get(f"/groupes/sujets/{topic.pk}/nouveautes/?depuis={known}").json() == {"count": 1}


def test_a_page_says_where_to_listen(topic: Topic, settings: Settings, bruno: Person) -> None:
    client = signed_in(bruno)
    assert f'data-live="{stream(topic)}"' in client.get(topic.get_absolute_url()).content.decode()
    settings.REDIS_URL = ""
    assert "data-live" not in client.get(topic.get_absolute_url()).content.decode()


def test_serve_begins_it_beside_the_others(tmp_path: Path) -> None:
    def status(port: int) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/direct/sujet/1/", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    with served(tmp_path / "data", REDIS_URL=site.REDIS_URL) as here:
        until(lambda: status(here.port + 1) == 404)
        port = here.port + 1
    assert status(port) == 0
