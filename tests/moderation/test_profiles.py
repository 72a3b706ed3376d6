"""What a voice wrote about itself: reported by anyone, hidden with a reason, restored (R-LAW-18, R-LAW-19)."""

import uuid
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from parvis.core.models import JournalEntry
from parvis.moderation import actions
from parvis.moderation.models import Report
from parvis.people import actions as people
from parvis.people.models import Membership, Person, Role, Voice
from parvis.publications.actions import AlreadyDecided, Refused, hide_profile, restore_profile
from parvis.publications.models import Decision
from tests.cast import Cast
from tests.worker import run_until_idle

WORDS = ("Un mot injurieux", "Un texte injurieux", "0600000000", "injures.example", "ecrire@injures.example")
REASON = "Le deuxième paragraphe vise une personne."


def decision(verdict: str, **said: Any) -> dict[str, Any]:
    return {"key": str(uuid.uuid4()), "verdict": verdict} | said


@pytest.fixture
def hideous(chorale: Voice, chloe: Person) -> Voice:
    """A profile with words in every field."""
    people.update_profile(
        chorale,
        by=chloe,
        summary="Un mot injurieux",
        body="Un texte injurieux",
        seeks="Un mot injurieux",
        phone="0600000000",
        website="https://injures.example/",
        email="ecrire@injures.example",
    )
    return Voice.objects.get(pk=chorale.pk)


@pytest.fixture
def hidden(hideous: Voice, admin: Person) -> Voice:
    run_until_idle()
    mail.outbox.clear()
    hide_profile(hideous, by=admin, rule="haine", reason=REASON)
    return hideous


def shown(client: Client, address: str) -> set[str]:
    page = client.get(address)
    assert page.status_code == 200, address
    return {word for word in WORDS if word in page.content.decode()}


def test_a_visitor_reports_a_profile_and_is_told_the_decision(client: Client, hideous: Voice, admin: Person) -> None:
    run_until_idle()
    mail.outbox.clear()
    path = f"/signaler/profil/{hideous.pk}/"
    assert path in client.get(hideous.get_absolute_url()).content.decode()
    assert "Un texte injurieux" in client.get(path).content.decode()
    said = {"key": str(uuid.uuid4()), "rule": "haine", "explanation": "Propos blessants.", "email": "v@example.org"}
    receipt = client.post(path, said, follow=True)
    assert "Signalement reçu" in receipt.content.decode()
    assert Report.objects.get().item == hideous
    client.force_login(admin)
    assert "Propos blessants." in client.get("/moderation/").content.decode()
    done = client.post(
        f"/moderation/profil/{hideous.pk}/", decision("hide", rule="haine", reason=REASON), follow=True
    ).content.decode()
    assert "La présentation de Chorale de Saint-Rémy est masquée" in done
    assert "Propos blessants." not in done
    run_until_idle()
    told = [letter for letter in mail.outbox if letter.to == ["v@example.org"]]
    assert len(told) == 2
    assert REASON in told[1].body


def test_hidden_its_words_are_nowhere_but_its_name_stays(
    client: Client, hidden: Voice, territory: Cast, amina: Person
) -> None:
    places = [hidden.get_absolute_url(), "/annuaire/", "/recherche/?q=chorale", territory.remy.get_absolute_url()]
    for person in (None, amina):
        if person:
            client.force_login(person)
        for place in places:
            assert shown(client, place) == set(), place
            assert "Chorale de Saint-Rémy" in client.get(place).content.decode(), place
        assert "masquée" not in client.get(hidden.get_absolute_url()).content.decode()


def test_its_owners_get_the_rule_and_the_reason_by_mail_and_on_the_page(
    client: Client, hidden: Voice, chloe: Person, bruno: Person
) -> None:
    people.add_member(hidden, by=chloe, person=bruno, role=Membership.Role.OWNER)
    run_until_idle()
    assert {letter.to[0] for letter in mail.outbox} == {"chloe@example.org", "bruno@example.org"}
    for letter in mail.outbox:
        assert "Propos haineux" in letter.body
        assert REASON in letter.body
        assert "contester" in letter.body
    client.force_login(chloe)
    page = client.get(hidden.get_absolute_url()).content.decode()
    assert "Présentation masquée par la modération" in page
    assert REASON in page
    assert shown(client, hidden.get_absolute_url()) == set(WORDS)


