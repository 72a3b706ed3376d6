"""Topics and messages: who writes, what is read first, what others see."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from parvis.core.models import JournalEntry
from parvis.groups import actions
from parvis.groups.friction import given_away
from parvis.groups.models import Draft, Group, Mention, Message, Reading, Topic
from parvis.groups.unread import unread
from parvis.people.models import Person, Voice
from parvis.publications.models import State
from tests.circles import Found, own, say, trust


def test_a_topic_and_its_answer_are_read_by_all_in_a_public_group(garden: Group, amina: Person, bruno: Person) -> None:
    trust(bruno)
    actions.join(garden, by=bruno, voice=own(bruno))
    topic = say(garden, amina, "Qui a des tomates ?")
    actions.reply(topic, by=bruno, voice=own(bruno), body="Moi, une douzaine.")
    assert Topic.objects.visible_to(None).get().reply_count == 1
    assert [message.body for message in Message.objects.visible_to(None).in_order()] == [
        "Le texte de « Qui a des tomates ? ».",
        "Moi, une douzaine.",
    ]


def test_only_members_write(garden: Group, amina: Person, bruno: Person) -> None:
    topic = say(garden, amina, "Sujet")
    with pytest.raises(actions.Refused):
        actions.reply(topic, by=bruno, voice=own(bruno), body="Bonjour")
    with pytest.raises(actions.Refused):
        say(garden, bruno, "Autre sujet")


def test_a_message_bears_the_voice_of_the_association(
    garden: Group, amina: Person, chorale: Voice, chloe: Person
) -> None:
    trust(chloe)
    actions.join(garden, by=chloe, voice=chorale)
    message = actions.reply(say(garden, amina, "Sujet"), by=chloe, voice=chorale, body="La chorale vient.")
    assert message.voice == chorale
    with pytest.raises(actions.Refused):
        actions.reply(message.topic, by=amina, voice=chorale, body="Je parle pour elle.")


def test_a_member_of_a_private_group_stays_unknown_outside(cellar: Group, amina: Person, bruno: Person) -> None:
    """What is said there makes nobody's page public."""
    actions.invite(cellar, by=amina, email=bruno.email)
    actions.accept(cellar, by=bruno, voice=own(bruno))
    topic = say(cellar, amina, "Secret")
    actions.reply(topic, by=bruno, voice=own(bruno), body="Chut.")
    assert own(bruno).spoke_at is None
    assert not Topic.objects.visible_to(None).exists()
    assert Message.objects.visible_to(bruno).count() == 2


@pytest.mark.parametrize(
    ("mode", "held"), [("moderated", [True, True]), ("first", [True, False]), ("open", [False, False])]
)
def test_each_mode_reads_first_what_it_says(
    found: Found, amina: Person, bruno: Person, mode: str, held: list[bool]
) -> None:
    """R-MOD-2: held content appears to nobody but its author and who decides."""
    group = found(mode=mode)
    trust(bruno)
    actions.join(group, by=bruno, voice=own(bruno))
    topic = say(group, amina, "Sujet")
    for number, waits in enumerate(held):
        message = actions.reply(topic, by=bruno, voice=own(bruno), body=f"Message {number}")
        assert (message.state == State.PENDING) is waits
        assert Message.objects.visible_to(amina).filter(pk=message.pk).exists() is not waits
        assert Message.objects.open_to(bruno).filter(pk=message.pk).exists()
        if waits:
            assert Message.objects.awaiting(amina).get() == message
            actions.approve_message(message, by=amina)
            message.refresh_from_db()
            assert Message.objects.visible_to(None).filter(pk=message.pk).exists()
    topic.refresh_from_db()
    assert topic.reply_count == len(held)


def test_an_unknown_account_is_read_first_where_anyone_reads(garden: Group, amina: Person, bruno: Person) -> None:
    """R-SEC-19."""
    actions.join(garden, by=bruno, voice=own(bruno))
    topic = say(garden, bruno, "Bonjour à tous")
    assert topic.state == State.PENDING
    assert not Topic.objects.visible_to(amina).exists()
    actions.approve_message(topic.messages.get(), by=amina)
    assert Topic.objects.visible_to(None).get() == topic
    bruno.refresh_from_db()
    assert bruno.trusted_at is None
    assert actions.reply(topic, by=bruno, voice=own(bruno), body="Merci").state == State.ONLINE


