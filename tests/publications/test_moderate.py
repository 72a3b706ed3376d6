"""Waiting, deciding, hiding, restoring: who may, once, with which trace."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from parvis.core.models import JournalEntry
from parvis.people import actions as people
from parvis.people.models import Person, Role, Voice
from parvis.publications import actions
from parvis.publications.actions import AlreadyDecided, Refused
from parvis.publications.models import Decision, Delivery, Listing, Publication, Reply, State
from tests.cast import Cast, make_person
from tests.publications.conftest import Say

RULE, WHY = "incomplet", "Il manque le lieu."


@pytest.fixture
def waiting(territory: Cast, amina: Person, send: Say) -> Publication:
    """Amina's first post."""
    return send(amina.voice, amina, "Bonjour", territory.bois, kind="post")


def test_a_first_post_waits_and_the_next_ones_do_not(
    territory: Cast, amina: Person, moderator: Person, waiting: Publication, send: Say
) -> None:
    """R-MOD-2."""
    assert waiting.state == State.PENDING
    assert not Publication.objects.visible_to(None).exists()
    assert not Delivery.objects.exists()
    assert list(Publication.objects.awaiting(moderator)) == [waiting]
    actions.approve(waiting, by=moderator)
    assert Publication.objects.visible_to(None).get() == waiting
    assert Person.objects.get(pk=amina.pk).trusted_at is not None
    amina.refresh_from_db()
    assert send(amina.voice, amina, "Encore", territory.bois, kind="post").state == State.ONLINE


def test_what_an_unverified_association_publishes_always_waits(
    territory: Cast, amina: Person, atelier: Voice, moderator: Person, admin: Person, send: Say
) -> None:
    actions.approve(send(atelier, amina, "Un", territory.bois, kind="post"), by=moderator)
    amina.refresh_from_db()
    assert send(atelier, amina, "Deux", territory.bois, kind="post").state == State.PENDING
    people.verify(atelier, by=admin, reason="récépissé")
    atelier.refresh_from_db()
    assert send(atelier, amina, "Trois", territory.bois, kind="post").state == State.ONLINE


def test_a_new_account_cannot_flood_the_queue(territory: Cast, amina: Person, send: Say) -> None:
    """R-SEC-19."""
    for number in range(5):
        send(amina.voice, amina, f"Message {number}", territory.bois, kind="post")
    with pytest.raises(Refused, match="attendent la modération"):
        send(amina.voice, amina, "Encore", territory.bois, kind="post")
    assert Publication.objects.filter(state=State.PENDING).count() == 5


def test_only_a_moderator_of_the_zone_decides(
    territory: Cast, amina: Person, bruno: Person, admin: Person, waiting: Publication
) -> None:
    people.grant_role(bruno, Role.Kind.MODERATOR, zone=territory.remy, by=admin)
    for stranger in (bruno, amina):
        with pytest.raises(Refused, match="ne relève pas"):
            actions.approve(waiting, by=stranger)
        with pytest.raises(Refused, match="ne relève pas"):
            actions.refuse(waiting, by=stranger, rule=RULE, reason=WHY)
    people.grant_role(bruno, Role.Kind.MODERATOR, zone=territory.bois, by=admin)
    actions.approve(waiting, by=bruno)


def test_nobody_decides_on_their_own_words(territory: Cast, moderator: Person, send: Say) -> None:
    own = send(moderator.voice, moderator, "Bonjour", territory.ormoy, kind="post")
    assert not Publication.objects.awaiting(moderator).exists()
    with pytest.raises(Refused, match="ne relève pas"):
        actions.approve(own, by=moderator)


def test_a_refusal_gives_its_reason_to_the_author_alone(
    amina: Person, chloe: Person, moderator: Person, waiting: Publication
) -> None:
    """R-LAW-19, R-MOD-6."""
    for rule, reason in (("", WHY), (RULE, "  "), ("inconnue", WHY)):
        with pytest.raises(Refused, match="motif"):
            actions.refuse(waiting, by=moderator, rule=rule, reason=reason)
    actions.refuse(waiting, by=moderator, rule=RULE, reason=WHY)
    decision = waiting.decisions.get()
    assert (decision.verdict, decision.rule, decision.reason, decision.by) == (
        "refuse",
        "incomplet",
        "Il manque le lieu.",
        moderator,
    )
    assert Publication.objects.open_to(amina).get().state == State.REFUSED
    assert not Publication.objects.open_to(chloe).exists()
    entry = JournalEntry.objects.get(verb="publication.refused")
    assert entry.details == {"decision": decision.pk, "rule": "incomplet"}


