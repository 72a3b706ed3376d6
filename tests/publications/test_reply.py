"""Answering under a post."""

import pytest
from django.test import Client

from parvis.people.models import Person, Voice
from parvis.publications import actions
from parvis.publications.actions import Refused
from parvis.publications.models import Publication, Reply, State
from tests.cast import Cast
from tests.publications.conftest import Say, html


def count(post: Publication) -> int:
    """The number of replies shown on its card."""
    return Publication.objects.get(pk=post.pk).reply_count


def test_a_first_reply_waits_then_counts(post: Publication, amina: Person, moderator: Person) -> None:
    answer = actions.reply(post, voice=amina.voice, by=amina, body="Moi !")
    assert answer.state == State.PENDING
    assert count(post) == 0
    assert not Reply.objects.visible_to(None).exists()
    assert list(Reply.objects.open_to(amina)) == [answer]
    assert list(Reply.objects.awaiting(moderator)) == [answer]
    actions.approve_reply(answer, by=moderator)
    assert count(post) == 1
    assert Reply.objects.visible_to(None).get() == answer
    amina.refresh_from_db()
    assert actions.reply(post, voice=amina.voice, by=amina, body="Samedi.").state == State.ONLINE
    assert count(post) == 2


def test_a_service_answers_at_once(post: Publication, routes: Voice, agent: Person) -> None:
    assert actions.reply(post, voice=routes, by=agent, body="Voyez la mairie.").state == State.ONLINE


def test_hiding_and_restoring_keep_the_count(
    post: Publication, routes: Voice, agent: Person, moderator: Person
) -> None:
    answer = actions.reply(post, voice=routes, by=agent, body="Voyez la mairie.")
    actions.hide(answer, by=moderator, rule="hors-sujet", reason="Sans rapport.")
    assert count(post) == 0
    assert not Reply.objects.visible_to(None).exists()
    actions.restore(answer, by=moderator)
    assert count(post) == 1
    actions.withdraw(answer, by=agent)
    assert count(post) == 0


def test_a_refused_reply_never_counted(post: Publication, amina: Person, moderator: Person) -> None:
    answer = actions.reply(post, voice=amina.voice, by=amina, body="Moi !")
    actions.refuse_reply(answer, by=moderator, rule="haine", reason="Insulte.")
    assert count(post) == 0
    assert Reply.objects.open_to(amina).get().decisions.get().reason == "Insulte."


def test_replies_go_with_their_thread(post: Publication, routes: Voice, agent: Person, bruno: Person) -> None:
    actions.reply(post, voice=routes, by=agent, body="Voyez la mairie.")
    actions.withdraw(post, by=bruno)
    assert not Reply.objects.visible_to(None).exists()
    assert not Reply.objects.visible_to(agent).exists()
    with pytest.raises(Refused, match="plus en ligne"):
        actions.reply(post, voice=routes, by=agent, body="Encore.")


def test_who_may_not_reply_is_told_why(
    territory: Cast, post: Publication, routes: Voice, agent: Person, chloe: Person, send: Say
) -> None:
    notice = send(routes, agent, "Pont fermé", territory.clairval)
    for where, voice, by, body, why in [
        (notice, chloe.voice, chloe, "Bonjour", "ne répond pas"),
        (post, routes, chloe, "Bonjour", "Vous ne parlez pas"),
        (post, chloe.voice, chloe, " \n ", "Écrivez"),
        (post, chloe.voice, chloe, "a" * 3_001, "3 000"),
    ]:
        with pytest.raises(Refused, match=why):
            actions.reply(where, voice=voice, by=by, body=body)
    assert not Reply.objects.exists()


def test_no_reply_is_not_counted_in_the_plural(post: Publication, routes: Voice, agent: Person, client: Client) -> None:
    """French counts zero as one: the heading then gives no number at all."""
    page = html(client.get(post.get_absolute_url()))
    assert '<h2 id="replies">Réponses</h2>' in page
    assert "0 réponse" not in page
    actions.reply(post, voice=routes, by=agent, body="Moi !")
    assert '<h2 id="replies">1 réponse</h2>' in html(client.get(post.get_absolute_url()))
