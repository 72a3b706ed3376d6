"""Who wrote in a group is told why their message was refused or hidden, wherever they are by then (R-LAW-19)."""

import pytest
from django.core import mail

from parvis.groups import actions
from parvis.groups.models import Group, Message
from parvis.people.models import Person
from tests.circles import own, say, trust
from tests.worker import run_until_idle


@pytest.fixture
def insult(cellar: Group, amina: Person, bruno: Person) -> Message:
    """What Bruno said in a private group that Amina animates; nothing was written to anyone yet."""
    trust(bruno)
    actions.invite(cellar, by=amina, email=bruno.email)
    actions.accept(cellar, by=bruno, voice=own(bruno))
    message = actions.reply(say(cellar, amina, "Les clés"), by=bruno, voice=own(bruno), body="Triple buse.")
    run_until_idle()
    mail.outbox.clear()
    return message


def test_says_why_and_how_to_contest(insult: Message, amina: Person, bruno: Person) -> None:
    actions.hide_message(insult, by=amina, rule="haine", reason="Une insulte n’est pas un argument.")
    run_until_idle()
    [told] = mail.outbox
    assert told.to == [bruno.email]
    assert told.subject == "Masqué par la modération\xa0: votre message dans «\xa0Les clés\xa0»"
    for words in ("Triple buse.", "Une insulte n’est pas un argument.", "contester", insult.get_absolute_url()):
        assert words in str(told.body)


def test_tells_who_left_nothing_of_the_group(insult: Message, cellar: Group, amina: Person, bruno: Person) -> None:
    """R-SEC-3: the reason still arrives."""
    actions.hide_message(insult, by=amina, rule="haine", reason="Une insulte n’est pas un argument.")
    actions.leave(cellar, by=bruno)
    run_until_idle()
    [told] = mail.outbox
    assert "Une insulte n’est pas un argument." in str(told.body)
    said = f"{told.subject} {told.body}"
    assert not any(words in said for words in ("Les clés", cellar.voice.name, "/groupes/"))


def test_what_was_hidden_again_is_not_said_to_be_back(insult: Message, amina: Person) -> None:
    actions.hide_message(insult, by=amina, rule="haine", reason="Une insulte.")
    actions.restore_message(insult, by=amina)
    actions.hide_message(insult, by=amina, rule="haine", reason="Une insulte, toujours.")
    run_until_idle()
    assert [message.subject.partition("\xa0:")[0] for message in mail.outbox] == ["Masqué par la modération"] * 2


def test_who_is_banned_is_told_why_and_how_to_contest(
    insult: Message, cellar: Group, amina: Person, bruno: Person
) -> None:
    """R-LAW-19; a private group is not named to who is no longer in it (R-SEC-3)."""
    actions.ban(cellar.members.get(person=bruno), by=amina, reason="Trois insultes en une semaine.")
    run_until_idle()
    [told] = mail.outbox
    assert told.to == [bruno.email]
    for words in ("Trois insultes en une semaine.", "contester", "Vous ne pouvez pas y revenir"):
        assert words in str(told.body)
    assert cellar.voice.name not in f"{told.subject} {told.body}"


def test_who_is_taken_out_is_told_once_and_nothing_if_they_are_back(
    garden: Group, amina: Person, bruno: Person, chloe: Person
) -> None:
    for person in (bruno, chloe):
        actions.join(garden, by=person, voice=own(person))
        actions.remove(garden.members.get(person=person), by=amina)
    actions.join(garden, by=chloe, voice=own(chloe))
    run_until_idle()
    [told] = [one for one in mail.outbox if "n’êtes plus membre" in one.subject]
    assert told.to == [bruno.email]
    assert garden.voice.name in told.subject
    assert garden.get_absolute_url() in str(told.body)
