"""Corrections of what is online are visible."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.people.models import Person, Voice
from parvis.publications import actions
from parvis.publications.actions import Refused
from parvis.publications.models import Publication, State
from tests.cast import Cast
from tests.publications.conftest import Say


@pytest.fixture
def notice(territory: Cast, routes: Voice, agent: Person, send: Say) -> Publication:
    """A notice online."""
    return send(routes, agent, "Pont fermé lundi", territory.clairval, body="De **8 h** à 12 h.")


def test_the_former_words_stay_readable(notice: Publication, agent: Person) -> None:
    address = notice.get_absolute_url()
    actions.correct(notice, by=agent, title="Pont fermé mardi", body="De 8 h à 12 h.")
    notice.refresh_from_db()
    assert (notice.title, notice.body_html, notice.version) == ("Pont fermé mardi", "<p>De 8 h à 12 h.</p>\n", 2)
    assert notice.edited_at is not None
    former = notice.revisions.get()
    assert (former.title, former.body_html) == ("Pont fermé lundi", "<p>De <strong>8 h</strong> à 12 h.</p>\n")
    assert notice.get_absolute_url() == address


def test_sending_the_same_words_changes_nothing(notice: Publication, agent: Person) -> None:
    actions.correct(notice, by=agent, title="Pont fermé lundi ", body="De **8 h** à 12 h.\r\n")
    assert (notice.version, notice.edited_at, notice.revisions.count()) == (1, None, 0)


def test_what_nobody_read_leaves_no_revision(territory: Cast, amina: Person, send: Say) -> None:
    waiting = send(amina.voice, amina, "Bonjour", territory.bois, kind="post")
    actions.correct(waiting, by=amina, title="Bonsoir", body="À tous.")
    waiting.refresh_from_db()
    assert (waiting.title, waiting.edited_at, waiting.revisions.count()) == ("Bonsoir", None, 0)


def test_what_a_moderator_had_to_read_is_read_again(
    territory: Cast, atelier: Voice, amina: Person, moderator: Person, send: Say
) -> None:
    post = send(atelier, amina, "Portes ouvertes", territory.bois, kind="post")
    actions.approve(post, by=moderator)
    actions.correct(post, by=amina, title="Tout à vendre", body="Prix cassés.")
    assert post.state == State.PENDING
    assert not Publication.objects.visible_to(None).filter(pk=post.pk).exists()
    assert not post.deliveries.exists()
    actions.approve(post, by=moderator)
    assert Publication.objects.visible_to(None).get(pk=post.pk).title == "Tout à vendre"
    assert post.revisions.get().title == "Portes ouvertes"


def test_of_two_who_correct_at_once_the_second_reads_first(notice: Publication, agent: Person) -> None:
    stale = Publication.objects.get(pk=notice.pk)
    actions.correct(notice, by=agent, title="Pont fermé mardi", body="Texte.")
    with pytest.raises(Refused, match="vient de changer"):
        actions.correct(stale, by=agent, title="Pont fermé jeudi", body="Texte.")
    assert Publication.objects.get(pk=notice.pk).title == "Pont fermé mardi"


def test_nobody_corrects_for_another(notice: Publication, chloe: Person, moderator: Person) -> None:
    for stranger in (chloe, moderator):
        with pytest.raises(Refused):
            actions.correct(notice, by=stranger, title="Pont ouvert", body="Texte.")
    notice.refresh_from_db()
    assert (notice.title, notice.revisions.count()) == ("Pont fermé lundi", 0)


def test_what_was_withdrawn_is_not_corrected(notice: Publication, agent: Person) -> None:
    actions.withdraw(notice, by=agent)
    with pytest.raises(Refused):
        actions.correct(notice, by=agent, title="Pont ouvert", body="Texte.")


def test_what_is_over_is_not_corrected(notice: Publication, agent: Person) -> None:
    """The register says what ran, as it ran."""
    notice.expires_at = timezone.now() - timedelta(hours=1)
    notice.save(update_fields=["expires_at"])
    with pytest.raises(Refused, match="terminé"):
        actions.correct(notice, by=agent, title="Autre chose", body="Autre chose")
    assert (notice.version, notice.state) == (1, State.ONLINE)
