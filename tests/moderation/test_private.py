"""Private messages that are reported, read with their neighbours alone (R-MOD-6); what is hidden at once (R-MOD-19)."""

from typing import Any

import pytest
from django.core import mail

from parvis.conversations import actions
from parvis.conversations.models import Line
from parvis.groups import actions as groups
from parvis.groups.models import Group, Message
from parvis.moderation import actions as moderation
from parvis.moderation.models import Report
from parvis.people.models import Person, Voice
from parvis.publications.models import State
from tests.circles import own, say, signed_in, trust
from tests.publications.conftest import html
from tests.worker import run_until_idle

pytestmark = pytest.mark.django_db


def send(client: Any, address: str, **said: str) -> Any:
    """What a form sends, with a key of its own."""
    return client.post(address, {"key": "0b6bf7a4-3a5c-4a07-8f6f-0e6a1f1b9a10", **said})


def test_a_moderator_reads_what_was_reported_and_its_neighbours(
    amina: Person, bruno: Person, moderator: Person
) -> None:
    Voice.objects.filter(person__in=[amina, bruno]).update(listed=True)
    for person in (amina, bruno):
        trust(person)
    one = actions.begin(own(bruno), by=amina, voice=own(amina), body="Ligne 0.").conversation
    actions.accept(one, by=bruno)
    for number in range(1, 8):
        actions.answer(one, by=bruno if number % 2 else amina, body=f"Ligne {number}.")
    line = Line.objects.get(body="Ligne 4.")
    desk = signed_in(moderator)
    assert desk.get(f"/moderation/message-prive/{line.pk}/").status_code == 404
    client = signed_in(bruno)
    form = html(client.get(f"/signaler/message-prive/{line.pk}/"))
    assert "les deux qui le précèdent" in form
    sent = send(client, f"/signaler/message-prive/{line.pk}/", rule="haine", explanation="Il me menace.")
    assert sent.status_code == 302
    for address in ("/moderation/", f"/moderation/message-prive/{line.pk}/"):
        page = html(desk.get(address))
        shown = {number for number in range(8) if f"Ligne {number}." in page}
        assert shown == {2, 3, 4, 5, 6}, address
    assert signed_in(amina).get(f"/moderation/message-prive/{line.pk}/").status_code == 404
    run_until_idle()
    mail.outbox.clear()
    moderation.decide(line, by=moderator, verdict="hide", rule="haine", reason="Menace.")
    run_until_idle()
    told = {tuple(one.to): one.body for one in mail.outbox}
    assert "Menace." in told[amina.email,]
    assert "contester" in told[amina.email,]
    assert "Ligne 4." not in html(client.get(f"{one.get_absolute_url()}?depuis=0"))
    assert "Menace." in html(signed_in(amina).get(f"{one.get_absolute_url()}?depuis=0"))


def test_what_is_kept_is_no_longer_a_moderators_to_read(
    amina: Person, routes: Voice, moderator: Person, agent: Person
) -> None:
    trust(amina)
    line = actions.begin(routes, by=amina, voice=own(amina), subject="Un trou", body="Au 3 rue Haute.")
    moderation.report(line, by=agent, rule="autre", explanation="Ce n’est pas pour nous.")
    moderation.decide(line, by=moderator, verdict="keep", reason="Rien à redire.")
    assert signed_in(moderator).get(f"/moderation/message-prive/{line.pk}/").status_code == 404


@pytest.fixture
def told(garden: Group, amina: Person, bruno: Person, chloe: Person) -> Message:
    """Bruno gives Chloé's number away in a public group."""
    for person in (bruno, chloe):
        trust(person)
        groups.join(garden, by=person, voice=own(person))
    topic = say(garden, amina, "Entraide")
    return groups.reply(topic, by=bruno, voice=own(bruno), body="Appelez Chloé au 06 12 34 56 78, elle adore ça.")


def test_what_gives_someone_away_is_hidden_at_once_then_read(
    told: Message, chloe: Person, bruno: Person, moderator: Person
) -> None:
    """R-MOD-19, R-LAW-14, R-LAW-19: hidden within the act, its author told that a person will read it."""
    moderation.report(told, by=chloe, rule="vie-privee", explanation="C’est mon numéro.")
    assert Message.objects.get(pk=told.pk).state == State.HIDDEN
    run_until_idle()
    [said] = [one.body for one in mail.outbox if one.to == [bruno.email]]
    assert "provisoire et automatique" in said
    assert "non par une machine" not in said
    desk = signed_in(moderator)
    page = html(desk.get(f"/moderation/message/{told.pk}/"))
    assert "Remettre en ligne" in page
    assert "Masquer, avec un motif" in page
    assert "06 12 34 56 78" in html(desk.get("/moderation/"))
    told.refresh_from_db()
    moderation.decide(told, by=moderator, verdict="hide", rule="vie-privee", reason="Un numéro se confie en privé.")
    assert Report.objects.get().upheld is True
    assert "06 12 34 56 78" not in html(desk.get("/moderation/"))


def test_who_was_wrong_is_not_believed_at_once_again(
    told: Message, bruno: Person, chloe: Person, moderator: Person
) -> None:
    moderation.report(told, by=chloe, rule="vie-privee", explanation="C’est mon numéro.")
    told.refresh_from_db()
    moderation.decide(told, by=moderator, verdict="restore", reason="Un numéro public.")
    assert Report.objects.get().upheld is False
    told.refresh_from_db()
    assert told.state == State.ONLINE
    other = groups.reply(told.topic, by=bruno, voice=own(bruno), body="Ou au 06 12 34 56 79, c’est pareil.")
    moderation.report(other, by=chloe, rule="vie-privee", explanation="Encore.")
    assert Message.objects.get(pk=other.pk).state == State.ONLINE


@pytest.mark.parametrize("rule", ["vie-privee", "haine"])
def test_nobody_unknown_and_no_number_of_reports_hides_anything(
    told: Message, amina: Person, agent: Person, rule: str
) -> None:
    """R-MOD-4."""
    for _ in range(3):
        moderation.report(told, by=None, rule=rule, explanation="C’est un scandale.")
    moderation.report(told, by=agent, rule=rule, explanation="C’est un scandale.")
    if rule == "haine":
        moderation.report(told, by=amina, rule=rule, explanation="C’est un scandale.")
    assert Message.objects.get(pk=told.pk).state == State.ONLINE
