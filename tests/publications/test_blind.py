"""Parcels are told blind: nobody, one, ten or eleven people there, and the sender cannot know (R-PRIV-9)."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.core.models import JournalEntry
from parvis.notifications.keeping import read
from parvis.people import vault
from parvis.people.models import Person, Place, Voice
from parvis.publications.models import Publication
from parvis.territory.models import Street
from tests.cast import Cast
from tests.publications.conftest import html, on_plan, signed_in
from tests.worker import run_until_idle

COMPOSE = "/publier/avis/"
AUDIENCES = (0, 1, 10, 11)


@pytest.fixture
def settled(territory: Cast) -> list[Place]:
    """Eleven people who chose no address yet."""
    people = Person.objects.bulk_create([Person(email=f"p{n}@example.org", name=f"P{n}") for n in range(11)])
    Place.objects.bulk_create([Place(person=person, zone=territory.bois) for person in people])
    return list(Place.objects.filter(person__in=people).order_by("pk"))


def words(page: str) -> str:
    """A page without what differs from one notice to another: numbers, keys and tokens."""
    page = page.replace("à l’instant", "il y a 1 min")
    return re.sub(r"value=\"[^\"]*\"|[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "·", page)


def test_audiences_of_0_1_10_and_11_look_alike_to_the_sender(
    ground: Street, routes: Voice, agent: Person, colleague: Person, settled: list[Place]
) -> None:
    seen: list[tuple[str, ...]] = []
    asked: list[int] = []
    for number in AUDIENCES:
        # What the round before told them is read.
        for person in (agent, colleague):
            read(person)
        for place in settled[:number]:
            vault.remember(place, 2.15015, 49.1502)
        with CaptureQueriesContext(connection) as queries:
            previewed = signed_in(agent).post(
                COMPOSE, on_plan(routes, colleague, parcels="AB 1", margin="0", preview="1")
            )
            sent = signed_in(agent).post(COMPOSE, on_plan(routes, colleague, parcels="AB 1", margin="0"), follow=True)
            said = Publication.objects.latest("pk")
            out = signed_in(colleague).post(
                f"/publications/{said.pk}/relire/", {"verdict": "approve", "version": said.version}, follow=True
            )
        asked.append(sum(query["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for query in queries))
        run_until_idle()
        page = signed_in(agent).get(said.get_absolute_url())
        journal = JournalEntry.objects.filter(target_type="publication", target_id=said.pk).values_list(
            "verb", "details"
        )
        seen.append((*(words(html(page)) for page in (previewed, sent, out, page)), words(str(list(journal)))))
    assert len(set(seen)) == 1
    # The same work, however many: the rest is a job.
    assert len(set(asked)) == 1


def test_a_notice_reaches_even_one_household(
    ground: Street, routes: Voice, agent: Person, colleague: Person, settled: list[Place]
) -> None:
    vault.remember(settled[0], 2.15015, 49.1502)
    vault.remember(settled[1], 2.1521, 49.1502)
    signed_in(agent).post(COMPOSE, on_plan(routes, colleague, parcels="AB 1", margin="0"))
    said = Publication.objects.get()
    assert vault.reached_by(said.pk) == []
    signed_in(colleague).post(f"/publications/{said.pk}/relire/", {"verdict": "approve", "version": said.version})
    run_until_idle()
    assert vault.reached_by(said.pk) == [settled[0].person_id]
    signed_in(agent).post(f"/publications/{said.pk}/retirer/")
    assert vault.reached_by(said.pk) == []