def test_in_a_group_of_information_animators_alone_write(found: Found, amina: Person, bruno: Person) -> None:
    group = found(mode="information")
    actions.join(group, by=bruno, voice=own(bruno))
    topic = say(group, amina, "À savoir")
    with pytest.raises(actions.Refused):
        actions.reply(topic, by=bruno, voice=own(bruno), body="Une question")


def test_a_slow_group_makes_one_wait(found: Found, amina: Person, bruno: Person) -> None:
    """R-MOD-10."""
    group, now = found(pace=15), timezone.now()
    trust(bruno)
    actions.join(group, by=bruno, voice=own(bruno))
    topic = say(group, amina, "Sujet vif")
    actions.reply(topic, by=bruno, voice=own(bruno), body="Un", at=now)
    with pytest.raises(actions.Refused, match="rythme lent"):
        actions.reply(topic, by=bruno, voice=own(bruno), body="Deux", at=now + timedelta(minutes=14))
    actions.reply(topic, by=bruno, voice=own(bruno), body="Deux", at=now + timedelta(minutes=15))


def test_a_new_account_names_few_and_links_little(cellar: Group, amina: Person, bruno: Person) -> None:
    """R-MOD-3."""
    actions.invite(cellar, by=amina, email=bruno.email)
    actions.accept(cellar, by=bruno, voice=own(bruno))
    topic = say(cellar, amina, "Sujet")
    with pytest.raises(actions.Refused):
        actions.reply(topic, by=bruno, voice=own(bruno), body="https://a.fr https://b.fr https://c.fr")


def test_a_member_named_after_an_at_sign_is_mentioned(garden: Group, amina: Person, chloe: Person) -> None:
    trust(chloe)
    actions.join(garden, by=chloe, voice=own(chloe))
    message = actions.reply(
        say(garden, amina, "S"), by=amina, voice=own(amina), body="Dis, @Chloé Marchand, tu viens ?"
    )
    assert Mention.objects.get().person == chloe
    assert "<strong>@Chloé Marchand</strong>, tu viens" in message.body_html
    actions.reply(
        message.topic, by=amina, voice=own(amina), body="@chloe marchand et @Bruno Tessier, amina@exemple.org"
    )
    assert list(Mention.objects.values_list("person", flat=True)) == [chloe.pk, chloe.pk]


def test_a_topic_opens_at_the_first_unread(garden: Group, amina: Person, bruno: Person) -> None:
    trust(bruno)
    actions.join(garden, by=bruno, voice=own(bruno))
    topic = say(garden, amina, "Sujet")
    actions.read(topic, topic.messages.get().position or 0, by=bruno)
    for number in range(3):
        actions.reply(topic, by=amina, voice=own(amina), body=f"Réponse {number}")
    assert unread(bruno, [topic]) == {topic.pk: 3}
    assert unread(amina, [topic]) == {}
    last = topic.messages.order_by("-position")[0]
    actions.read(topic, last.position or 0, by=bruno)
    actions.read(topic, 1, by=bruno)
    assert Reading.objects.get(person=bruno).position == last.position
    assert unread(bruno, [topic]) == {}


def test_reading_leaves_nothing_in_the_journal(garden: Group, amina: Person) -> None:
    """R-PRIV-14."""
    topic = say(garden, amina, "Sujet")
    entries = JournalEntry.objects.count()
    actions.read(topic, 2**60, by=amina)
    assert JournalEntry.objects.count() == entries


def test_a_draft_is_kept_until_it_is_sent(garden: Group, amina: Person) -> None:
    topic = say(garden, amina, "Sujet")
    actions.keep_draft(garden, by=amina, topic=topic, body="Je pensais")
    actions.keep_draft(garden, by=amina, topic=topic, body="Je pensais que")
    assert Draft.objects.get().body == "Je pensais que"
    actions.reply(topic, by=amina, voice=own(amina), body="Je pensais que oui.")
    assert not Draft.objects.exists()


