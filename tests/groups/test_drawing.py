"""Messages are drawn once: what is kept falls with what it says, and nobody is shown what is another's."""

import re

import pytest
from django.test import Client

from parvis.core.kept import Pieces
from parvis.groups import actions
from parvis.groups.models import Group, Message, Topic
from parvis.people.models import Person, Voice
from parvis.publications.models import Decision
from tests.circles import own, say, signed_in, trust
from tests.journeys.walker import plain


@pytest.fixture
def topic(garden: Group, amina: Person, bruno: Person, chloe: Person) -> Topic:
    """A topic of Amina, who animates; Bruno and Chloé are in the group."""
    for person in (bruno, chloe):
        trust(person)
        actions.join(garden, by=person, voice=own(person))
    return say(garden, amina, "Qui a des tomates ?")


@pytest.fixture
def answer(topic: Topic, bruno: Person) -> Message:
    """Bruno’s."""
    return actions.reply(topic, by=bruno, voice=own(bruno), body="Moi, douze.")


def article(client: Client, message: Message) -> str:
    """What the page of its topic shows of a message, once it was shown; nothing when it is not there."""
    for _turn in range(2):
        page = client.get(message.topic.get_absolute_url()).content.decode()
    found = re.search(rf'<article[^>]*id="message-{message.pk}".*?</article>', page, re.DOTALL)
    return plain(found[0]) if found else ""


def test_a_message_is_drawn_once_for_those_who_see_the_same(answer: Message, amina: Person, chloe: Person) -> None:
    def kept() -> int:
        keys = [key for pieces in Pieces.every for key in pieces.young if isinstance(key, tuple)]
        return sum(key[:2] == ("message", answer.pk) for key in keys)

    for client in (signed_in(chloe), signed_in(chloe)):
        assert "Moi, douze." in article(client, answer)
    assert kept() == 1
    article(signed_in(amina), answer)
    assert kept() == 2


def test_it_falls_with_every_word_it_shows(answer: Message, bruno: Person, chloe: Person, amina: Person) -> None:
    topic = answer.topic
    quote = actions.reply(topic, by=chloe, voice=own(chloe), body="Bravo", quoted=answer)
    reader = signed_in(chloe)
    assert "Moi, douze." in article(reader, answer)
    assert "Moi, douze." in article(reader, quote)
    actions.edit(answer, by=bruno, body="Moi, treize.", version=1)
    for message in (answer, quote):
        assert "Moi, treize." in article(reader, message)
    assert "voir ce qui était écrit" in article(reader, answer)
    actions.keep_answer(answer, by=amina)
    assert "réponse retenue" in article(reader, answer)
    Voice.objects.filter(person=bruno).update(name="Bruno T.", version=99)
    for message in (answer, quote):
        assert "Bruno T." in article(reader, message)
    answer.refresh_from_db()
    actions.hide_message(answer, by=amina, rule=Decision.Rule.choices[0][0], reason="Hors sujet.")
    assert article(reader, answer) == ""
    assert "treize" not in article(reader, quote)
    assert "n'est plus ici" in article(reader, quote)


def test_each_reader_sees_what_is_theirs(answer: Message, amina: Person, bruno: Person, chloe: Person) -> None:
    visitor, author, animator, member = Client(), signed_in(bruno), signed_in(amina), signed_in(chloe)
    for _turn in range(2):
        assert "Corriger" in article(author, answer)
        assert "Signaler" not in article(author, answer)
        assert "Modérer" in article(animator, answer)
        assert "Retenir comme réponse" in article(animator, answer)
        for other in (visitor, member):
            page = article(other, answer)
            assert "Signaler" in page
            assert "Corriger" not in page
            assert "Modérer" not in page
            assert "Retenir" not in page
        assert "Merci" not in article(visitor, answer)
    actions.react(answer, by=chloe, kind="thanks")
    pressed = 'name="kind" value="thanks" aria-pressed="true"'
    assert pressed in member.get(answer.topic.get_absolute_url()).content.decode()
    assert pressed not in animator.get(answer.topic.get_absolute_url()).content.decode()
    assert "Des membres ont réagi" in article(author, answer)
    assert "Des membres ont réagi" not in article(animator, answer)


def test_no_token_of_one_is_in_the_page_of_another(answer: Message, amina: Person, chloe: Person) -> None:
    """R-SEC-1: pieces are shared, what lets one act is not."""
    tokens = {}
    clients = {person.pk: Client(enforce_csrf_checks=True) for person in (amina, chloe)}
    for person in (amina, chloe):
        clients[person.pk].force_login(person)
        page = clients[person.pk].get(answer.topic.get_absolute_url()).content.decode()
        form = page.partition(f"/groupes/messages/{answer.pk}/reagir/")[2]
        tokens[person.pk] = form.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    address = f"/groupes/messages/{answer.pk}/reagir/"
    said = {"kind": "thanks", "csrfmiddlewaretoken": tokens[amina.pk]}
    assert clients[chloe.pk].post(address, said).status_code == 403
    assert clients[amina.pk].post(address, said).status_code == 302
