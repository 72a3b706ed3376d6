"""A notice finer than a commune: who may, why, for how long, and never by one person alone (R-PRIV-9, R-LAW-35)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from shapely import to_wkb

from parvis.core.models import JournalEntry
from parvis.people.models import Membership, Person, Voice
from parvis.publications import actions, jobs
from parvis.publications.models import Draft, Listing, Outline, Publication, Reply, State
from parvis.publications.rights import Refused
from parvis.publications.targets import Target
from parvis.territory.models import Street
from tests.cast import Cast
from tests.publications.conftest import STREET, Aim, html, on_plan, signed_in


def test_waits_for_a_second_person_of_the_service(aim: Aim, agent: Person, colleague: Person) -> None:
    """R-PRIV-9."""
    said = actions.submit(aim(), by=agent)
    assert said.state == State.REVIEW
    assert not Publication.objects.visible_to(None).filter(pk=said.pk).exists()
    with pytest.raises(Refused, match="autre personne"):
        actions.countersign(said, by=agent)
    actions.countersign(Publication.objects.get(pk=said.pk), by=colleague)
    said.refresh_from_db()
    assert (said.state, said.second) == (State.ONLINE, colleague.pk)
    entry = JournalEntry.objects.get(verb="publication.countersigned", target_id=said.pk)
    assert (entry.actor_id, entry.details) == (colleague.pk, {"author": agent.pk})


def test_is_refused_to_who_is_alone_in_the_service(aim: Aim, agent: Person) -> None:
    with pytest.raises(Refused, match="vous êtes seul"):
        actions.submit(aim(), by=agent)


def test_is_let_out_by_nobody_from_outside(
    aim: Aim, agent: Person, colleague: Person, moderator: Person, amina: Person
) -> None:
    said = actions.submit(aim(), by=agent)
    for stranger in (moderator, amina):
        with pytest.raises(Refused):
            actions.countersign(said, by=stranger)
        assert signed_in(stranger).get(f"/publications/{said.pk}/relire/").status_code == 404
        assert signed_in(stranger).get(said.get_absolute_url()).status_code == 404
    own = signed_in(agent)
    assert own.get(f"/publications/{said.pk}/relire/").status_code == 404
    assert own.post(f"/publications/{said.pk}/relire/", {"verdict": "approve", "version": 1}).status_code == 404


def test_comes_back_as_a_draft_with_the_reason(aim: Aim, agent: Person, colleague: Person) -> None:
    said = actions.submit(aim(), by=agent)
    address = f"/publications/{said.pk}/relire/"
    page = signed_in(colleague).post(address, {"verdict": "return", "reason": "", "version": 1})
    assert page.status_code == 422
    assert "Écrivez pourquoi" in html(page)
    page = signed_in(colleague).post(address, {"verdict": "return", "reason": "Il manque l’heure.", "version": 1})
    assert page.status_code == 302
    assert not Publication.objects.filter(pk=said.pk).exists()
    assert Draft.objects.get().note == "Il manque l’heure."


def test_what_the_author_changes_meanwhile_was_not_read(aim: Aim, agent: Person, colleague: Person) -> None:
    said = actions.submit(aim(), by=agent)
    read = Publication.objects.get(pk=said.pk)
    actions.correct(said, by=agent, title="Eau coupée mercredi", body="De 9 h à 12 h.")
    with pytest.raises(Refused):
        actions.countersign(read, by=colleague)


def test_whoever_corrects_it_does_not_let_it_out(aim: Aim, agent: Person, colleague: Person) -> None:
    said = actions.submit(aim(), by=agent)
    said = actions.correct(said, by=colleague, title="Autre chose", body="Tout autre chose.")
    with pytest.raises(Refused, match="autre personne"):
        actions.countersign(said, by=colleague)
    assert actions.countersign(said, by=agent).state == State.ONLINE


def test_a_correction_waits_for_a_second_reading(aim: Aim, agent: Person, colleague: Person) -> None:
    said = actions.countersign(actions.submit(aim(), by=agent), by=colleague)
    place = said.position
    actions.correct(said, by=agent, title="Eau coupée jeudi", body="De 9 h à 12 h.")
    assert said.state == State.REVIEW
    assert not Listing.objects.filter(publication=said).exists()
    said = actions.countersign(Publication.objects.get(pk=said.pk), by=colleague)
    assert (said.state, said.position) == (State.ONLINE, place)


def test_is_listed_where_it_lies(aim: Aim, agent: Person, colleague: Person, territory: Cast) -> None:
    said = actions.countersign(actions.submit(aim(), by=agent), by=colleague)
    zones = {listing.zone_id for listing in Listing.objects.filter(publication=said)}
    assert {territory.bois.pk, territory.epci.pk, territory.departement.pk} <= zones
    assert territory.clairval.pk not in zones


@pytest.mark.parametrize("change", ["purpose", "expiry", "reach"])
def test_is_refused_without(change: str, aim: Aim, routes: Voice, territory: Cast, street: Target) -> None:
    fields: dict[str, dict[str, Any]] = {
        "purpose": {"purpose": ""},
        "expiry": {"expires_at": None},
        "reach": {"target": Target("rue", STREET, STREET, "nulle part", [])},
    }
    with pytest.raises(Refused):
        aim(**fields[change])


def test_stays_90_days_at_most(aim: Aim) -> None:
    with pytest.raises(Refused, match="90 jours au plus"):
        aim(expires_at=timezone.now() + timedelta(days=92))


def test_is_refused_to_who_is_no_service(aim: Aim, chorale: Voice, chloe: Person, elu: Voice, agent: Person) -> None:
    """R-LAW-35: by the action, before the database refuses it too."""
    with pytest.raises(Refused):
        aim(voice=chorale, by=chloe)
    Voice.objects.filter(pk=elu.pk).update(opened_at=timezone.now())
    Membership.objects.create(person=agent, voice=elu, role=Membership.Role.OWNER)
    with pytest.raises(Refused):
        aim(voice=elu, by=agent)


# What the database itself refuses, whatever wrote the row (R-LAW-35, R-PRIV-9).

NOW = 1_790_000_000
DAY = 86_400


@pytest.mark.parametrize(
    "wrong",
    [
        {"voice_kind": "elu"},
        {"voice_kind": "groupe"},
        {"voice_kind": "association"},
        {"voice_kind": "habitant"},
        {"purpose": ""},
        {"purpose": "promotion"},
        {"ends": NOW},
        {"ends": NOW + 92 * DAY},
        {"margin": 501},
        {"shape": None},
        {"handed_at": timezone.now()},
        {"handed_at": timezone.now(), "second": 1},
        {"kind": "parcelles", "handed_at": timezone.now(), "second": 2},
    ],
)
def test_the_database_refuses_an_outline(wrong: dict[str, Any], post: Publication) -> None:
    right = {
        "publication": post,
        "voice_kind": "service",
        "kind": "rue",
        "purpose": "travaux",
        "shape": to_wkb(STREET),
        "public": to_wkb(STREET),
        "margin": 10,
        "began": NOW,
        "ends": NOW + 30 * DAY,
        "first": 1,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Outline.objects.create(**right | wrong)
    Outline.objects.create(**right)


@pytest.mark.parametrize(
    "wrong",
    [
        {"second": None},
        {"second": "author"},
        {"purpose": ""},
        {"expires_at": None},
        {"kind": "post"},
        {"purpose": "promotion"},
    ],
)
def test_the_database_refuses_to_put_it_online(
    wrong: dict[str, Any], aim: Aim, agent: Person, colleague: Person
) -> None:
    said = actions.countersign(actions.submit(aim(), by=agent), by=colleague)
    change = {name: agent.pk if value == "author" else value for name, value in wrong.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(pk=said.pk).update(**change)


def test_the_database_refuses_a_visible_answer_to_a_notice(notice: Publication, amina: Person) -> None:
    """R-PRIV-10."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.create(publication=notice, author=amina, voice=amina.voice, body="Moi !", on_kind="notice")