def test_of_two_corrections_the_second_is_told_of_the_first(garden: Group, amina: Person) -> None:
    """R-REL-10."""
    message = say(garden, amina, "Sujet").messages.get()
    actions.edit(message, by=amina, body="Première correction", version=1)
    with pytest.raises(actions.Refused):
        actions.edit(Message.objects.get(pk=message.pk), by=amina, body="Deuxième", version=1)
    assert Message.objects.get(pk=message.pk).body == "Première correction"
    assert message.revisions.get().body_html == "<p>Le texte de « Sujet ».</p>\n"


def test_nobody_corrects_the_words_of_another(garden: Group, amina: Person, bruno: Person) -> None:
    trust(bruno)
    actions.join(garden, by=bruno, voice=own(bruno))
    message = say(garden, amina, "Sujet").messages.get()
    with pytest.raises(ValidationError):
        actions.edit(message, by=bruno, body="Autre", version=1)
    with pytest.raises(ValidationError):
        actions.withdraw(message, by=bruno)


def test_what_opens_a_topic_takes_it_away(garden: Group, amina: Person) -> None:
    topic = say(garden, amina, "Sujet")
    actions.reply(topic, by=amina, voice=own(amina), body="Suite")
    actions.withdraw(topic.messages.get(opens=True), by=amina)
    assert not Topic.objects.visible_to(amina).exists()
    assert not Message.objects.visible_to(amina).exists()


def test_a_closed_topic_says_why_and_takes_no_answer(garden: Group, amina: Person) -> None:
    topic = say(garden, amina, "Sujet")
    with pytest.raises(ValidationError):
        actions.close(topic, by=amina, reason="")
    actions.close(topic, by=amina, reason="La fête a eu lieu.")
    topic.refresh_from_db()
    with pytest.raises(actions.Refused):
        actions.reply(topic, by=amina, voice=own(amina), body="Encore")
    actions.reopen_topic(topic, by=amina)
    topic.refresh_from_db()
    actions.reply(topic, by=amina, voice=own(amina), body="Encore")


def test_messages_leave_for_another_topic_and_keep_their_order(garden: Group, amina: Person) -> None:
    topic = say(garden, amina, "Sujet")
    one, two, three = (actions.reply(topic, by=amina, voice=own(amina), body=f"R{number}") for number in (1, 2, 3))
    made = actions.split(two, by=amina, title="Autre sujet", following=True)
    assert [message.body for message in made.messages.in_order()] == ["R2", "R3"]
    topic.refresh_from_db()
    made.refresh_from_db()
    assert (topic.reply_count, made.reply_count) == (1, 1)
    actions.move(Message.objects.get(pk=three.pk), by=amina, topic=topic, following=False)
    assert [message.body for message in topic.messages.in_order()][1:] == ["R1", "R3"]
    with pytest.raises(actions.Refused):
        actions.move(Message.objects.get(pk=two.pk), by=amina, topic=topic, following=False)
    assert one.topic_id == topic.pk


def test_two_clicks_open_one_topic(garden: Group, amina: Person) -> None:
    message = actions.reply(say(garden, amina, "Sujet"), by=amina, voice=own(amina), body="À part")
    read_twice = [Message.objects.select_related("topic__group").get(pk=message.pk) for _click in range(2)]
    actions.split(read_twice[0], by=amina, title="Autre sujet", following=True)
    with pytest.raises(actions.Refused):
        actions.split(read_twice[1], by=amina, title="Autre sujet", following=True)
    assert garden.topics.count() == 2


def test_whoever_asked_keeps_the_answer(garden: Group, amina: Person, bruno: Person, chloe: Person) -> None:
    for person in (bruno, chloe):
        trust(person)
        actions.join(garden, by=person, voice=own(person))
    topic = say(garden, bruno, "Qui a une bêche ?")
    message = actions.reply(topic, by=chloe, voice=own(chloe), body="Moi.")
    with pytest.raises(actions.Refused):
        actions.keep_answer(message, by=chloe)
    actions.keep_answer(message, by=bruno)
    assert Topic.objects.get().answer == message
    actions.withdraw(message, by=chloe)
    assert Topic.objects.get().answer is None


