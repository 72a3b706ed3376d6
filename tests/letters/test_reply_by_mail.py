"""A discussion answered by mail: the same act as on the page, with the rights of the moment it comes (R-SEC-3)."""

import io
import sys
from datetime import timedelta
from email.message import EmailMessage
from time import process_time
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from parvis.core.models import JournalEntry
from parvis.groups import actions
from parvis.groups.models import Group, Message, Topic
from parvis.letters import replying
from parvis.letters.received import own_words, parsed
from parvis.letters.receiving import MOST_REFUSALS, Outcome, receive
from parvis.people.models import Person
from tests.circles import Found, found, garden, own, say, trust
from tests.worker import run_until_idle

__all__ = ["Found", "found", "garden"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _door(settings: Any) -> None:
    settings.REPLY_ADDRESS = "repondre@parvis.example"


@pytest.fixture
def topic(garden: Group, amina: Person, bruno: Person) -> Topic:
    """What Amina asks in a group that Bruno is in; nothing was written to anyone yet."""
    trust(bruno)
    actions.join(garden, by=bruno, voice=own(bruno))
    made = say(garden, amina, "Qui garde les graines ?")
    run_until_idle()
    mail.outbox.clear()
    return made


def written(sender: Person | str, to: str, body: str = "Moi, à la cave.", **headers: str) -> bytes:
    """A mail as a program writes it."""
    message = EmailMessage()
    message["From"] = f"Quelqu’un <{sender if isinstance(sender, str) else sender.email}>"
    message["To"], message["Subject"] = to, "Re: Qui garde les graines ?"
    message["Message-ID"] = headers.pop("message_id", f"<{abs(hash((body, to)))}@example.org>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message.as_bytes()


def told() -> list[str]:
    """What is written to those whose answer was not taken."""
    run_until_idle()
    return [str(one.body) for one in mail.outbox if "n’a pas été prise" in one.subject]


def test_the_mail_about_an_answer_is_answered_in_the_topic(topic: Topic, amina: Person, bruno: Person) -> None:
    actions.reply(topic, by=bruno, voice=own(bruno), body="Moi, à la cave.")
    run_until_idle()
    [message] = mail.outbox
    assert "Moi, à la cave." in str(message.body)
    [address] = message.reply_to
    quoted = "\n".join(f"> {line}" for line in str(message.body).splitlines())
    body = f"Merci Bruno !\n\nÀ samedi.\n\nLe sam. 28 nov. 2026 à 10:02, Parvis <x@example.org> a écrit :\n\n{quoted}"
    assert receive(written(amina, address.upper(), body)) == Outcome.TAKEN
    last = Message.objects.latest("pk")
    assert (last.body, last.author, last.voice, last.topic) == ("Merci Bruno !\n\nÀ samedi.", amina, own(amina), topic)


def test_the_same_mail_twice_is_one_answer(topic: Topic, bruno: Person) -> None:
    """R-REL-5."""
    raw = written(bruno, replying.address_of(bruno, topic))
    assert [receive(raw) for _time in range(3)] == [Outcome.TAKEN] * 3
    assert Message.objects.filter(author=bruno).count() == 1


@pytest.mark.parametrize(
    "after",
    [
        "\n\nLe 28/11/2026 à 10:02, Parvis a écrit :\n> Bonjour",
        "\n\nLe sam. 28 nov. 2026 à 10:02, Parvis du Val-d’Ombre <repondre+abc@parvis.example>\na écrit :\n> Bonjour",
        "\n\nOn Sat, Nov 28, 2026 at 10:02 AM Parvis <x@y.example> wrote:\n\n> Bonjour",
        "\n\n-----Message d'origine-----\nDe : Parvis\nBonjour",
        "\n\nDe : Parvis <x@y.example>\nEnvoyé : samedi 28 novembre\nBonjour",
        "\n\n________________________________\nDe : Parvis\n",
        "\n-- \nBruno Tessier\n06 00 00 00 00",
        "\n\nEnvoyé de mon iPhone",
        "\n\nRépondez à ce courriel, au-dessus de cette ligne. ↓\nBonjour",
        "\n> Bonjour,\n> vous\n",
    ],
)
def test_what_one_quotes_and_signs_is_left_out(after: str) -> None:
    assert own_words(f"Moi, à la cave.\n\nLe reste suit.{after}") == "Moi, à la cave.\n\nLe reste suit."


def test_the_words_of_a_mail_in_html_alone_are_read(topic: Topic, bruno: Person) -> None:
    message = EmailMessage()
    message["From"], message["To"] = bruno.email, replying.address_of(bruno, topic)
    message.set_content(
        "<style>p{}</style><p>Moi, <b>à la cave</b> &amp; au grenier.</p><p>À samedi<script>x()</script></p>"
        '<div class="gmail_quote">Le 28 nov., Parvis a écrit<blockquote>Bonjour</blockquote></div>',
        subtype="html",
    )
    assert receive(message.as_bytes()) == Outcome.TAKEN
    assert Message.objects.latest("pk").body == "Moi, à la cave & au grenier.\nÀ samedi"


@pytest.mark.parametrize("repeated", [" ", "<", "<div ", "<style", "<!--", "<br ", "&"])
def test_no_html_holds_the_process(repeated: str) -> None:
    """Anyone may write to the door: quotes were looked for in the square of the length, ten minutes for 400 kB."""
    body = f"<p>Oui.</p>{repeated * (400_000 // len(repeated))}x"
    began = process_time()
    read = parsed(f"From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n{body}".encode())
    assert process_time() - began < 1
    assert read is not None
    assert read.words.startswith("Oui.")


@pytest.mark.parametrize(
    "header",
    [
        "From: " + "(" * 3_000,
        "To: " + '"' * 100_000,
        "To: " + "a.\n " * 100_000,
        "Content-Type: text/plain; " + 'a*0="' * 20_000,
        "To: a@b.example\n" * 20_000,
        "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: text/plain; " + "a=b; " * 20_000,
    ],
)
def test_headers_without_end_are_nobodys(header: str) -> None:
    began = process_time()
    assert parsed(f"{header}\n\nOui.".encode()) is None
    assert process_time() - began < 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"List_Id": "<x.example>"},
        {"X_Autoreply": "yes"},
    ],
)
def test_machines_are_not_answered(topic: Topic, bruno: Person, headers: dict[str, str]) -> None:
    """RFC 3834: an absence, a bounce or a list begins no loop."""
    address = replying.address_of(bruno, topic)
    assert receive(written(bruno, address, **headers)) == Outcome.IGNORED
    assert receive(written("MAILER-DAEMON@example.org", address)) == Outcome.IGNORED
    assert (Message.objects.count(), told()) == (1, [])


