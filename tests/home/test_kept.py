"""Pages kept for visitors: made once, true at once, never another's (R-SEC-23, R-REL-9)."""

import gzip
import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parvis.core import journal, kept
from parvis.core.models import JournalEntry
from parvis.people.models import Person, Voice
from parvis.publications import actions
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def words(answer: object) -> str:
    """The page in words."""
    content: bytes = getattr(answer, "content")  # noqa: B009
    return content.decode()


def test_the_second_visitor_costs_one_statement(client: Client, territory: Cast) -> None:
    first = client.get("/")
    with CaptureQueriesContext(connection) as asked:
        second = Client().get("/")
    assert second.content == first.content
    assert len(asked.captured_queries) == 1
    assert "core_journalentry" in asked.captured_queries[0]["sql"]
    assert "csrfmiddlewaretoken" not in words(first)
    assert not second.cookies


def test_it_falls_with_the_act_that_changes_it(
    client: Client, territory: Cast, routes: Voice, agent: Person, moderator: Person, send: Any
) -> None:
    assert "Pont fermé" not in words(client.get("/"))
    notice = send(routes, agent, "Pont fermé", territory.departement)
    assert "Pont fermé" in words(client.get("/"))
    actions.hide(notice, by=moderator, rule="inexact", reason="Faux.")
    assert "Pont fermé" not in words(client.get("/"))


def test_it_falls_with_an_act_committed_late(client: Client, territory: Cast) -> None:
    """Of two writers on PostgreSQL, the one with the smaller number may finish last."""
    for _ in range(3):
        journal.record("publication.published", by=None)
    late = JournalEntry.objects.order_by("-pk")[1].pk
    JournalEntry.objects.filter(pk=late).delete()
    before = kept.stamp()
    JournalEntry.objects.create(pk=late, verb="publication.hidden")
    # SQLite has one writer, whose numbers come in order.
    assert (kept.stamp() > before) == (connection.vendor == "postgresql")


def test_what_no_visitor_sees_drops_nothing(client: Client, territory: Cast, amina: Person) -> None:
    before = kept.stamp()
    journal.record("person.followed", by=amina, target=amina)
    assert kept.stamp() == before
    journal.record("voice.profile_changed", by=amina)
    assert kept.stamp() > before


def test_what_is_said_moves_nobody(client: Client, territory: Cast, routes: Voice, agent: Person, send: Any) -> None:
    """What people of a place share, their élus for one, is drawn again when someone changes, not at each notice."""
    before = kept.stamp(kept.SETTLES)
    send(routes, agent, "Pont fermé", territory.bois)
    assert kept.stamp(kept.SETTLES) == before
    journal.record("voice.profile_changed", by=agent)
    after = kept.stamp(kept.SETTLES)
    assert after > before
    # However much is said since.
    JournalEntry.objects.bulk_create(
        JournalEntry(verb="reply.published", settles=False) for _ in range(kept.WINDOW + 1)
    )
    assert kept.stamp(kept.SETTLES) == after


def test_it_lives_no_longer_than_its_minute(client: Client, territory: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page says of the time: « il y a 2 min », « ouvert », an expiry."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    assert len(asked.captured_queries) == 1
    monkeypatch.setattr(time, "time", lambda: now + 60)
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    assert len(asked.captured_queries) > 1


def test_a_member_neither_reads_nor_leaves_a_page_there(client: Client, territory: Cast, amina: Person) -> None:
    Client().get("/")
    client.force_login(amina)
    mine = client.get("/")
    assert "Mon fil" in words(mine)
    assert mine["Cache-Control"] == "private, no-store"
    assert "Mon fil" not in words(Client().get("/"))
    annuaire = client.get("/annuaire/")
    assert amina.name in words(annuaire)
    assert amina.name not in words(Client().get("/annuaire/"))


def test_a_message_is_said_to_one_person_only(client: Client, territory: Cast) -> None:
    client.get("/")
    client.cookies["messages"] = "anything"
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    assert len(asked.captured_queries) > 1


def test_who_has_the_page_is_told_so(client: Client, territory: Cast) -> None:
    first = client.get("/")
    same = client.get("/", headers={"if-none-match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert same["ETag"] == first["ETag"]
    other = client.get("/", headers={"if-none-match": 'W/"other"'})
    assert other.status_code == 200


def test_it_travels_compressed(client: Client, territory: Cast) -> None:
    plain = client.get("/")
    small = client.get("/", headers={"accept-encoding": "gzip, br"})
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert "Accept-Encoding" in small["Vary"]
    assert int(small["Content-Length"]) == len(small.content) < len(plain.content) / 2


def test_each_address_is_a_page_of_its_own(client: Client, territory: Cast) -> None:
    assert "Agenda du Val-d’Ombre" not in words(client.get("/"))
    one, two = client.get("/annuaire/?type=elu"), client.get("/annuaire/?type=service")
    assert words(one) != words(two)
    assert client.head("/").content == b""
    assert client.get("/", headers={"host": "127.0.0.1"}).status_code == 200
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_page_with_a_token_is_never_kept(client: Client, territory: Cast) -> None:
    """Even if someone marks it: the token of one visitor must not go to the next (R-SEC-23)."""
    first, second = Client().get("/inscription/"), Client().get("/inscription/")
    assert "csrfmiddlewaretoken" in words(first)
    assert first.cookies["csrf"].value != second.cookies["csrf"].value
