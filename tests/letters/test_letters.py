"""Mail about what one wrote: who gets it, what it says, and how many times (R-REL-6, R-LAW-19)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend

from parvis.core.models import Job, JournalEntry
from parvis.letters import jobs
from parvis.letters.models import Letter
from parvis.moderation import actions as moderation
from parvis.people.models import Person, Voice
from parvis.publications import actions
from parvis.publications.models import Publication, Reply
from tests.moderation.conftest import Post, online, post
from tests.worker import run_until_idle

__all__ = ["online", "post"]


@pytest.fixture
def sent(online: Publication) -> list[EmailMessage]:
    """What is sent from now on."""
    run_until_idle()
    mail.outbox.clear()
    return mail.outbox


def refused(post: Post, author: Person, moderator: Person) -> Publication:
    waits = post(author, "Achetez mes bougies")
    return actions.refuse(waits, by=moderator, rule="publicite", reason="C’est une vente à titre privé.")


def test_a_refusal_says_the_rule_the_reason_and_how_to_contest(
    sent: list[EmailMessage], post: Post, amina: Person, moderator: Person, settings: Any
) -> None:
    settings.CONTACT_EMAIL = "contact@val-dombre.example"
    refused(post, amina, moderator)
    run_until_idle()
    [letter] = sent
    assert letter.to == ["amina@example.org"]
    assert letter.subject.replace("\xa0", " ") == "Non publié : Achetez mes bougies"
    for words in (
        "Publicité commerciale",
        "C’est une vente à titre privé.",
        "contester",
        "contact@val-dombre.example",
        "par une personne, non par une machine",
        "/reglages/",
        "parce que vous avez écrit",
    ):
        assert words in letter.body
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("verdict", "subject"),
    [("hide", "Masqué par la modération"), ("restore", "De nouveau en ligne")],
)
def test_hiding_and_restoring_are_told(
    sent: list[EmailMessage], online: Publication, moderator: Person, verdict: str, subject: str
) -> None:
    moderation.decide(online, by=moderator, verdict="hide", rule="inexact", reason="La salle est fermée.")
    if verdict == "restore":
        run_until_idle()
        sent.clear()
        moderation.decide(online, by=moderator, verdict="restore")
    run_until_idle()
    assert [letter.subject.replace("\xa0", " ").split(" :")[0] for letter in sent] == [subject]


def test_a_decision_run_twice_is_one_mail_to_its_reader(
    sent: list[EmailMessage], post: Post, amina: Person, moderator: Person
) -> None:
    """F-02: the worker died after the server said yes."""
    refused(post, amina, moderator)
    run_until_idle()
    Job.objects.filter(entry__verb="publication.refused").update(state=Job.State.WAITING)
    run_until_idle()
    first, *again = (letter.extra_headers["Message-ID"] for letter in sent)
    assert again
    assert set(again) == {first}


def test_a_decision_is_sent_again_when_the_server_was_away(
    sent: list[EmailMessage], post: Post, amina: Person, moderator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(post, amina, moderator)
    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "send_messages", unreachable)
        run_until_idle()
    assert Job.objects.filter(state=Job.State.WAITING, error__contains="unreachable").exists()
    Job.objects.filter(state=Job.State.WAITING).update(run_at=JournalEntry.objects.earliest("at").at)
    run_until_idle()
    assert len(sent) == 1


def unreachable(*args: object) -> None:
    raise ConnectionRefusedError("unreachable")


def test_rights_are_asked_when_it_leaves(
    sent: list[EmailMessage], post: Post, amina: Person, moderator: Person
) -> None:
    """R-SEC-3."""
    refused(post, amina, moderator)
    Person.objects.filter(pk=amina.pk).update(is_active=False)
    run_until_idle()
    assert sent == []


@pytest.fixture
def reply(online: Publication, sent: list[EmailMessage], routes: Voice, agent: Person) -> Reply:
    """The service of roads answers Chloé."""
    return actions.reply(online, voice=routes, by=agent, body="La rue sera ouverte <b>mardi</b>.")


def test_the_author_learns_that_someone_replied(sent: list[EmailMessage], reply: Reply, chloe: Person) -> None:
    run_until_idle()
    [letter] = sent
    assert letter.to == [chloe.email]
    assert letter.subject.startswith("Service des routes a répondu")
    assert "La rue sera ouverte" in letter.body
    assert "Service public" in letter.body
    assert reply.get_absolute_url() in letter.body
    assert Letter.objects.get().outcome == Letter.Outcome.SENT


def test_one_is_not_told_of_ones_own_reply(sent: list[EmailMessage], online: Publication, chloe: Person) -> None:
    actions.reply(online, voice=chloe.voice, by=chloe, body="J’ajoute : à 20 h.")
    run_until_idle()
    assert sent == []


def test_a_reply_that_waits_is_told_when_it_is_read_and_once(
    sent: list[EmailMessage], online: Publication, bruno: Person, moderator: Person, chloe: Person
) -> None:
    waits = actions.reply(online, voice=bruno.voice, by=bruno, body="J’y serai.")
    run_until_idle()
    assert sent == []
    actions.approve_reply(waits, by=moderator)
    run_until_idle()
    assert [letter.to for letter in sent if "a répondu" in letter.subject] == [[chloe.email]]
    moderation.decide(waits, by=moderator, verdict="hide", rule="haine", reason="Non.")
    moderation.decide(waits, by=moderator, verdict="restore")
    run_until_idle()
    assert len([letter for letter in sent if "a répondu" in letter.subject]) == 1


def test_a_reply_hidden_before_the_mail_leaves_is_never_told(
    sent: list[EmailMessage], reply: Reply, moderator: Person, chloe: Person
) -> None:
    """R-SEC-3."""
    moderation.decide(reply, by=moderator, verdict="hide", rule="haine", reason="Non.")
    run_until_idle()
    assert [letter for letter in sent if letter.to == [chloe.email]] == []


class Killed(BaseException):
    """What `kill -9` does to a worker: nothing more runs."""


@pytest.fixture
def run_again() -> Callable[[], None]:
    """`run_again()`: the lease of a dead worker ends, another takes its jobs."""

    def run() -> None:
        Job.objects.exclude(state=Job.State.DONE).update(
            state=Job.State.WAITING, run_at=JournalEntry.objects.earliest("at").at
        )
        run_until_idle()

    return run


@pytest.mark.parametrize("killed_after_the_server_said_yes", [False, True])
def test_a_notification_leaves_at_most_once_whenever_the_worker_dies(
    sent: list[EmailMessage],
    reply: Reply,
    run_again: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    killed_after_the_server_said_yes: bool,
) -> None:
    """F-02: sent or not, it is not sent again."""
    genuine = EmailBackend.send_messages

    def dying(self: EmailBackend, messages: list[EmailMessage]) -> int:
        if killed_after_the_server_said_yes:
            genuine(self, messages)
        raise Killed

    with monkeypatch.context() as dies:
        dies.setattr(EmailBackend, "send_messages", dying)
        with pytest.raises(Killed):
            run_until_idle()
    for _ in range(3):
        run_again()
    assert len(sent) == (1 if killed_after_the_server_said_yes else 0)
    assert Letter.objects.get().outcome == Letter.Outcome.SENDING


def test_an_answer_lost_leaves_the_outcome_unknown_and_visible(
    sent: list[EmailMessage], reply: Reply, run_again: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-03."""
    with monkeypatch.context() as slow:
        slow.setattr(EmailBackend, "send_messages", unreachable)
        run_until_idle()
    run_again()
    assert sent == []
    assert Letter.objects.get().outcome == Letter.Outcome.UNKNOWN


def test_a_server_that_never_answered_is_tried_again(
    sent: list[EmailMessage], reply: Reply, run_again: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "open", unreachable)
        run_until_idle()
    assert not Letter.objects.exists()
    run_again()
    assert len(sent) == 1


def test_no_line_break_passes_from_a_title_to_the_headers(
    sent: list[EmailMessage], post: Post, amina: Person, moderator: Person
) -> None:
    waits = post(amina, "Bonjour")
    Publication.objects.filter(pk=waits.pk).update(title="Bal\nBcc: everyone@example.org")
    actions.refuse(waits, by=moderator, rule="haine", reason="Non.")
    run_until_idle()
    for letter in sent:
        assert "\n" not in letter.subject
        assert letter.recipients() == ["amina@example.org"]


def test_old_claims_are_forgotten(reply: Reply) -> None:
    run_until_idle()
    claim = Letter.objects.get()
    assert jobs.forget() == 0
    Letter.objects.filter(pk=claim.pk).update(at=claim.at - 2 * jobs.REMEMBERED)
    assert jobs.forget() == 1