def test_a_forged_or_expired_address_is_refused_with_one_mail(
    topic: Topic, bruno: Person, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = replying.address_of(bruno, topic)
    name, _at, host = address.partition("@")
    forged = written(bruno, f"{name[:-1]}{'a' if name[-1] != 'a' else 'b'}@{host}")
    assert [receive(forged), receive(forged)] == [Outcome.REFUSED] * 2
    assert receive(written(amina, address)) == Outcome.REFUSED, "each has their own"
    later = timezone.now() + timedelta(weeks=7)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert receive(written(bruno, address, "Trop tard.")) == Outcome.REFUSED
    said = told()
    assert len(said) == 3
    assert "n’est pas une adresse de réponse valable" in said[0]
    assert "donnée à quelqu’un d’autre" in said[1]
    assert "a expiré" in said[2]
    assert topic.get_absolute_url() in said[2]
    assert Message.objects.count() == 1


def test_nobody_we_do_not_know_is_written_to(topic: Topic, bruno: Person) -> None:
    """Who a mail says it is from may never have written it."""
    assert receive(written("inconnu@example.org", replying.address_of(bruno, topic))) == Outcome.IGNORED
    assert receive(written(bruno, "contact@parvis.example")) == Outcome.IGNORED
    assert receive(b"\x00\xff not a mail") == Outcome.IGNORED
    assert told() == []


def test_who_is_no_longer_in_writes_no_more_and_learns_nothing(
    topic: Topic, garden: Group, bruno: Person, amina: Person
) -> None:
    """R-SEC-3: rights are those of the moment it comes."""
    address = replying.address_of(bruno, topic)
    Group.objects.filter(pk=garden.pk).update(access=Group.Access.PRIVATE)
    actions.remove(garden.members.get(person=bruno), by=amina)
    assert receive(written(bruno, address)) == Outcome.REFUSED
    [said] = told()
    assert "ne vous est plus ouverte" in said
    assert "graines" not in said
    assert topic.get_absolute_url() not in said


def test_the_rules_of_the_group_hold_by_mail(topic: Topic, garden: Group, bruno: Person, amina: Person) -> None:
    """R-MOD-2, R-MOD-3, R-MOD-10: what waits on the page waits, what is refused there is refused."""
    address = replying.address_of(bruno, topic)
    Group.objects.filter(pk=garden.pk).update(mode=Group.Mode.MODERATED)
    assert receive(written(bruno, address, "À relire.")) == Outcome.TAKEN
    assert Message.objects.get(body="À relire.").state == "pending"
    actions.close(topic, by=amina, reason="C’est réglé.")
    assert receive(written(bruno, address, "Encore.")) == Outcome.REFUSED
    assert "Ce sujet est clos" in told()[0]


def test_files_and_empty_answers_are_refused(topic: Topic, bruno: Person) -> None:
    message = EmailMessage()
    message["From"], message["To"] = bruno.email, replying.address_of(bruno, topic)
    message.set_content("Voici.")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="a.pdf")
    assert receive(message.as_bytes()) == Outcome.REFUSED
    assert receive(written(bruno, replying.address_of(bruno, topic), "> Bonjour\n")) == Outcome.REFUSED
    said = told()
    assert "se joignent sur la page" in said[0]
    assert "aucun mot de vous" in said[1]


def test_refusals_do_not_flood(topic: Topic, bruno: Person) -> None:
    for number in range(MOST_REFUSALS + 4):
        receive(written(bruno, "repondre+aaaa@parvis.example", f"Essai {number}"))
    assert len(told()) == MOST_REFUSALS


def test_the_command_reads_the_standard_input(topic: Topic, bruno: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    address = replying.address_of(bruno, topic)
    raw = written(bruno, "Discussion <quelque-part@example.org>")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    said = io.StringIO()
    call_command("mail", "receive", "--to", address, stdout=said)
    assert said.getvalue().strip() == "taken"
    assert JournalEntry.objects.filter(verb="message.posted", actor_id=bruno.pk).count() == 1


def test_without_a_door_nothing_is_said_of_it(settings: Any, topic: Topic, amina: Person, bruno: Person) -> None:
    address = replying.address_of(bruno, topic)
    settings.REPLY_ADDRESS = ""
    actions.reply(topic, by=bruno, voice=own(bruno), body="Moi, à la cave.")
    run_until_idle()
    [message] = mail.outbox
    assert message.reply_to == []
    assert "à la cave" not in str(message.body)
    assert receive(written(bruno, address)) == Outcome.IGNORED
