"""The moderators' desk: what waits for whom, and decisions taken once, with their reason."""

import uuid
from typing import Any

import pytest
from django.test import Client

from parvis.agenda import actions as agenda
from parvis.core.models import JournalEntry
from parvis.moderation import actions
from parvis.people.models import Person, Voice
from parvis.publications.models import Decision, Publication, Reply, State
from tests.agenda.conftest import MORNING, paris
from tests.cast import Cast, make_person
from tests.moderation.conftest import Post


def decision(verdict: str, **changed: str) -> dict[str, str]:
    return {"key": str(uuid.uuid4()), "verdict": verdict} | changed


def waiting(client: Client, person: Person) -> list[Any]:
    client.force_login(person)
    return [case.item for case, _form in client.get("/moderation/").context["cases"]]


def test_each_moderator_sees_what_waits_in_their_zones_oldest_first(
    client: Client, post: Post, amina: Person, answer: Reply, moderator: Person, east: Person, admin: Person
) -> None:
    first = post(amina, "Bonjour de Bois-le-Comte")
    assert waiting(client, moderator) == [answer, first]
    assert waiting(client, admin) == [answer, first]
    assert waiting(client, east) == [first]


def test_nobody_decides_on_their_own_words(client: Client, post: Post, moderator: Person, admin: Person) -> None:
    mine = post(moderator, "Mon premier message")
    assert waiting(client, moderator) == []
    assert client.get(f"/moderation/publication/{mine.pk}/").status_code == 404
    assert waiting(client, admin) == [mine]


def test_for_anyone_else_the_desk_does_not_exist(
    client: Client, post: Post, amina: Person, bruno: Person, answer: Reply, east: Person, online: Publication
) -> None:
    waits = post(amina, "Bonjour")
    paths = ["/moderation/", f"/moderation/publication/{waits.pk}/", f"/moderation/reponse/{answer.pk}/"]
    for person in (None, bruno, amina):
        client.logout()
        if person:
            client.force_login(person)
        for path in paths:
            assert client.get(path).status_code == 404
            assert client.post(path, decision("approve")).status_code == 404
    # A moderator of elsewhere is a stranger here.
    client.force_login(east)
    assert client.get(f"/moderation/publication/{online.pk}/").status_code == 404
    assert client.post(f"/moderation/reponse/{answer.pk}/", decision("approve")).status_code == 404
    answer.refresh_from_db()
    assert answer.state == State.PENDING


def test_a_draft_is_nobodys_business(client: Client, post: Post, amina: Person, moderator: Person) -> None:
    draft = post(amina, "Bonjour")
    Publication.objects.filter(pk=draft.pk).update(state=State.DRAFT)
    client.force_login(moderator)
    assert client.get(f"/moderation/publication/{draft.pk}/").status_code == 404


def test_approved_it_is_online(client: Client, answer: Reply, moderator: Person) -> None:
    client.force_login(moderator)
    path = f"/moderation/reponse/{answer.pk}/"
    assert client.post(path, decision("approve")).headers["Location"] == "/moderation/"
    answer.refresh_from_db()
    assert answer.state == State.ONLINE
    assert waiting(client, moderator) == []


@pytest.mark.parametrize("said", [{}, {"rule": "haine"}, {"reason": "Injurieux."}, {"rule": "x", "reason": "Non."}])
def test_a_refusal_without_its_reason_changes_nothing_and_keeps_what_was_typed(
    client: Client, post: Post, amina: Person, moderator: Person, said: dict[str, str]
) -> None:
    """R-LAW-19, R-MOD-5."""
    waits = post(amina, "Bonjour")
    client.force_login(moderator)
    response = client.post(f"/moderation/publication/{waits.pk}/", decision("refuse", **said))
    assert response.status_code == 422
    assert said.get("reason", "") in response.content.decode()
    waits.refresh_from_db()
    assert waits.state == State.PENDING


def test_refused_with_its_rule_and_reason(client: Client, post: Post, amina: Person, moderator: Person) -> None:
    waits = post(amina, "Achetez mes bougies")
    client.force_login(moderator)
    said = decision("refuse", rule="publicite", reason="C’est une vente.")
    client.post(f"/moderation/publication/{waits.pk}/", said)
    made = Decision.objects.get(publication=waits)
    assert (made.verdict, made.rule, made.reason, made.by) == ("refuse", "publicite", "C’est une vente.", moderator)