# Answers


def test_only_the_service_and_who_wrote_it_read_an_answer(
    aim: Aim, agent: Person, colleague: Person, amina: Person, chloe: Person, moderator: Person, admin: Person
) -> None:
    """R-PRIV-10: answering would tell where one lives."""
    said = actions.countersign(actions.submit(aim(answerable=True), by=agent), by=colleague)
    form = signed_in(amina).get(said.get_absolute_url()).context["form"]
    sent = {"key": form["key"].value(), "voice": amina.voice.pk, "body": "J’ai un bébé de trois mois."}
    assert signed_in(amina).post(f"/publications/{said.pk}/repondre/", sent).status_code == 302
    address, words = said.get_absolute_url(), "bébé de trois mois"
    for reader in (amina, agent, colleague):
        assert words in html(signed_in(reader).get(address))
    for stranger in (chloe, moderator, admin):
        assert words not in html(signed_in(stranger).get(address))
        assert signed_in(stranger).get(f"/moderation/reponse/{Reply.objects.get().pk}/").status_code == 404
    said.refresh_from_db()
    amina.voice.refresh_from_db()
    assert (said.reply_count, amina.voice.spoke_at) == (0, None)


def test_is_not_answered_when_the_service_does_not_ask(
    aim: Aim, agent: Person, colleague: Person, amina: Person
) -> None:
    said = actions.countersign(actions.submit(aim(), by=agent), by=colleague)
    assert "reply_body" not in html(signed_in(amina).get(said.get_absolute_url()))
    assert signed_in(amina).post(f"/publications/{said.pk}/repondre/", {"body": "Moi"}).status_code == 404
    with pytest.raises(Refused):
        actions.reply(said, voice=amina.voice, by=amina, body="Moi")


def test_what_ends_before_it_was_read_comes_back_without_its_parcels(
    ground: Street, routes: Voice, agent: Person, colleague: Person
) -> None:
    """R-LAW-5, R-PRIV-9: nothing of where it would have gone waits any longer than it."""
    signed_in(agent).post("/publier/avis/", on_plan(routes, colleague, parcels="AB 1", margin="0"))
    said = Publication.objects.get()
    actions.give_back_expired()
    assert Publication.objects.get().state == State.REVIEW
    Publication.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    actions.give_back_expired()
    assert not Outline.objects.exists()
    assert not Publication.objects.exists()
    draft = Draft.objects.open_to(agent).get()
    assert "date de fin est passée" in draft.note
    assert "parcels" not in draft.typed
    assert JournalEntry.objects.filter(verb="publication.sent_back", target_id=said.pk, actor_id=None).count() == 1
    # It lives as any draft does.
    Draft.objects.update(saved_at=timezone.now() - timedelta(days=91))
    jobs.forget_drafts()
    assert not Draft.objects.exists()
