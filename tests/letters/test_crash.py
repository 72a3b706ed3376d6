"""At most one letter per person and period, whatever dies; servers that stall, drop and refuse (R-REL-6)."""

import asyncio
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from parvis.core.models import Job, JournalEntry
from parvis.letters import actions, gazette
from parvis.letters.models import Issue
from parvis.people.models import Person, Voice
from tests.cast import Cast, make_person
from tests.letters.conftest import THURSDAY, Clock, compose, run
from tests.publications.conftest import Say

# Seconds: longer than anyone waits for, and cut short when the server stops.
READERS, SLOW = 6, 600


class Killed(BaseException):
    """What `kill -9` does to a worker: nothing more runs."""


@pytest.fixture
def readers(clock: Clock, territory: Cast, send: Say, routes: Voice, agent: Person) -> list[Person]:
    """Six people of Bois-le-Comte, for whom there is something new; it is Thursday."""
    for person in Person.objects.all():
        actions.choose_rhythm(person, often="never", zone=None)
    people = [make_person(f"lecteur{n}@example.org", f"Personne {n}", territory.bois) for n in range(READERS)]
    send(routes, agent, "Eau coupée jeudi", territory.bois)
    run()
    mail.outbox.clear()
    clock(THURSDAY)
    return people


def dies(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, turn: int, *, after: bool) -> None:
    """Whoever calls it for the `turn`-th time dies, once it was done or before."""
    genuine, calls = getattr(owner, name), Counter[str]()

    def dying(*args: Any, **kwargs: Any) -> Any:
        calls[name] += 1
        if calls[name] == turn and not after:
            raise Killed
        done = genuine(*args, **kwargs)
        if calls[name] == turn:
            raise Killed
        return done

    monkeypatch.setattr(owner, name, dying)


# Every write of the three steps, and the hand-over to the server: where, its name, and which time it is called.
STEPS = [
    (JournalEntry.objects, "bulk_create", 1),
    (Issue.objects, "bulk_create", 1),
    (gazette, "_queue", 1),
    (gazette, "_turn", 1),
    (gazette, "_turn", 2),
    (gazette, "_composed", 1),
    (gazette, "_composed", 3),
    (gazette, "_outcome", 1),
    (gazette, "_outcome", 4),
    (EmailBackend, "send_messages", 1),
    (EmailBackend, "send_messages", 5),
]


def die() -> None:
    """What a worker does until it dies."""
    gazette.begin()
    run()


@pytest.mark.django_db
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", range(len(STEPS)))
def test_at_most_one_whenever_the_worker_dies(
    readers: list[Person], monkeypatch: pytest.MonkeyPatch, step: int, after: bool
) -> None:
    """F-02: killed at every step, then again by three workers that find what it left."""
    owner, name, turn = STEPS[step]
    monkeypatch.setattr(gazette, "COMPOSED", 2)
    with monkeypatch.context() as fatal:
        dies(fatal, owner, name, turn, after=after)
        with pytest.raises(Killed):
            die()
    for _worker in range(3):
        # The lease of the dead one ends; the clock strikes again.
        Job.objects.filter(state=Job.State.RUNNING).update(state=Job.State.WAITING, attempts=0)
        gazette.begin()
        run()
    sent = Counter(message.to[0] for message in mail.outbox)
    assert set(sent.values()) <= {1}, sent
    # The one in the dead worker's hands may be lost; every other leaves.
    assert len(sent) >= READERS - 1
    assert Issue.objects.count() == READERS


class Sink:
    """A mail server that takes, refuses, asks for a moment, stalls or drops, by the address it is for."""

    def __init__(self) -> None:
        self.took: list[str] = []
        self.does: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = {"refuses": "550 no such person", "waits": "451 come back later"}.get(self.does.get(address, ""))
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        [address] = envelope.rcpt_tos
        does = self.does.pop(address, "")
        if does == "turns down":
            return "554 not this one"
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content)
        self.took.append(str(message["To"]))
        # It took the mail, and its answer never comes.
        if does == "stalls":
            await asyncio.sleep(SLOW)
        if does == "drops":
            assert server.transport
            server.transport.close()
        return "250 OK"


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A server of our own, on a port of its own."""
    handler = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_TIMEOUT = 3
    yield handler
    controller.stop()


@pytest.fixture
def states() -> Callable[[], dict[str, str]]:
    """`states()`: what became of the letter of each."""
    rows = Issue.objects.select_related("person")
    return lambda: {issue.person.email.partition("@")[0]: issue.state for issue in rows.all()}


@pytest.mark.django_db
def test_one_that_fails_stops_no_other_and_none_is_sent_twice(
    readers: list[Person], sink: Sink, states: Callable[[], dict[str, str]]
) -> None:
    doings = ("refuses", "waits", "drops", "turns down", "stalls", "")
    sink.does = {person.email: does for person, does in zip(readers, doings, strict=True)}
    compose()
    run()
    assert states() == {
        "lecteur0": "refused", "lecteur1": "queued", "lecteur2": "unknown",
        "lecteur3": "refused", "lecteur4": "unknown", "lecteur5": "sent",
    }  # fmt: skip
    sink.does.clear()
    Job.objects.filter(state=Job.State.WAITING).update(attempts=0)
    run()
    assert states()["lecteur1"] == "sent"
    assert Counter(sink.took) == {f"lecteur{number}@example.org": 1 for number in (1, 2, 4, 5)}


@pytest.mark.django_db
def test_waits_while_the_server_is_away(
    readers: list[Person], sink: Sink, settings: Any, states: Callable[[], dict[str, str]]
) -> None:
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    compose()
    run()
    assert set(states().values()) == {"queued"}
    settings.EMAIL_PORT = port
    Job.objects.filter(state=Job.State.WAITING).update(attempts=0)
    run()
    assert set(states().values()) == {"sent"}
    assert len(sink.took) == READERS