def test_the_second_of_two_moderators_is_told_who_decided(
    client: Client, post: Post, amina: Person, moderator: Person, admin: Person
) -> None:
    waits = post(amina, "Bonjour")
    path = f"/moderation/publication/{waits.pk}/"
    client.force_login(moderator)
    client.post(path, decision("approve"))
    client.force_login(admin)
    response = client.post(path, decision("refuse", rule="haine", reason="Non."), follow=True)
    assert "Déjà décidé par Dominique Prat" in response.content.decode()
    assert Decision.objects.filter(publication=waits).count() == 1
    waits.refresh_from_db()
    assert waits.state == State.ONLINE


def test_the_same_button_pressed_twice_decides_once(
    client: Client, post: Post, amina: Person, moderator: Person
) -> None:
    waits = post(amina, "Bonjour")
    client.force_login(moderator)
    said = decision("approve")
    answers = [client.post(f"/moderation/publication/{waits.pk}/", said, follow=True) for _ in range(2)]
    assert all("est en ligne" in answer.content.decode() for answer in answers)
    assert Decision.objects.count() == 1


def test_hidden_then_restored_byte_for_byte(client: Client, online: Publication, moderator: Person) -> None:
    """R-MOD-5."""
    client.force_login(moderator)
    path = f"/moderation/publication/{online.pk}/"
    before = (online.body_html, online.position)
    client.post(path, decision("hide", rule="inexact", reason="La salle est fermée."))
    assert not Publication.objects.visible_to(None).filter(pk=online.pk).exists()
    client.post(path, decision("restore"))
    online.refresh_from_db()
    assert (online.body_html, online.position) == before
    assert Publication.objects.visible_to(None).filter(pk=online.pk).exists()


def test_what_its_state_does_not_allow_is_refused(client: Client, online: Publication, moderator: Person) -> None:
    client.force_login(moderator)
    for verdict in ("approve", "refuse", "restore", "keep", "delete", ""):
        client.post(f"/moderation/publication/{online.pk}/", decision(verdict, rule="haine", reason="Non."))
    online.refresh_from_db()
    assert online.state == State.ONLINE
    assert Decision.objects.filter(publication=online).count() == 1


def test_a_card_shows_when_and_where_an_event_is(
    client: Client, territory: Cast, atelier: Voice, amina: Person, moderator: Person
) -> None:
    agenda.announce(
        voice=atelier,
        by=amina,
        title="Bal <b>folk</b>",
        body="Venez <script>alert(1)</script>.",
        category="fete",
        venue="Foyer rural",
        commune=territory.bois,
        starts_at=paris(28, 20),
        at=MORNING,
    )
    client.force_login(moderator)
    page = client.get("/moderation/").content.decode()
    assert "Samedi 28 novembre, 20\u00a0h" in page
    assert "Foyer rural" in page
    assert "Atelier des Halles" in page
    assert "<script>alert" not in page
    assert "<b>folk" not in page


def test_the_desk_asks_as_little_for_twenty_as_for_two(
    client: Client, post: Post, territory: Cast, moderator: Person, django_assert_max_num_queries: Any
) -> None:
    from_many = [post(person, f"Message {person.pk}") for person in crowd(territory, 23)]
    client.force_login(moderator)
    with django_assert_max_num_queries(14):
        response = client.get("/moderation/")
    assert len(response.context["cases"]) == 20
    rest = client.get("/moderation/?page=2").context["cases"]
    assert [case.item for case, _form in rest] == from_many[20:]


def crowd(territory: Cast, size: int) -> list[Person]:
    return [make_person(f"p{number}@example.org", f"Personne {number}x", territory.bois) for number in range(size)]


def test_reports_on_one_thing_are_one_case(
    client: Client, online: Publication, amina: Person, moderator: Person
) -> None:
    """R-MOD-4: a hundred reports make one case and remove nothing."""
    for number in range(30):
        actions.report(online, by=None, rule="haine", explanation=f"Propos n° {number}", email="x@example.org")
    actions.report(online, by=amina, rule="inexact", explanation="La salle est fermée.")
    client.force_login(moderator)
    [(case, _form)] = client.get("/moderation/").context["cases"]
    assert case.item == online
    assert '<span class="count">1</span>' in client.get("/mon-espace/").content.decode()
    assert online.is_online
    client.post(f"/moderation/publication/{online.pk}/", decision("keep"))
    assert client.get("/moderation/").context["cases"] == []
    assert JournalEntry.objects.filter(verb="report.closed", details__upheld=False).count() == 31
