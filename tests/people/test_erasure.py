"""Leaving for good: what goes, what stays without a name, and what is refused (R-LAW-8)."""

import json
from pathlib import Path

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from parvis.core.models import JournalEntry
from parvis.people import actions, ledger, vault
from parvis.people.actions import Where
from parvis.people.models import Membership, Person, Role, Session, Voice
from parvis.publications import actions as words
from parvis.publications.models import Publication, Reply
from tests.cast import Cast, make_person
from tests.people.test_organisations import signed_in
from tests.people.test_sign_up import code_of
from tests.worker import run_until_idle

CANARY = "Canariette"


def dump() -> str:
    """The whole database, the vault included."""
    found = []
    with connection.cursor() as cursor:
        tables = [f'"{name}"' for name in connection.introspection.table_names(cursor) if "sqlite" not in name]
        if connection.vendor == "postgresql":
            tables += [f"vault.{name}" for name in ("spot", "shape", "part", "match")]
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            found += [str(cell) for row in cursor.fetchall() for cell in row]
    return "\n".join(found)


@pytest.fixture(autouse=True)
def _own_ledger(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def leaver(territory: Cast) -> Person:
    """Someone with an exact home, a post, and a follower."""
    person = make_person("canari@example.org", CANARY, territory.bois)
    actions.settle(person, Where(territory.bois, point=(2.1513247, 49.1513853), address="3 impasse Canari"))
    return person


def say(person: Person, territory: Cast, body: str) -> Publication:
    """A post of theirs, online."""
    Person.objects.filter(pk=person.pk).update(trusted_at="2026-01-01T00:00Z")
    person.refresh_from_db()
    draft = words.compose(
        voice=person.voice, by=person, kind="post", place=territory.bois, zones=[territory.bois], title="", body=body
    )
    return words.submit(draft, by=person)


def test_nothing_of_them_is_left_anywhere(leaver: Person, territory: Cast, amina: Person) -> None:
    said = say(leaver, territory, "Un canari mot a mot")
    actions.follow(amina, leaver.voice)
    answered = words.reply(say(amina, territory, "Qui vient ?"), voice=leaver.voice, by=leaver, body="canari mot")
    run_until_idle()
    actions.erase_account(leaver, by=leaver)
    run_until_idle()
    assert not Person.objects.filter(pk=leaver.pk).exists()
    assert not Publication.objects.filter(pk=said.pk).exists()
    assert not Reply.objects.filter(pk=answered.pk).exists()
    left = dump()
    # What each of these would be found by.
    for canary in (CANARY, "canari@", "impasse Canari", "canari mot", "21513247", "491513853"):
        assert canary not in left, canary
    entry = JournalEntry.objects.get(verb="person.erased")
    assert (entry.actor_id, entry.target_id, entry.details) == (leaver.pk, leaver.pk, {"keeps": False})


def test_what_they_said_may_stay_without_a_name(leaver: Person, territory: Cast, amina: Person, client: Client) -> None:
    said = say(leaver, territory, "Le marché rouvre samedi")
    say(amina, territory, "Moi aussi")
    under = words.reply(said, voice=amina.voice, by=amina, body="Merci")
    page = f"/habitants/{leaver.voice.pk}/"
    assert client.get(page).status_code == 200
    actions.erase_account(leaver, by=leaver, keeps=True)
    shown = client.get(said.get_absolute_url()).content.decode()
    assert "Le marché rouvre samedi" in shown
    assert "Merci" in shown
    assert "Compte supprimé" in shown
    assert CANARY not in shown
    assert "Compte supprimé" in signed_in(amina).get("/").content.decode()
    assert Reply.objects.filter(pk=under.pk).exists()
    # Nothing leads to who said it: no page, and one voice for all who left.
    nobody = Publication.objects.get(pk=said.pk).voice
    assert client.get(page).status_code == 404
    assert client.get(f"/habitants/{nobody.pk}/").status_code == 404
    assert f"/habitants/{nobody.pk}/" not in shown
    other = make_person("autre@example.org", "Autre", territory.bois)
    again = say(other, territory, "Autre chose")
    actions.erase_account(other, by=other, keeps=True)
    assert Publication.objects.get(pk=again.pk).voice == nobody
    assert CANARY not in dump()


def test_a_code_a_choice_and_every_browser_is_signed_out(leaver: Person) -> None:
    client, elsewhere = signed_in(leaver), signed_in(leaver)
    page = client.get("/reglages/supprimer/").content.decode()
    assert "Ce qui disparaît" in page
    assert "Ce qui reste" in page
    # Neither without a code, nor with a wrong one, nor without a choice.
    client.post("/reglages/supprimer/", {"words": "erase", "code": ""})
    client.post("/reglages/supprimer/", {"send": "1"})
    wrong = client.post("/reglages/supprimer/", {"words": "erase", "code": "0000 0000"})
    assert "bon" in wrong.content.decode()
    assert Person.objects.filter(pk=leaver.pk).exists()
    code = code_of()
    assert client.post("/reglages/supprimer/", {"code": code}).status_code == 200
    done = client.post("/reglages/supprimer/", {"words": "erase", "code": code})
    assert done["Location"] == "/"
    assert not Person.objects.filter(pk=leaver.pk).exists()
    assert mail.outbox[-1].subject.endswith("Votre compte est supprimé")
    assert mail.outbox[-1].to == ["canari@example.org"]
    assert not Session.objects.exclude(person=None).exists()
    for browser in (client, elsewhere):
        assert browser.get("/reglages/")["Location"].startswith("/connexion/")


def test_get_changes_nothing(leaver: Person) -> None:
    assert signed_in(leaver).get("/reglages/supprimer/?words=erase&code=12345678").status_code == 200
    assert Person.objects.filter(pk=leaver.pk).exists()


def test_whoever_others_count_on_names_someone_first(leaver: Person, territory: Cast, amina: Person) -> None:
    club = actions.create_association(by=leaver, name="Club", zone=territory.bois, theme="sport", summary="x")
    actions.add_member(club, by=leaver, person=amina, role=Membership.Role.MEMBER)
    with pytest.raises(ValidationError, match="Club"):
        actions.erase_account(leaver, by=leaver)
    assert vault.addresses_of(leaver)
    actions.change_role(Membership.objects.get(voice=club, person=amina), by=leaver, role=Membership.Role.OWNER)
    actions.erase_account(leaver, by=leaver)
    assert Voice.objects.get(pk=club.pk).closed_at is None


def test_a_page_with_nobody_else_closes(leaver: Person, territory: Cast, client: Client) -> None:
    club = actions.create_association(by=leaver, name="Club", zone=territory.bois, theme="sport", summary="x")
    actions.erase_account(leaver, by=leaver)
    assert client.get(club.get_absolute_url()).status_code == 404


def test_the_last_administrator_stays(territory: Cast) -> None:
    admin = actions.make_administrator("admin@example.org")
    with pytest.raises(ValidationError, match="administrer"):
        actions.erase_account(admin, by=admin)
    actions.grant_role(make_person("autre@example.org", "Autre", territory.bois), Role.Kind.ADMINISTRATOR, by=admin)
    actions.erase_account(admin, by=admin)


def test_a_lent_account_of_the_demonstration_stays_as_it_is(leaver: Person, settings: Settings) -> None:
    """Its codes are on a page anyone reads: with another address, nobody else could take that role again."""
    settings.DEMO = True
    Person.objects.filter(pk=leaver.pk).update(is_demo=True)
    lent = Person.objects.get(pk=leaver.pk)
    for take in (
        lambda: actions.erase_account(lent, by=leaver),
        lambda: actions.change_email(lent, "mine@example.org"),
        lambda: actions.set_password(lent, "trois mots qui passent"),
    ):
        with pytest.raises(ValidationError, match="démonstration"):
            take()


def test_a_number_given_to_someone_else_since_is_theirs(leaver: Person, territory: Cast) -> None:
    """R-LAW-8: a restored database counts on from where it was, and the ledger goes by numbers."""
    # A crash cut the line of another: this one does not end up on it.
    ledger.path().write_text('{"number": 12')
    actions.erase_account(leaver, by=leaver)
    run_until_idle()
    assert [said.number for said in ledger.read()] == [leaver.pk]
    newcomer = make_person("apres@example.org", "Après", territory.bois)
    Person.objects.filter(pk=newcomer.pk).update(joined_at=timezone.now())
    with ledger.path().open("a", encoding="utf-8") as kept:
        said = JournalEntry.objects.get(verb="person.erased")
        kept.write(json.dumps({"number": newcomer.pk, "at": said.at.isoformat(), "keeps": False}) + "\n")
    assert ledger.replay() == (0, [])
    assert Person.objects.filter(pk=newcomer.pk).exists()


def test_whoever_others_count_on_is_named_and_not_erased_again(leaver: Person, territory: Cast, amina: Person) -> None:
    club = actions.create_association(by=leaver, name="Club", zone=territory.bois, theme="sport", summary="x")
    actions.add_member(club, by=leaver, person=amina, role=Membership.Role.MEMBER)
    with ledger.path().open("a", encoding="utf-8") as kept:
        kept.write(json.dumps({"number": leaver.pk, "at": timezone.now().isoformat(), "keeps": True}) + "\n")
    done, [(person, why)] = ledger.replay()
    assert (done, person) == (0, leaver)
    assert "Club" in why


def test_what_another_page_still_does_meanwhile_fails_in_words(leaver: Person, territory: Cast, amina: Person) -> None:
    """Two erasures at once, or a place added, a contact asked, an association made while the account goes."""
    late = Person.objects.get(pk=leaver.pk)
    assert actions.erase_account(leaver, by=leaver)
    assert not actions.erase_account(late, by=late)
    assert JournalEntry.objects.filter(verb="person.erased").count() == 1
    for act in (
        lambda: actions.settle(late, Where(territory.bois)),
        lambda: actions.add_place(late, "work", Where(territory.bois)),
        lambda: actions.create_association(by=late, name="Club", zone=territory.bois, theme="sport", summary="x"),
        lambda: actions.ask_contact(late, amina.voice),
    ):
        with pytest.raises(PermissionDenied, match="n’existe"):
            act()


def test_what_was_made_for_a_member_is_nobody_elses_and_goes_with_the_session(amina: Person, territory: Cast) -> None:
    """A public page read by a member says why they see it: no cache on the way keeps it."""
    client = signed_in(amina)
    for page in ("/", "/avis/", f"{territory.bois.get_absolute_url()}", "/nulle-part/"):
        kept = client.get(page)["Cache-Control"]
        assert kept in {"private, no-cache", "private, no-store"}, page
    assert "no-store" in client.get("/mes-lieux/")["Cache-Control"]
    out = client.post("/deconnexion/")
    assert out["Clear-Site-Data"] == '"cache"'
    assert "private" not in client.get("/avis/").get("Cache-Control", "")