def test_corrected_it_stays_hidden_until_restored(client: Client, hidden: Voice, chloe: Person, admin: Person) -> None:
    people.update_profile(hidden, by=chloe, summary="On y chante.", body="Venez.")
    assert "On y chante." not in client.get(hidden.get_absolute_url()).content.decode()
    with pytest.raises(AlreadyDecided):  # Decided on words that have changed since.
        restore_profile(hidden, by=admin)
    run_until_idle()
    mail.outbox.clear()
    client.force_login(admin)
    assert "On y chante." in client.get(f"/moderation/profil/{hidden.pk}/").content.decode()
    client.post(f"/moderation/profil/{hidden.pk}/", decision("restore"))
    run_until_idle()
    [letter] = mail.outbox
    assert letter.to == ["chloe@example.org"]
    assert "de nouveau visible" in letter.subject
    client.logout()
    assert "On y chante." in client.get(hidden.get_absolute_url()).content.decode()
    verbs = JournalEntry.objects.filter(target_type="voice", verb__in=["voice.hidden", "voice.restored"])
    assert list(verbs.order_by("pk").values_list("verb", "actor_id")) == [
        ("voice.hidden", admin.pk),
        ("voice.restored", admin.pk),
    ]


def test_an_inhabitants_words_are_hidden_alike(client: Client, bruno: Person, admin: Person) -> None:
    people.update_profile(bruno.voice, by=bruno, summary="Un mot injurieux", body="Un texte injurieux")
    Voice.objects.filter(person=bruno).update(listed=True)
    voice = Voice.objects.get(person=bruno)
    assert len(shown(client, voice.get_absolute_url())) == 2
    hide_profile(voice, by=admin, rule="haine", reason=REASON)
    assert shown(client, voice.get_absolute_url()) == set()


def test_two_moderators_decide_once(hideous: Voice, admin: Person) -> None:
    first, second = (Voice.objects.get(pk=hideous.pk) for _ in range(2))
    hide_profile(first, by=admin, rule="haine", reason=REASON)
    with pytest.raises(AlreadyDecided):
        hide_profile(second, by=admin, rule="haine", reason=REASON)
    assert Decision.objects.filter(voice=hideous).count() == 1


def test_the_same_button_pressed_twice_decides_once(client: Client, hideous: Voice, admin: Person) -> None:
    client.force_login(admin)
    said = decision("hide", rule="haine", reason=REASON)
    for _ in range(2):
        assert client.post(f"/moderation/profil/{hideous.pk}/", said, follow=True).status_code == 200
    assert Decision.objects.filter(voice=hideous).count() == 1


def test_kept_it_stays_and_whoever_reported_is_answered(client: Client, hideous: Voice, admin: Person) -> None:
    made = actions.report(hideous, by=None, rule="haine", explanation="Blessant.", email="v@example.org")
    client.force_login(admin)
    client.post(f"/moderation/profil/{hideous.pk}/", decision("keep"))
    made.refresh_from_db()
    assert made.upheld is False
    assert not Decision.objects.filter(voice=hideous).exists()
    assert client.get("/moderation/").context["cases"] == []


def test_without_its_reason_nothing_is_hidden(client: Client, hideous: Voice, admin: Person) -> None:
    client.force_login(admin)
    assert client.post(f"/moderation/profil/{hideous.pk}/", decision("hide", rule="haine")).status_code == 422
    with pytest.raises(Refused):
        hide_profile(hideous, by=admin, rule="", reason=REASON)
    hideous.refresh_from_db()
    assert hideous.hidden_at is None


def test_for_a_moderator_of_elsewhere_it_does_not_exist(client: Client, hideous: Voice, east: Person) -> None:
    path = f"/moderation/profil/{hideous.pk}/"
    actions.report(hideous, by=None, rule="haine", explanation="Blessant.")
    client.force_login(east)
    assert client.get(path).status_code == 404
    assert client.post(path, decision("hide", rule="haine", reason=REASON)).status_code == 404
    assert client.get("/moderation/").context["cases"] == []
    assert path not in client.get(hideous.get_absolute_url()).content.decode()
    with pytest.raises(Refused):
        hide_profile(hideous, by=east, rule="haine", reason=REASON)


def test_nobody_decides_on_a_voice_they_speak_in(
    client: Client, hideous: Voice, chloe: Person, admin: Person, territory: Cast
) -> None:
    """R-MOD-8."""
    people.grant_role(chloe, Role.Kind.MODERATOR, zone=territory.remy, by=admin)
    client.force_login(chloe)
    assert client.get(f"/moderation/profil/{hideous.pk}/").status_code == 404


def test_what_nobody_wrote_or_may_read_is_not_reported(
    client: Client, elu: Voice, hidden: Voice, bruno: Person, admin: Person
) -> None:
    Voice.objects.filter(person=bruno).update(listed=False)
    for voice in (elu, hidden, bruno.voice):
        assert client.get(f"/signaler/profil/{voice.pk}/").status_code == 404
        with pytest.raises(Refused):
            actions.report(voice, by=None, rule="haine", explanation="Blessant.")
    assert "/signaler/profil/" not in client.get(elu.get_absolute_url()).content.decode()
    client.force_login(admin)
    for voice in (elu, bruno.voice):
        assert client.get(f"/moderation/profil/{voice.pk}/").status_code == 404
