"""What a malicious author, or a moderator judge and party, cannot obtain from the desk."""

import uuid

from django.test import Client

from parvis.moderation import actions as moderation
from parvis.people import actions as people
from parvis.people.models import Membership, Person, Voice
from parvis.publications import actions
from parvis.publications.models import Decision, Publication, State
from tests.moderation.conftest import Post


def test_what_its_author_changed_meanwhile_is_not_put_online(
    client: Client, post: Post, amina: Person, moderator: Person
) -> None:
    waits = post(amina, "Un texte aimable.")
    client.force_login(moderator)
    page = client.get(f"/moderation/publication/{waits.pk}/")
    assert f'name="version" value="{waits.version}"' in page.content.decode()
    sent = {"key": str(uuid.uuid4()), "verdict": "approve", "version": waits.version}

    actions.correct(waits, by=amina, title="", body="Une injure.")

    answer = client.post(f"/moderation/publication/{waits.pk}/", sent)
    assert answer.status_code == 422
    assert "Une injure." in answer.content.decode()
    waits.refresh_from_db()
    assert waits.state == State.PENDING
    assert not Decision.objects.exists()
    # Once read, it can be decided on, with the same page.
    client.post(f"/moderation/publication/{waits.pk}/", sent | {"version": waits.version})
    waits.refresh_from_db()
    assert waits.state == State.ONLINE


def test_a_moderator_does_not_decide_for_their_own_organisation(
    client: Client, online: Publication, chorale: Voice, chloe: Person, moderator: Person, admin: Person
) -> None:
    draft = actions.compose(
        voice=chorale, by=chloe, kind="post", place=online.place, body="Concert dimanche.", zones=[online.place]
    )
    said = actions.submit(draft, by=chloe)
    assert Publication.objects.under(moderator).filter(pk=said.pk).exists()

    people.add_member(chorale, by=chloe, person=moderator, role=Membership.Role.EDITOR)

    assert not Publication.objects.under(moderator).filter(pk=said.pk).exists()
    assert Publication.objects.under(admin).filter(pk=said.pk).exists()
    client.force_login(moderator)
    assert client.get(f"/moderation/publication/{said.pk}/").status_code == 404


def test_what_was_reported_then_withdrawn_leaves_the_queue(
    client: Client, online: Publication, chloe: Person, bruno: Person, moderator: Person
) -> None:
    moderation.report(online, by=bruno, rule="haine", explanation="Ce passage est injurieux.")
    client.force_login(moderator)
    assert len(client.get("/moderation/").context["cases"]) == 1

    actions.withdraw(online, by=chloe)

    assert len(client.get("/moderation/").context["cases"]) == 0
