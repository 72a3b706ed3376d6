"""Organisations, their members, their verification; the spaces of élus; roles (R-SEC-1, R-SEC-20, R-MOD-8)."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from parvis.core.models import JournalEntry
from parvis.people import actions
from parvis.people.models import Block, Membership, Person, Role, Voice
from tests.cast import Cast, make_person

ASSOCIATION = {
    "key": "6f8a2a52-2f0f-4d57-9d38-b5d2a2f8a6f1",
    "name": "Les Amis du lavoir",
    "commune": "Ormoy",
    "theme": "patrimoine",
    "summary": "On restaure le lavoir.",
    "scope": "territory",
    "body": "## Qui ?\n\n<script>alert(1)</script>",
}


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_double_click_creates_one_association(amina: Person, territory: Cast) -> None:
    client = signed_in(amina)
    first = client.post("/associations/creer/", ASSOCIATION)
    second = client.post("/associations/creer/", ASSOCIATION)
    voice = Voice.objects.get(kind="association")
    assert first["Location"] == second["Location"] == voice.get_absolute_url()
    assert (voice.zone, voice.scope, voice.is_verified) == (territory.ormoy, territory.departement, False)
    assert Membership.objects.get(voice=voice).role == Membership.Role.OWNER
    assert "<script" not in voice.body_html
    assert JournalEntry.objects.filter(verb="association.created").count() == 1


@pytest.mark.parametrize("missing", ["name", "commune", "theme", "summary"])
def test_what_an_association_must_say(amina: Person, territory: Cast, missing: str) -> None:
    page = signed_in(amina).post("/associations/creer/", ASSOCIATION | {missing: ""})
    assert page.status_code == 200
    assert page.content.decode().count("aria-invalid") == 1
    assert not Voice.objects.filter(kind="association").exists()


def test_an_association_speaks_to_its_commune_or_wider(amina: Person, territory: Cast) -> None:
    """Never finer, never beside (R-LAW-35)."""
    for scope in (territory.canton_1, territory.remy, territory.circonscription):
        with pytest.raises(ValidationError):
            actions.create_association(
                by=amina, name="Trop fine", zone=territory.bois, scope=scope, theme="sport", summary="x"
            )


def test_a_profile_takes_no_field_of_the_institution(atelier: Voice, amina: Person) -> None:
    """Posting `verified_at`, `kind` or `name` changes none of them (R-SEC-20, mass assignment)."""
    stolen = {"verified_at": "2026-01-01", "kind": "service", "name": "Mairie", "is_fictional": "", "scope": "1"}
    sent = signed_in(amina).post(f"/reglages/profil/{atelier.pk}/", {"summary": "Du théâtre.", **stolen})
    assert sent.status_code == 302
    voice = Voice.objects.get(pk=atelier.pk)
    assert (voice.summary, voice.kind, voice.name) == ("Du théâtre.", "association", "Atelier des Halles")
    assert (voice.verified_at, voice.scope_id) == (None, atelier.scope_id)
    assert voice.version == atelier.version + 1
    with pytest.raises(TypeError):
        actions.update_profile(atelier, by=amina, verified_reason="moi")


@pytest.mark.parametrize("website", ["javascript:alert(1)", "ftp://exemple.fr", "pas une adresse"])
def test_a_website_is_on_the_web(atelier: Voice, amina: Person, website: str) -> None:
    page = signed_in(amina).post(f"/reglages/profil/{atelier.pk}/", {"website": website})
    assert page.status_code == 200
    assert Voice.objects.get(pk=atelier.pk).website == ""


def test_someone_else_s_numbers_are_404(atelier: Voice, amina: Person, chloe: Person, territory: Cast) -> None:
    """Hidden and absent are the same (R-SEC-1)."""
    row = Membership.objects.get(voice=atelier)
    subscription = amina.subscriptions.all()[0]
    client = signed_in(chloe)
    for number in (atelier.pk, 999_999):
        assert client.get(f"/reglages/profil/{number}/").status_code == 404
        assert client.post(f"/reglages/profil/{number}/", {"summary": "volé"}).status_code == 404
        assert client.get(f"/organisations/{number}/membres/").status_code == 404
        assert client.post(f"/organisations/{number}/membres/{row.pk}/", {"remove": "1"}).status_code == 404
    for number in (subscription.pk, 999_999):
        assert client.post(f"/mes-lieux/abonnements/{number}/", {"action": "mute"}).status_code == 404
    assert client.get(f"/reglages/profil/{Voice.objects.get(person=amina).pk}/").status_code == 404
    assert client.get(f"/organisations/{Voice.objects.get(person=chloe).pk}/membres/").status_code == 404
    assert client.post(f"/suivre/{Voice.objects.get(person=amina).pk}/").status_code == 404
    assert Membership.objects.filter(pk=row.pk).exists()


def invited(client: Client, voice: Voice, email: str) -> str:
    """The address that an invitation sends to `email`."""
    client.post(f"/organisations/{voice.pk}/membres/", {"email": email, "role": "editor"})
    found = re.search(r"/organisations/invitation/\S+", str(mail.outbox[-1].body))
    assert found
    return found[0]


def test_inviting_answers_the_same_known_or_not(atelier: Voice, amina: Person, chloe: Person) -> None:
    """The sender never learns whether an address has an account; the same mail leaves either way (R-SEC-16)."""
    client, answers = signed_in(amina), []
    for email in (chloe.email, "inconnue@example.org"):
        sent = client.post(f"/organisations/{atelier.pk}/membres/", {"email": email, "role": "editor"})
        page = client.get(f"/organisations/{atelier.pk}/membres/").content.decode()
        answers.append((sent.status_code, sent["Location"], page.replace(email, "").count("une proposition part")))
        assert "Chloé" not in page
    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [[chloe.email], ["inconnue@example.org"]]
    assert len({message.subject for message in mail.outbox}) == 1
    assert not Membership.objects.filter(person=chloe).exists()


def test_whoever_was_blocked_sends_no_invitation_and_is_not_told(atelier: Voice, amina: Person, chloe: Person) -> None:
    """R-MOD-9: the name of an association says what one likes to whom one invites."""
    Block.objects.create(person=chloe, voice=Voice.objects.get(person=amina))
    sent = {"email": chloe.email, "role": "editor"}
    page = signed_in(amina).post(f"/organisations/{atelier.pk}/membres/", sent, follow=True)
    assert "une proposition part à" in page.content.decode()
    assert not mail.outbox


def test_one_is_a_member_once_one_accepts(atelier: Voice, amina: Person, chloe: Person, bruno: Person) -> None:
    """By a POST, from the account of the address (R-SEC-18)."""
    address = invited(signed_in(amina), atelier, chloe.email)
    assert signed_in(bruno).get(address).status_code == signed_in(bruno).post(address).status_code == 404
    assert signed_in(chloe).get(address).status_code == 200
    assert not Membership.objects.filter(person=chloe).exists()
    for _twice in range(2):
        assert signed_in(chloe).post(address)["Location"] == atelier.get_absolute_url()
    assert Membership.objects.get(person=chloe).role == "editor"
    # Parted with, one must be invited again (R-SEC-18).
    actions.remove_member(Membership.objects.get(person=chloe), by=amina)
    said = signed_in(chloe).post(address)
    assert "a déjà servi" in said.content.decode()
    assert not Membership.objects.filter(person=chloe).exists()
    signed_in(chloe).post(invited(signed_in(amina), atelier, chloe.email))
    assert Membership.objects.filter(person=chloe).exists()


def test_an_invitation_ends_with_the_rights_of_who_sent_it(atelier: Voice, amina: Person, chloe: Person) -> None:
    address = invited(signed_in(amina), atelier, chloe.email)
    Membership.objects.filter(voice=atelier, person=amina).update(role="editor")
    assert signed_in(chloe).post(address).status_code == 404
    assert signed_in(chloe).post("/organisations/invitation/x:y:z/").status_code == 404
    assert not Membership.objects.filter(person=chloe).exists()


def test_the_last_owner_stays(atelier: Voice, amina: Person, chloe: Person) -> None:
    row = Membership.objects.get(voice=atelier)
    client = signed_in(amina)
    address = f"/organisations/{atelier.pk}/membres/{row.pk}/"
    assert "au moins un responsable" in client.post(address, {"remove": "1"}, follow=True).content.decode()
    client.post(address, {"role": "member"})
    assert Membership.objects.get(pk=row.pk).role == "owner"
    other = actions.add_member(atelier, by=amina, person=chloe, role="owner")
    assert client.post(address, {"remove": "1"})["Location"] == "/reglages/"
    assert list(Membership.objects.filter(voice=atelier)) == [other]


def test_a_member_leaves_alone_and_manages_nothing(atelier: Voice, amina: Person, chloe: Person) -> None:
    row = actions.add_member(atelier, by=amina, person=chloe, role="member")
    assert not Voice.objects.spoken_by(chloe).filter(pk=atelier.pk).exists()
    with pytest.raises(PermissionDenied):
        actions.change_role(row, by=chloe, role="owner")
    with pytest.raises(PermissionDenied):
        actions.remove_member(Membership.objects.get(person=amina), by=chloe)
    actions.remove_member(row, by=chloe)
    assert not Membership.objects.filter(person=chloe).exists()


def test_only_the_administration_verifies(atelier: Voice, admin: Person, amina: Person, moderator: Person) -> None:
    for person in (amina, moderator):
        with pytest.raises(PermissionDenied):
            actions.verify(atelier, by=person, reason="parole d’honneur")
    with pytest.raises(ValidationError):
        actions.verify(atelier, by=admin, reason=" ")
    client = signed_in(admin)
    assert atelier.name in client.get("/administration/").content.decode()
    client.post(f"/administration/verifier/{atelier.pk}/", {"reason": "statuts présentés"})
    voice = Voice.objects.get(pk=atelier.pk)
    assert (voice.is_verified, voice.verified_reason) == (True, "statuts présentés")
    client.post(f"/administration/verifier/{atelier.pk}/", {"reason": "dissoute", "unverify": "1"})
    assert not Voice.objects.get(pk=atelier.pk).is_verified
    assert list(
        JournalEntry.objects.filter(verb__startswith="voice.").order_by("pk").values_list("verb", "details__reason")
    ) == [("voice.verified", "statuts présentés"), ("voice.unverified", "dissoute")]


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_decide_once(atelier: Voice, admin: Person) -> None:
    def decide(reason: str) -> bool:
        try:
            actions.verify(Voice.objects.get(pk=atelier.pk), by=admin, reason=reason)
            return True
        except ValidationError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        decided = list(pool.map(decide, ["a", "b", "c", "d"]))
    assert decided.count(True) == 1
    assert JournalEntry.objects.filter(verb="voice.verified").count() == 1


def test_a_space_is_opened_by_the_administration_once(elu: Voice, admin: Person, bruno: Person, chloe: Person) -> None:
    client = signed_in(admin)
    assert elu.name in client.get("/administration/espaces/?q=vasseur").content.decode()
    unknown = client.post(f"/administration/espaces/{elu.pk}/", {"person": "nul@example.org", "reason": "x"})
    assert "Aucun compte" in unknown.content.decode()
    client.post(f"/administration/espaces/{elu.pk}/", {"person": bruno.email, "reason": "carte d’identité"})
    voice = Voice.objects.get(pk=elu.pk)
    assert voice.opened_at is not None
    assert voice.is_verified
    assert Voice.objects.spoken_by(bruno).filter(pk=elu.pk).exists()
    assert client.get(f"/administration/espaces/{elu.pk}/").status_code == 404
    with pytest.raises(ValidationError):
        actions.open_space(voice, by=admin, person=chloe, reason="moi aussi")


def test_who_moderates_does_not_speak_as_an_elu_nor_the_reverse(
    speaking_elu: Voice, moderator: Person, admin: Person, bruno: Person, territory: Cast, town_hall: Voice
) -> None:
    """R-MOD-8: nobody decides on what is said of them."""
    with pytest.raises(ValidationError):
        actions.grant_role(bruno, Role.Kind.MODERATOR, zone=territory.clairval, by=admin)
    with pytest.raises(ValidationError):
        actions.add_member(speaking_elu, by=bruno, person=moderator, role="editor")
    actions.open_space(town_hall, by=admin, person=moderator, reason="secrétaire de mairie")
    assert Voice.objects.spoken_by(moderator).filter(pk=town_hall.pk).exists()


def test_roles_are_given_and_taken_back(admin: Person, amina: Person, territory: Cast) -> None:
    client = signed_in(admin)
    client.post("/administration/roles/", {"person": amina.email, "kind": "moderator", "zone": "Bois-le-Comte"})
    role = Role.objects.get(person=amina)
    assert (role.zone, role.granted_by) == (territory.bois, admin)
    assert amina.is_moderator
    client.post(f"/administration/roles/{role.pk}/")
    assert not amina.is_moderator
    assert Role.objects.get(pk=role.pk).ended_at is not None
    last = Role.objects.get(person=admin, ended_at=None)
    assert "Nommez d’abord" in client.post(f"/administration/roles/{last.pk}/", follow=True).content.decode()
    assert admin.is_administrator
    with pytest.raises(PermissionDenied):
        actions.grant_role(amina, Role.Kind.ADMINISTRATOR, by=amina)
    with pytest.raises(ValidationError):
        actions.grant_role(amina, Role.Kind.MODERATOR, by=admin)


def test_the_operator_s_command_makes_the_first_administrator(territory: Cast) -> None:
    first = actions.make_administrator("Operatrice@Example.org")
    again = actions.make_administrator("operatrice@example.org")
    assert first == again
    assert first.is_administrator
    assert Role.objects.count() == 1
    assert JournalEntry.objects.get(verb="role.granted").actor_id is None
    client = signed_in(first)
    assert client.get("/reglages/").status_code == client.get("/mes-lieux/").status_code == 200
    client.post("/mes-lieux/", {"commune": "Ormoy"})
    assert Voice.objects.get(person=first).zone == territory.ormoy


def test_a_service_is_made_by_the_administration(admin: Person, amina: Person, agent: Person, territory: Cast) -> None:
    with pytest.raises(PermissionDenied):
        actions.create_service(by=amina, name="Faux service", zone=territory.bois)
    client = signed_in(admin)
    sent = {"key": ASSOCIATION["key"], "name": "Archives", "summary": "Mémoire.", "theme": "patrimoine"}
    for _ in range(2):
        client.post("/administration/services/", sent | {"owner": agent.email, "zone": ""})
    voice = Voice.objects.get(kind="service")
    assert (voice.zone, voice.is_verified) == (territory.departement, True)
    assert Voice.objects.managed_by(agent).filter(pk=voice.pk).exists()


def test_administration_does_not_exist_for_others(amina: Person, moderator: Person, atelier: Voice, elu: Voice) -> None:
    addresses = [
        "/administration/",
        "/administration/espaces/",
        "/administration/roles/",
        "/administration/services/",
        f"/administration/verifier/{atelier.pk}/",
        f"/administration/espaces/{elu.pk}/",
    ]
    for client in (Client(), signed_in(amina), signed_in(moderator)):
        for address in addresses:
            assert client.get(address).status_code == 404
            assert client.post(address, {"reason": "x", "person": "x@example.org"}).status_code == 404


def test_a_closed_page_is_managed_by_nobody(atelier: Voice, amina: Person) -> None:
    Voice.objects.filter(pk=atelier.pk).update(closed_at=timezone.now())
    with pytest.raises(PermissionDenied):
        actions.update_profile(atelier, by=amina, summary="encore là")
    assert signed_in(amina).get(f"/reglages/profil/{atelier.pk}/").status_code == 404


def test_an_organisation_made_by_a_fictional_person_is_fictional(territory: Cast) -> None:
    person = make_person("demo@example.org", "Personne Fictive", territory.bois)
    Person.objects.filter(pk=person.pk).update(is_demo=True)
    person.refresh_from_db()
    voice = actions.create_association(by=person, name="Fictive", zone=territory.bois, theme="sport", summary="x")
    assert voice.is_fictional
