"""The feed: exact, in order, with its reason, by index, in few statements."""

import itertools
import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from parvis.people import actions as people
from parvis.people.models import Audience, Mute, Person, Subscription, Voice
from parvis.publications import actions, feed
from parvis.publications.models import Delivery, Publication
from parvis.publications.models.publications import LAST_POSITION
from tests.cast import Cast, make_person
from tests.publications.conftest import Say


def numbers(page: feed.Feed) -> list[int]:
    """The publications of a page, in order."""
    return [card.number for card in page.cards]


def merge(person: Person, kind: str | None, before: int, size: int) -> list[tuple[int, int]]:
    """Position and number of the newest publications of all the audiences of `person`."""
    values = {"person": person.pk, "before": before} | ({kind: kind} if kind else {})
    with connection.cursor() as cursor:
        cursor.execute(feed.merge_statement(kind, size), values)
        return [(position, number) for position, number, _kind in cursor.fetchall()]


def reason(person: Person) -> str:
    """Why they see the first card."""
    return feed.feed_for(person).cards[0].reason


def test_each_card_says_why_naming_the_place(
    territory: Cast, routes: Voice, agent: Person, bruno: Person, chloe: Person, send: Say
) -> None:
    """R-LAW-23: the strongest of the reasons."""
    send(routes, agent, "Département", territory.departement)
    assert reason(bruno) == "votre département\u00a0: le Val-d’Ombre"
    send(routes, agent, "Intercommunalité", territory.epci)
    assert reason(bruno) == "votre intercommunalité\u00a0: la CC des Trois Clochers"
    send(routes, agent, "Canton", territory.canton_1)
    assert reason(bruno) == "votre canton\u00a0: Clairval-1"
    send(routes, agent, "Commune", territory.clairval, territory.canton_1, territory.departement)
    assert reason(bruno) == "vous habitez Clairval"
    assert reason(chloe) == "votre département\u00a0: le Val-d’Ombre"
    people.follow(chloe, routes)
    assert reason(chloe) == "vous suivez Service des routes"


def test_a_canton_not_said_is_seen_through_the_commune(
    territory: Cast, routes: Voice, agent: Person, send: Say
) -> None:
    """Clairval straddles two cantons: who did not say which is told so."""
    someone = make_person("sofia@example.org", "Sofia Lind", territory.clairval)
    send(routes, agent, "Canton", territory.canton_2)
    assert reason(someone) == "une partie de votre commune est concernée\u00a0: le canton de Clairval-2"


def test_what_is_muted_is_left_out(territory: Cast, routes: Voice, agent: Person, bruno: Person, send: Say) -> None:
    send(routes, agent, "Canton", territory.canton_1)
    mine = Subscription.objects.get(person=bruno, audience__zone=territory.canton_1)
    people.mute_audience(bruno, mine.audience)
    assert feed.feed_for(bruno).cards == []
    people.unmute_audience(bruno, mine.audience)
    assert len(feed.feed_for(bruno).cards) == 1


def test_a_muted_voice_and_a_muted_place_still_send_their_alerts(
    territory: Cast, routes: Voice, agent: Person, bruno: Person, send: Say
) -> None:
    """Nobody misses that the water is not fit to drink for having left out roadworks; the reason stays true."""
    send(routes, agent, "Travaux", territory.canton_1)
    alert = send(routes, agent, "Eau non potable", territory.canton_1)
    Publication.objects.filter(pk=alert.pk).update(is_alert=True)
    Mute.objects.create(person=bruno, voice=routes)
    assert numbers(feed.feed_for(bruno)) == [alert.pk]
    assert feed.feed_for(bruno).tallies["notice"] == "1"
    people.mute_audience(bruno, Audience.objects.get(zone=territory.canton_1))
    assert numbers(feed.feed_for(bruno)) == [alert.pk]
    assert reason(bruno) == "votre canton\u00a0: Clairval-1"
    assert feed.feed_for(bruno, kind="post").cards == []


def test_a_page_that_lost_a_card_still_leads_to_the_next(
    territory: Cast, routes: Voice, agent: Person, bruno: Person
) -> None:
    sent = fill(territory, routes, agent, 12, zones=[territory.clairval])
    # Expired, and not yet purged by the clock.
    Publication.objects.filter(pk=sent[-1].pk).update(expires_at=timezone.now())
    page = feed.feed_for(bruno, size=5)
    assert len(page.cards) == 3
    assert page.cards[-1].more == 1
    assert page.next_before == sorted(Delivery.objects.values_list("position", flat=True).distinct())[-5]


