"""The pages of discussions, through HTTP alone."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parvis.groups import actions
from parvis.groups.models import Draft, Group, Message, Reading, Topic
from parvis.people.models import Person
from parvis.publications.models.publications import position
from tests.circles import own, say, signed_in, trust
from tests.journeys.walker import plain


def text(client: Client, address: str) -> str:
    """What the page says, after the way it leads."""
    response = client.get(address, follow=True)
    assert response.status_code == 200, response.status_code
    return plain(response.content.decode())


def key(client: Client, address: str) -> str:
    """The key of the form to write."""
    page = client.get(address, follow=True).content.decode()
    return page.rpartition('name="key" value="')[2].partition('"')[0]


@pytest.fixture
def topic(garden: Group, amina: Person, bruno: Person) -> Topic:
    """A topic of Amina; Bruno is in the group."""
    trust(bruno)
    actions.join(garden, by=bruno, voice=own(bruno))
    return say(garden, amina, "Qui a des tomates ?")


def fill(topic: Topic, person: Person, count: int) -> list[Message]:
    """So many answers, one each minute."""
    at = timezone.now() - timedelta(days=9)
    rows = [
        Message(
            topic=topic,
            author=person,
            voice=own(person),
            body=f"Réponse n° {number}.",
            body_html=f"<p>n° {number}.</p>",
        )
        for number in range(1, count + 1)
    ]
    made = Message.objects.bulk_create(rows)
    for number, row in enumerate(made):
        row.position = position(at + timedelta(minutes=number), row.pk)
    Message.objects.bulk_update(made, ["position"])
    Message.objects.filter(topic=topic, opens=True).update(position=position(at - timedelta(days=1), 1))
    Topic.objects.filter(pk=topic.pk).update(reply_count=count, position=made[-1].position)
    topic.refresh_from_db()
    return made


def test_a_long_topic_opens_at_the_first_unread(topic: Topic, amina: Person, bruno: Person) -> None:
    made = fill(topic, amina, 100)
    actions.read(topic, made[59].position or 0, by=bruno)
    page = text(signed_in(bruno), topic.get_absolute_url())
    assert "n° 60." not in page
    assert "n° 61." in page
    assert "n° 90." in page
    assert "n° 91." not in page
    assert "Messages plus anciens" in page
    assert "n° 1." in text(Client(), topic.get_absolute_url())


def test_older_and_newer_pages_meet_without_a_gap(topic: Topic, amina: Person) -> None:
    fill(topic, amina, 70)
    client, seen = Client(), []
    address = topic.get_absolute_url()
    while address:
        page = client.get(address).content.decode()
        seen += [part.partition("<")[0] for part in page.split("<p>n° ")[1:]]
        later = re.search(r'rel="next" href="([?]depuis=[0-9]+)"', page)
        address = topic.get_absolute_url() + later[1] if later else ""
    assert seen == [f"{number}." for number in range(1, 71)]
    last = Message.objects.get(body="Réponse n° 41.")
    page = client.get(f"{topic.get_absolute_url()}?avant={last.position}").content.decode()
    assert "n° 40." in page
    assert "n° 41." not in page
    assert "n° 11." in page


def test_the_place_of_a_message_is_found_again(topic: Topic, amina: Person) -> None:
    made = fill(topic, amina, 70)
    response = Client().get(made[49].get_absolute_url())
    assert response["Location"].endswith(f"#message-{made[49].pk}")
    assert "n° 50." in text(Client(), response["Location"].partition("#")[0])


def test_a_reply_quotes_what_it_answers(topic: Topic, bruno: Person) -> None:
    client, first = signed_in(bruno), topic.messages.get()
    address = f"{topic.get_absolute_url()}?citer={first.pk}"
    assert "En réponse à Amina Belkacem" in text(client, address)
    said = {"key": key(client, address), "voice": own(bruno).pk, "body": "Moi !", "quoted": first.pk}
    response = client.post(f"/groupes/sujets/{topic.pk}/repondre/", said)
    assert response.status_code == 302
    assert Message.objects.get(body="Moi !").quoted == first
    assert "En réponse à Amina Belkacem</a> : Le texte de" in text(Client(), topic.get_absolute_url())
    assert Reading.objects.filter(person=bruno, topic=topic).exists()


def test_a_second_click_says_it_once(topic: Topic, bruno: Person) -> None:
    client = signed_in(bruno)
    said = {"key": key(client, topic.get_absolute_url()), "voice": own(bruno).pk, "body": "Une fois"}
    for _click in range(2):
        client.post(f"/groupes/sujets/{topic.pk}/repondre/", said)
    assert Message.objects.filter(body="Une fois").count() == 1


def test_a_draft_waits_on_the_page(topic: Topic, bruno: Person) -> None:
    client = signed_in(bruno)
    said = {"body": "Je me demandais si", "draft": "1"}
    client.post(f"/groupes/sujets/{topic.pk}/repondre/", said)
    assert "Je me demandais si" in text(client, topic.get_absolute_url())
    quiet = client.post(f"/groupes/sujets/{topic.pk}/repondre/", said, headers={"X-Requested-With": "fetch"})
    assert quiet.status_code == 204
    assert "Je me demandais si" not in text(signed_in(topic.author or bruno), topic.get_absolute_url())
    assert Draft.objects.count() == 1


def test_both_texts_are_shown_when_two_correct_at_once(topic: Topic, amina: Person) -> None:
    """R-REL-10."""
    message, client = topic.messages.get(), signed_in(amina)
    address = f"/groupes/messages/{message.pk}/corriger/"
    assert client.post(address, {"body": "Première version", "version": 1}).status_code == 302
    response = client.post(address, {"body": "Deuxième version", "version": 1})
    assert response.status_code == 422
    page = plain(response.content.decode())
    assert "Première version" in page
    assert "Deuxième version" in page
    assert client.post(address, {"body": "Deuxième version", "version": 2}).status_code == 302
    assert "voir ce qui était écrit" in text(Client(), topic.get_absolute_url())


def test_new_replies_are_counted_without_a_reload(topic: Topic, amina: Person, bruno: Person) -> None:
    client = signed_in(bruno)
    address = f"/groupes/sujets/{topic.pk}/nouveautes/?depuis={topic.messages.get().position}"
    first = client.get(address)
    assert first.json() == {"count": 0}
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    actions.reply(topic, by=amina, voice=own(amina), body="Encore une")
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).json() == {"count": 1}


def test_unread_messages_are_counted_on_the_page_of_the_group(topic: Topic, amina: Person, bruno: Person) -> None:
    client = signed_in(bruno)
    client.post(f"/groupes/sujets/{topic.pk}/lu/", {"position": topic.messages.get().position})
    actions.reply(topic, by=amina, voice=own(amina), body="Une nouvelle")
    assert "message non lu<" in text(client, topic.group.get_absolute_url())
    client.post(f"/groupes/sujets/{topic.pk}/lu/", {"position": 2**62})
    assert "message non lu<" not in text(client, topic.group.get_absolute_url())


def test_an_animator_moderates_from_the_group(topic: Topic, amina: Person, bruno: Person, chloe: Person) -> None:
    actions.join(topic.group, by=chloe, voice=own(chloe))
    message = actions.reply(topic, by=chloe, voice=own(chloe), body="Mon premier message")
    assert message.state == "pending"
    desk = signed_in(amina)
    page = text(desk, f"/moderation/?groupe={topic.group_id}")
    assert "Mon premier message" in page
    assert signed_in(bruno).get(f"/moderation/?groupe={topic.group_id}").status_code == 404
    said = {"key": key(desk, f"/moderation/message/{message.pk}/"), "version": 1}
    said |= {"verdict": "refuse", "rule": "hors-sujet", "reason": "Ce n’est pas de tomates qu’il s’agit."}
    assert desk.post(f"/moderation/message/{message.pk}/", said).status_code == 302
    assert "Ce n'est pas de tomates" in text(signed_in(chloe), topic.get_absolute_url())
    assert "Mon premier message" not in text(signed_in(bruno), topic.get_absolute_url())


def test_a_report_reaches_whoever_animates(topic: Topic, amina: Person, bruno: Person, chloe: Person) -> None:
    """R-LAW-18."""
    message = actions.reply(topic, by=bruno, voice=own(bruno), body="Une insulte")
    client = signed_in(chloe)
    said = {
        "key": key(client, f"/signaler/message/{message.pk}/"),
        "rule": "haine",
        "explanation": "C’est une insulte.",
    }
    assert client.post(f"/signaler/message/{message.pk}/", said).status_code == 302
    assert "C'est une insulte." in text(signed_in(amina), f"/moderation/?groupe={topic.group_id}")


def test_a_private_discussion_is_a_page_that_does_not_exist(cellar: Group, amina: Person, bruno: Person) -> None:
    """R-SEC-1: from pages, files, polls and counters alike, the same 404."""
    topic = say(cellar, amina, "Secret")
    for client in (Client(), signed_in(bruno)):
        for address in (
            topic.get_absolute_url(),
            topic.messages.get().get_absolute_url(),
            f"/groupes/sujets/{topic.pk}/nouveautes/?depuis=1",
            f"/signaler/message/{topic.messages.get().pk}/",
        ):
            assert client.get(address).status_code == 404


def test_a_page_asks_little_whatever_the_length(
    topic: Topic, amina: Person, bruno: Person, django_assert_max_num_queries
) -> None:
    fill(topic, amina, 100)
    client = signed_in(bruno)
    with django_assert_max_num_queries(16):
        client.get(topic.get_absolute_url())
    # Once its messages were drawn for someone who sees the same.
    with django_assert_max_num_queries(12):
        client.get(topic.get_absolute_url())
    visitor = Client()
    with django_assert_max_num_queries(8):
        visitor.get(topic.get_absolute_url())