def test_the_database_keeps_no_refusal_without_reason(moderator: Person, waiting: Publication) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(publication=waiting, verdict="hide", rule="haine", by=moderator)


def test_hidden_then_restored_it_is_as_before(
    territory: Cast, moderator: Person, routes: Voice, agent: Person, send: Say
) -> None:
    """R-MOD-5."""
    notice = send(routes, agent, "Pont fermé", territory.clairval, territory.canton_2)

    def seen() -> tuple[object, ...]:
        return (
            list(Publication.objects.visible_to(None).values()),
            sorted(Delivery.objects.values_list("audience", "position", "kind", "voice")),
            sorted(Listing.objects.values_list("zone", "position", "kind")),
        )

    before = seen()
    actions.hide(notice, by=moderator, rule="inexact", reason="Le pont est ouvert.")
    assert seen() == ([], [], [])
    with pytest.raises(AlreadyDecided):
        actions.hide(notice, by=moderator, rule="inexact", reason="Le pont est ouvert.")
    actions.restore(notice, by=moderator)
    assert seen() == before
    assert [decision.verdict for decision in notice.decisions.all()] == ["restore", "hide"]


def test_an_author_cannot_withdraw_what_was_hidden(
    territory: Cast, moderator: Person, routes: Voice, agent: Person, send: Say
) -> None:
    notice = send(routes, agent, "Pont fermé", territory.clairval)
    actions.hide(notice, by=moderator, rule="inexact", reason="Le pont est ouvert.")
    with pytest.raises(Refused):
        actions.withdraw(notice, by=agent)


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_decide_once(
    territory: Cast, admin: Person, moderator: Person, amina: Person, trusted_bruno: Person, send: Say
) -> None:
    other = make_person("other@example.org", "Camille Roy", territory.essarts)
    people.grant_role(other, Role.Kind.MODERATOR, zone=territory.departement, by=admin)
    post = send(trusted_bruno.voice, trusted_bruno, "Bonjour", territory.clairval, kind="post")
    for _ in range(4):
        waiting = send(amina.voice, amina, "Bonjour", territory.bois, kind="post")
        answer = actions.reply(post, voice=amina.voice, by=amina, body="Oui")
        outcomes = at_once(
            partial(approve, waiting, moderator),
            partial(refuse, waiting, other),
            partial(approve, answer, moderator),
            partial(refuse, answer, other),
        )
        assert sorted(outcomes[:2]) == ["AlreadyDecided", "done"]
        assert sorted(outcomes[2:]) == ["AlreadyDecided", "done"]
        assert waiting.decisions.count() == answer.decisions.count() == 1
        assert waiting.deliveries.count() == (2 if outcomes[0] == "done" else 0)
        Person.objects.filter(pk=amina.pk).update(trusted_at=None)
    post.refresh_from_db()
    assert post.reply_count == post.replies.filter(state=State.ONLINE).count()


def approve(item: Publication | Reply, by: Person) -> None:
    """Approve, from a page loaded on its own."""
    if isinstance(item, Publication):
        actions.approve(Publication.objects.get(pk=item.pk), by=by)
    else:
        actions.approve_reply(Reply.objects.get(pk=item.pk), by=by)


def refuse(item: Publication | Reply, by: Person) -> None:
    """Refuse, from a page loaded on its own."""
    if isinstance(item, Publication):
        actions.refuse(Publication.objects.get(pk=item.pk), by=by, rule=RULE, reason=WHY)
    else:
        actions.refuse_reply(Reply.objects.get(pk=item.pk), by=by, rule=RULE, reason=WHY)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run each in its own thread, all started together; "done", or the name of what it raised."""
    gate = threading.Barrier(len(acts))
    outcomes = [""] * len(acts)

    def run(index: int, act: Callable[[], object]) -> None:
        gate.wait()
        try:
            act()
            outcomes[index] = "done"
        except Refused as refusal:
            outcomes[index] = type(refusal).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