def test_what_is_hidden_or_withdrawn_leaves_the_feed_at_once(
    territory: Cast, routes: Voice, agent: Person, bruno: Person, moderator: Person, send: Say
) -> None:
    """R-SEC-3, and the row of delivery alone would not be enough to show it."""
    first, second = (send(routes, agent, title, territory.clairval) for title in ("Un", "Deux"))
    actions.hide(second, by=moderator, rule="inexact", reason="Faux.")
    assert numbers(feed.feed_for(bruno)) == [first.pk]
    Publication.objects.filter(pk=first.pk).update(state="hidden")
    assert Delivery.objects.exists()
    assert feed.feed_for(bruno).cards == []


def test_pages_follow_one_another_without_gap_or_repeat(
    territory: Cast, routes: Voice, agent: Person, bruno: Person
) -> None:
    sent = fill(territory, routes, agent, 47)
    before: int = LAST_POSITION
    seen: list[int] = []
    full = True
    while full:
        page = merge(bruno, None, before, 10)
        seen += [number for _, number in page]
        full, before = len(page) == 10, page[-1][0] if page else before
    mine = Audience.objects.filter(subscriptions__person=bruno)
    expected = Delivery.objects.filter(audience__in=mine).order_by("-position").values_list("publication", flat=True)
    assert seen == list(dict.fromkeys(expected))
    assert 10 < len(seen) < len(sent)


@pytest.mark.parametrize("seed", range(6))
def test_it_is_exactly_the_newest_of_my_audiences(
    territory: Cast, routes: Voice, agent: Person, bruno: Person, seed: int
) -> None:
    """The merge against a naive computation, on random targets, mutes and cursors."""
    chance = random.Random(seed)
    fill(territory, routes, agent, 40, chance)
    for subscription in Subscription.objects.filter(person=bruno):
        subscription.muted = chance.random() < 0.3
        subscription.save(update_fields=["muted"])
    for kind in (None, "notice", "post", "event"):
        for size in (1, 5, 20, 100):
            before = chance.choice([LAST_POSITION, *Delivery.objects.values_list("position", flat=True)])
            naive = Publication.objects.filter(
                position__lt=before,
                deliveries__audience__subscriptions__person=bruno,
                deliveries__audience__subscriptions__muted=False,
                **({"kind": kind} if kind else {}),
            )
            expected = list(naive.distinct().order_by("-position").values_list("position", "pk")[:size])
            assert merge(bruno, kind, before, size) == expected


def test_no_voice_fills_a_page(territory: Cast, routes: Voice, agent: Person, chorale: Voice, send: Say) -> None:
    someone = make_person("sofia@example.org", "Sofia Lind", territory.remy)
    sent = [send(routes, agent, f"Avis {number}", territory.remy) for number in range(7)]
    owner = chorale.memberships.get().person
    sung = send(chorale, owner, "Concert", territory.remy, kind="post")
    cards = feed.feed_for(someone).cards
    assert [(card.number, card.more) for card in cards] == [
        (sung.pk, 0),
        (sent[6].pk, 0),
        (sent[5].pk, 0),
        (sent[4].pk, 4),
    ]
    assert [card.more for card in feed.feed_for(someone, kind="post").cards] == [0]


def test_three_cards_of_one_voice_are_not_folded(
    territory: Cast, routes: Voice, agent: Person, bruno: Person, send: Say
) -> None:
    for number in range(3):
        send(routes, agent, f"Avis {number}", territory.clairval)
    assert [card.more for card in feed.feed_for(bruno).cards] == [0, 0, 0]