def test_a_reaction_is_one_word_that_one_may_take_back(garden: Group, amina: Person, bruno: Person) -> None:
    actions.join(garden, by=bruno, voice=own(bruno))
    message = say(garden, amina, "Sujet").messages.get()
    actions.react(message, by=bruno, kind="thanks")
    actions.react(message, by=bruno, kind="agree")
    assert list(message.reactions.values_list("kind", flat=True)) == ["agree"]
    actions.react(message, by=bruno, kind="agree")
    assert not message.reactions.exists()
    with pytest.raises(actions.Refused):
        actions.react(message, by=amina, kind="thanks")


def test_a_hidden_message_is_nobodys_but_its_author_and_animators(garden: Group, amina: Person, bruno: Person) -> None:
    trust(bruno)
    actions.join(garden, by=bruno, voice=own(bruno))
    topic = say(garden, amina, "Sujet")
    message = actions.reply(topic, by=bruno, voice=own(bruno), body="Une insulte")
    with pytest.raises(ValidationError):
        actions.hide_message(message, by=amina, rule="haine", reason="")
    actions.hide_message(message, by=amina, rule="haine", reason="Une insulte n’est pas un argument.")
    assert not Message.objects.visible_to(None).filter(pk=message.pk).exists()
    assert Message.objects.open_to(bruno).filter(pk=message.pk).exists()
    assert Topic.objects.get().reply_count == 0
    actions.restore_message(message, by=amina)
    assert Topic.objects.get().reply_count == 1


def test_nobody_decides_on_their_own_words(garden: Group, amina: Person) -> None:
    """R-MOD-8."""
    message = say(garden, amina, "Sujet").messages.get()
    with pytest.raises(actions.Refused):
        actions.hide_message(message, by=amina, rule="haine", reason="Trop vif.")


def test_a_moderator_reads_of_a_private_group_what_was_reported(
    cellar: Group, amina: Person, moderator: Person
) -> None:
    message = say(cellar, amina, "Sujet").messages.get()
    assert not Message.objects.under(moderator).exists()
    actions.flag(message)
    assert Message.objects.under(moderator).get() == message
    assert not Topic.objects.open_to(moderator).exists()


def test_what_members_said_among_themselves_is_never_opened(orchard: Group, amina: Person) -> None:
    told: dict[str, Any] = {"themes": ["nature"], "summary": "S", "body": "", "mode": "open", "pace": 0}
    told |= {"rules": "", "welcome": ""}
    say(orchard, amina, "Entre nous")
    with pytest.raises(actions.Refused):
        actions.change(orchard, by=amina, access="public", **told)
    actions.change(orchard, by=amina, access="private", **told)


def test_what_an_animator_read_does_not_change_afterwards(found: Found, amina: Person, bruno: Person) -> None:
    """R-MOD-2: a correction goes round nobody."""
    group = found(mode="moderated")
    trust(bruno)
    actions.join(group, by=bruno, voice=own(bruno))
    message = actions.reply(say(group, amina, "Sujet"), by=bruno, voice=own(bruno), body="Poli")
    actions.edit(message, by=bruno, body="Plus poli", version=1)
    actions.approve_message(Message.objects.get(pk=message.pk), by=amina)
    with pytest.raises(actions.Refused):
        actions.edit(Message.objects.get(pk=message.pk), by=bruno, body="Grossier", version=2)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("Appelez Paul au 06 12 34 56 78.", ["un numéro de téléphone"]),
        ("La voiture AB-123-CD bloque tout.", ["une plaque d’immatriculation"]),
        ("Il habite 12 rue des Lilas.", ["une adresse"]),
        ("Écrivez à paul@exemple.fr.", ["une adresse électronique"]),
        ("Rendez-vous à 18 h 30, salle 12, le 06/12.", []),
        ("@Paul Martin, tu viens ?", []),
    ],
)
def test_what_gives_someone_away_is_asked_about(words: str, what: list[str]) -> None:
    """R-MOD-17."""
    assert given_away(words) == what
