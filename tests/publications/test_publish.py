"""Composing and sending: who may say what to whom, what goes online and where it is then found."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis.core.models import JournalEntry
from parvis.people.models import Person, Voice
from parvis.publications import actions
from parvis.publications.actions import Refused
from parvis.publications.models import Delivery, Listing, Publication, State, Targeting
from tests.cast import Cast
from tests.publications.conftest import Say


def test_a_service_reaches_each_zone_and_its_followers(
    territory: Cast, routes: Voice, agent: Person, send: Say
) -> None:
    notice = send(routes, agent, "Pont fermé", territory.clairval, territory.canton_2)
    assert notice.state == State.ONLINE
    audiences = {(row.audience.zone, row.audience.voice) for row in notice.deliveries.all()}
    assert audiences == {(territory.clairval, None), (territory.canton_2, None), (None, routes)}
    assert {row.position for row in notice.deliveries.all()} == {notice.position}


def test_it_is_listed_in_every_zone_that_contains_those_addressed_and_no_other(
    territory: Cast, routes: Voice, agent: Person, send: Say
) -> None:
    notice = send(routes, agent, "Pont fermé", territory.clairval)
    listed = {row.zone for row in notice.listings.all()}
    # Clairval straddles its cantons: a page of a canton lists what lies in it wholly.
    around = {territory.epci, territory.departement, territory.region, territory.circonscription}
    assert listed == {territory.clairval, *around}


def test_its_voice_has_spoken_from_then_on(territory: Cast, trusted_bruno: Person, send: Say) -> None:
    assert trusted_bruno.voice.spoke_at is None
    send(trusted_bruno.voice, trusted_bruno, "Bonjour", territory.clairval, kind="post")
    assert Voice.objects.get(person=trusted_bruno).spoke_at is not None


def test_the_card_says_for_whom(territory: Cast, routes: Voice, agent: Person, send: Say) -> None:
    assert send(routes, agent, "Un", territory.clairval).addressed == "Clairval"
    two = send(routes, agent, "Deux", territory.essarts, territory.canton_1)
    assert two.addressed == "Les Essarts et le canton de Clairval-1"
    many = send(routes, agent, "Six", *territory.communes)
    assert many.addressed == "Clairval, Bois-le-Comte et 4 autres zones"
    assert send(routes, agent, "Tous", territory.departement).addressed == "le Val-d’Ombre"


@pytest.mark.parametrize("zone", ["canton_1", "epci", "departement", "bois"])
def test_an_inhabitant_addresses_their_commune_and_nothing_else(
    territory: Cast, bruno: Person, send: Say, zone: str
) -> None:
    with pytest.raises(Refused, match="votre commune"):
        send(bruno.voice, bruno, "", getattr(territory, zone), kind="post")


def test_an_association_addresses_no_canton(territory: Cast, chorale: Voice, chloe: Person, send: Say) -> None:
    with pytest.raises(Refused, match="une commune ou plus large"):
        send(chorale, chloe, "Concert", territory.canton_2, kind="post")
    assert send(chorale, chloe, "Concert", territory.remy, kind="post").state == State.ONLINE


def test_an_elu_addresses_everyone_never_a_zone(territory: Cast, speaking_elu: Voice, bruno: Person, send: Say) -> None:
    """R-LAW-35."""
    with pytest.raises(Refused, match="tout le territoire"):
        send(speaking_elu, bruno, "Permanence", territory.clairval, kind="post")
    assert send(speaking_elu, bruno, "Permanence", territory.departement, kind="post").state == State.ONLINE


@pytest.mark.parametrize(
    ("voice_kind", "zone"), [("elu", "clairval"), ("association", "canton_1"), ("habitant", "epci")]
)
def test_the_database_refuses_what_the_form_did_not(
    territory: Cast, routes: Voice, agent: Person, send: Say, voice_kind: str, zone: str
) -> None:
    """R-LAW-35: a constraint, not a form."""
    notice = send(routes, agent, "Pont fermé", territory.clairval)
    notice.targetings.all().delete()
    target = getattr(territory, zone)
    with pytest.raises(IntegrityError), transaction.atomic():
        Targeting.objects.create(publication=notice, zone=target, zone_kind=target.kind, voice_kind=voice_kind)


def test_a_service_stays_in_its_scope(
    territory: Cast, routes: Voice, agent: Person, town_hall: Voice, admin: Person, send: Say
) -> None:
    town_hall.memberships.create(person=agent, role="editor")
    with pytest.raises(Refused, match="hors du périmètre de Mairie de Clairval"):
        send(town_hall, agent, "Fermeture", territory.bois)
    with pytest.raises(Refused, match="hors du périmètre"):
        send(town_hall, agent, "Fermeture", territory.departement)
    with pytest.raises(Refused, match="hors du périmètre"):
        send(routes, agent, "Fermeture", territory.region)
    assert send(town_hall, agent, "Fermeture", territory.clairval).state == State.ONLINE


def test_only_services_send_notices(territory: Cast, chorale: Voice, chloe: Person, send: Say) -> None:
    with pytest.raises(Refused, match="Seuls les services"):
        send(chorale, chloe, "Avis", territory.remy)
    with pytest.raises(Refused, match="alerte"):
        send(chorale, chloe, "Avis", territory.remy, kind="post", is_alert=True)


def test_nobody_speaks_for_another(territory: Cast, routes: Voice, chloe: Person, send: Say) -> None:
    with pytest.raises(Refused, match="Vous ne parlez pas au nom de Service des routes"):
        send(routes, chloe, "Avis", territory.clairval)
    assert not Publication.objects.exists()


def test_what_is_missing_or_too_long_is_said(territory: Cast, routes: Voice, agent: Person, send: Say) -> None:
    for title, body, why in [("", "Texte", "titre"), ("Titre", " \n", "texte"), ("T" * 161, "Texte", "160")]:
        with pytest.raises(Refused, match=why):
            send(routes, agent, title, territory.clairval, body=body)
    with pytest.raises(Refused, match="au moins une zone"):
        actions.compose(voice=routes, by=agent, kind="notice", place=territory.clairval, title="T", body="T", zones=[])


def test_a_notice_ends_within_ninety_days(territory: Cast, routes: Voice, agent: Person, send: Say) -> None:
    now = timezone.now()
    with pytest.raises(Refused, match="90 jours"):
        send(routes, agent, "Avis", territory.clairval, expires_at=now + timedelta(days=120))
    with pytest.raises(Refused, match="à venir"):
        send(routes, agent, "Avis", territory.clairval, expires_at=now - timedelta(minutes=1))


def test_control_and_bidi_characters_are_not_kept(territory: Cast, routes: Voice, agent: Person, send: Say) -> None:
    """R-SEC-25: PostgreSQL refuses NUL, readers are fooled by bidi overrides."""
    notice = send(routes, agent, "Pont\x00 \u202efermé\n ici", territory.clairval, body="a\x00b\u2066c")
    notice.refresh_from_db()
    assert (notice.title, notice.body) == ("Pont fermé ici", "abc")


def test_drafts_are_sent_once(territory: Cast, routes: Voice, agent: Person, send: Say) -> None:
    notice = send(routes, agent, "Pont fermé", territory.clairval)
    with pytest.raises(Refused, match="déjà été envoyé"):
        actions.submit(notice, by=agent)
    assert Delivery.objects.count() == 2


def test_each_step_is_in_the_journal(territory: Cast, routes: Voice, agent: Person, send: Say) -> None:
    notice = send(routes, agent, "Pont fermé", territory.clairval)
    entries = JournalEntry.objects.filter(target_type="publication", target_id=notice.pk)
    verbs = list(entries.order_by("id").values_list("verb", "actor_id"))
    assert verbs == [("publication.composed", agent.pk), ("publication.published", agent.pk)]
    assert all("Pont" not in str(entry.details) for entry in entries)


def test_a_failure_leaves_nothing(
    territory: Cast, routes: Voice, agent: Person, send: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("parvis.publications.actions.composing.journal.record", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        send(routes, agent, "Pont fermé", territory.clairval)
    assert not Publication.objects.exists()
    assert not Listing.objects.exists()


def test_withdrawing_takes_it_off_everywhere(
    territory: Cast, routes: Voice, agent: Person, chloe: Person, send: Say
) -> None:
    notice = send(routes, agent, "Pont fermé", territory.clairval)
    with pytest.raises(Refused):
        actions.withdraw(notice, by=chloe)
    actions.withdraw(Publication.objects.get(pk=notice.pk), by=agent)
    assert not Delivery.objects.exists()
    assert not Listing.objects.exists()
    assert not Publication.objects.visible_to(agent).exists()
    assert Publication.objects.open_to(agent).get().state == State.WITHDRAWN
    with pytest.raises(Refused, match="plus en ligne"):
        actions.withdraw(Publication.objects.get(pk=notice.pk), by=agent)


def test_what_has_expired_is_not_shown_then_purged(territory: Cast, routes: Voice, agent: Person, send: Say) -> None:
    ended = timezone.now() - timedelta(minutes=1)
    gone = send(routes, agent, "Pont fermé", territory.clairval, expires_at=ended, at=ended - timedelta(days=2))
    assert not Publication.objects.visible_to(None).exists()
    # It was already over when it was put online: nothing was spread.
    assert not Delivery.objects.exists()
    kept = send(routes, agent, "Pont ouvert", territory.clairval)
    later = send(routes, agent, "Bientôt fini", territory.clairval, expires_at=timezone.now() + timedelta(days=1))
    Publication.objects.filter(pk=later.pk).update(expires_at=ended)
    assert actions.purge_expired() == 1
    assert actions.purge_expired() == 0
    assert set(Delivery.objects.values_list("publication", flat=True)) == {kept.pk}
    assert set(Listing.objects.values_list("publication", flat=True)) == {kept.pk}
    assert list(Publication.objects.visible_to(None)) == [kept]
    assert Publication.objects.get(pk=gone.pk).state == State.ONLINE


def test_a_former_elu_no_longer_speaks_as_one(territory: Cast, speaking_elu: Voice, bruno: Person, send: Say) -> None:
    send(speaking_elu, bruno, "Vœux", territory.departement, kind="post")
    speaking_elu.mandates.update(ended_on=timezone.localdate())
    with pytest.raises(Refused, match="terminé"):
        send(speaking_elu, bruno, "Encore", territory.departement, kind="post")