def test_tabs_count_each_kind_among_the_newest(
    territory: Cast, routes: Voice, agent: Person, bruno: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(territory, routes, agent, 12, zones=[territory.clairval], kinds=["notice"])
    fill(territory, routes, agent, 2, zones=[territory.clairval, territory.departement], kinds=["post"])
    assert feed.feed_for(bruno).tallies == {"notice": "12", "post": "2", "event": "0"}
    monkeypatch.setattr(feed, "TALLIED", 14)
    assert feed.feed_for(bruno).tallies == {"notice": "12+", "post": "2+", "event": ""}


def test_it_asks_one_statement_with_its_counts_and_one_for_the_names_of_audiences(
    territory: Cast,
    routes: Voice,
    agent: Person,
    bruno: Person,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """R-SEC-30."""
    fill(territory, routes, agent, 30, zones=[territory.clairval])
    # As the session tells it.
    bruno.seen_leaving_out = False
    with django_assert_num_queries(2):
        page = feed.feed_for(bruno)
    assert page.cards
    assert sum(map(int, page.tallies.values())) == 30


def test_the_page_begins_by_the_person(territory: Cast, routes: Voice, agent: Person, bruno: Person) -> None:
    """The whole statement: nothing is read by its state, since nearly all there is has the same."""
    weigh(territory, routes, agent)
    for kind, muting in itertools.product((None, "notice"), (False, True)):
        bruno.seen_leaving_out = muting
        with CaptureQueriesContext(connection) as asked:
            feed.feed_for(bruno, kind=kind)
        plan = planned(asked[0]["sql"])
        # The few that wait may be found by their state.
        assert "Index Cond: ((state)::text = 'online'" not in plan
        assert connection.vendor == "postgresql" or "publication_state" not in plan
        assert "SCAN publications_publication" not in plan
        assert "Seq Scan on publications_publication" not in plan


def test_the_plan_reads_index_ranges_only(territory: Cast, routes: Voice, agent: Person, bruno: Person) -> None:
    weigh(territory, routes, agent)
    for kind, index in ((None, "delivery_feed"), ("notice", "delivery_kind")):
        values = {"person": bruno.pk, "before": LAST_POSITION} | ({"notice": kind} if kind else {})
        plan = planned(feed.merge_statement(kind, 20), values)
        if connection.vendor == "sqlite":
            assert f"SEARCH d USING COVERING INDEX {index} (audience_id=? AND " in plan
            assert "position<?)" in plan
            assert "SCAN" not in plan.replace("USE TEMP B-TREE", "")
        else:
            assert f"Scan using {index} on publications_delivery" in plan
            assert "Seq Scan on publications_delivery" not in plan


def weigh(territory: Cast, voice: Voice, author: Person) -> None:
    """Enough that PostgreSQL, which counts its rows, prefers an index; SQLite plans without looking."""
    fill(territory, voice, author, 3_000 if connection.vendor == "postgresql" else 30)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            # On a disk without a head, as any today; else a table this small is as well read whole.
            cursor.execute("SET LOCAL random_page_cost = 1.1")


def planned(sql: str, values: Any = None) -> str:
    """How the database would answer, a step a line."""
    with connection.cursor() as cursor:
        cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql, values)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_the_cost_does_not_grow_with_what_was_published(
    territory: Cast, routes: Voice, agent: Person, bruno: Person
) -> None:
    """SQLite counts its own steps; ten times more rows must not mean more of them."""
    if connection.vendor != "sqlite":
        assert "LIMIT 20\n) d" in feed.merge_statement(None, 20)
        return
    fill(territory, routes, agent, 100, zones=[territory.clairval, territory.departement])
    few = steps(bruno)
    fill(territory, routes, agent, 900, zones=[territory.clairval, territory.departement])
    assert steps(bruno) < few * 1.5


def steps(person: Person) -> int:
    """How many instructions of SQLite's machine the first page takes, to the nearest hundred."""
    counted = 0

    def tick() -> int:
        nonlocal counted
        counted += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(tick, 10)
    try:
        feed.feed_for(person)
    finally:
        connection.connection.set_progress_handler(None, 0)
    return counted


def fill(
    territory: Cast,
    voice: Voice,
    author: Person,
    count: int,
    chance: random.Random | None = None,
    zones: list[Any] | None = None,
    kinds: list[str] | None = None,
) -> list[Publication]:
    """`count` publications online, each delivered to one to three audiences, without going through actions."""
    chance = chance or random.Random(1)
    targets = zones or [*territory.communes, territory.canton_1, territory.canton_2, territory.departement]
    audiences = list(Audience.objects.of_zones(targets).values())
    last = Publication.objects.count()
    made = Publication.objects.bulk_create(
        Publication(
            kind=chance.choice(kinds or ["notice", "post"]),
            state="online",
            author=author,
            voice=voice,
            place=targets[0],
            title=f"Avis {number}",
            body="Texte",
            position=(last + number + 1) << 20,
        )
        for number in range(count)
    )
    Delivery.objects.bulk_create(
        Delivery(
            audience=audience,
            publication=publication,
            position=publication.position or 0,
            kind=publication.kind,
            voice=voice,
        )
        for publication in made
        for audience in (audiences if zones else chance.sample(audiences, chance.randint(1, 3)))
    )
    return made
