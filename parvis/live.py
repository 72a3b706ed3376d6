"""The ASGI application of `parvis live`: one route over which open pages hear that there is something new.

A process of its own, that `parvis serve` starts beside the others when there is a Redis. It says « ask again », and
nothing else, to people who may read the thread: it looks at that when they connect and every few seconds, through the
same gates as pages. Whatever fails ends the streams, and pages ask by themselves as they do without it.

Django's queries run in a thread; what is imported here is what these gates stand on, and no page.
"""

import asyncio
import contextlib
import re
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import redis.asyncio
from django.conf import settings
from django.db import Error, close_old_connections
from django.http import parse_cookie
from redis.exceptions import RedisError

from parvis.conversations.models import Conversation
from parvis.core.live import channel
from parvis.core.statements import Statement
from parvis.groups.models import Topic
from parvis.people.models import Person
from parvis.people.sessions import behind

ROUTE = re.compile(r"/direct/(sujet|conversation)/([0-9]{1,15})/")
# Who may read a thread: each kind by its own gate.
GATES = {
    "sujet": Statement(
        lambda person, number: Topic.objects.visible_to(Person(pk=person)).filter(pk=number).values_list("pk"),
        person=int,
        number=int,
    ),
    "conversation": Statement(
        lambda person, number: Conversation.objects.visible_to(Person(pk=person)).filter(pk=number).values_list("pk"),
        person=int,
        number=int,
    ),
}
# Seconds between two signs of life, between two looks at rights, and before a browser comes back.
HEARTBEAT, RECHECK, RETRY = 15, 4, 5
# Rights looked at in one go, while nobody is told anything.
AT_ONCE = 20
# Streams of one person, one for each of their pages in sight; and of all.
MOST_EACH, MOST = 6, 5_000
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    # A proxy that gathers an answer before it sends it would send nothing.
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(eq=False)
class Stream:
    """One open page: whose, of what, and whether there is something to say."""

    session: str
    person: int
    kind: str
    number: int
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False

    def end(self) -> None:
        """Let it close at its next turn, which is now."""
        self.is_over = True
        self.woken.set()


class Hub:
    """All the streams of this process, and what Redis says to them."""

    def __init__(self) -> None:
        self.threads: dict[tuple[str, int], set[Stream]] = defaultdict(set)
        self.each: Counter[int] = Counter()
        self.hears = False
        # One thread, since SQLite has one writer and these are short reads.
        self.pool = ThreadPoolExecutor(max_workers=1)
        self.tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to listen, and to look at rights."""
        self.tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._look())]

    def stop(self) -> None:
        """End everything."""
        for task in self.tasks:
            task.cancel()
        self._end_all()

    def add(self, stream: Stream) -> bool:
        """Take a stream in, unless there are too many."""
        if self.each[stream.person] >= MOST_EACH or self.each.total() >= MOST:
            return False
        self.threads[stream.kind, stream.number].add(stream)
        self.each[stream.person] += 1
        return True

    def remove(self, stream: Stream) -> None:
        """Forget a stream that closed."""
        there = self.threads[stream.kind, stream.number]
        there.discard(stream)
        if not there:
            del self.threads[stream.kind, stream.number]
        self.each[stream.person] -= 1
        if not self.each[stream.person]:
            del self.each[stream.person]

    async def person_of(self, session: str, kind: str, number: int) -> int | None:
        """Who is behind a session, if they may read the thread today."""
        [person] = await self._readers([Stream(session, 0, kind, number)])
        return person

    async def _listen(self) -> None:
        """Wake the streams of what Redis names; while it does not answer there are none."""
        while True:
            try:
                async with redis.asyncio.from_url(settings.REDIS_URL) as client, client.pubsub() as heard:
                    await heard.subscribe(channel())
                    self.hears = True
                    async for said in heard.listen():
                        if said["type"] == "message":
                            self._wake(said["data"].decode(errors="replace"))
            except (RedisError, OSError):
                self.hears = False
                self._end_all()
                await asyncio.sleep(1)

    def _wake(self, thread: str) -> None:
        kind, _slash, number = thread.partition("/")
        # What is not ours must not end the task that listens.
        if not number.isdecimal():
            return
        for stream in self.threads.get((kind, int(number)), ()):
            stream.woken.set()

    async def _look(self) -> None:
        """End the streams of those who left, were removed, or signed out (R-SEC-14)."""
        while True:
            await asyncio.sleep(RECHECK)
            streams = [one for there in self.threads.values() for one in there]
            for start in range(0, len(streams), AT_ONCE):
                some = streams[start : start + AT_ONCE]
                for stream, person in zip(some, await self._readers(some), strict=True):
                    if person != stream.person:
                        stream.end()

    async def _readers(self, streams: Sequence[Stream]) -> list[int | None]:
        """Who may read each of these today; nobody, when the database does not say."""
        asked = [(one.session, one.kind, one.number) for one in streams]
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self.pool, lambda: [_reader(*thread) for thread in asked]
            )
        except Error:
            # A connection that was closed is an InterfaceError, which is no DatabaseError.
            return [None] * len(asked)

    def _end_all(self) -> None:
        for there in self.threads.values():
            for stream in there:
                stream.end()


hub = Hub()


def _reader(session: str, kind: str, number: int) -> int | None:
    close_old_connections()
    person = behind(session)
    if person is None or not GATES[kind].run(person=person.pk, number=number):
        return None
    return int(person.pk)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """What granian calls."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        await _answer(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    """From the start of the process to its end."""
    while True:
        said = (await receive())["type"]
        if said == "lifespan.startup":
            hub.start()
        else:
            hub.stop()
        await send({"type": f"{said}.complete"})
        if said == "lifespan.shutdown":
            return


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Open a stream for who may read the thread; what they may not, and what is not there, are the same 404."""
    found = ROUTE.fullmatch(scope["path"])
    cookies = parse_cookie(b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1"))
    session = cookies.get(settings.SESSION_COOKIE_NAME, "")
    if found is None or scope["method"] != "GET" or not session:
        return await _refuse(send, 404)
    if not hub.hears:
        return await _refuse(send, 503)
    kind, number = found[1], int(found[2])
    person = await hub.person_of(session, kind, number)
    if person is None:
        return await _refuse(send, 404)
    stream = Stream(session, person, kind, number)
    if not hub.add(stream):
        return await _refuse(send, 429)
    gone = asyncio.create_task(_gone(receive, stream))
    try:
        await _stream(stream, send)
    finally:
        gone.cancel()
        hub.remove(stream)
    return None


async def _stream(stream: Stream, send: Send) -> None:
    """Say that there is something new each time there is, and something every HEARTBEAT seconds."""
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await _say(send, f"retry: {RETRY * 1000}\n\n")
    while not stream.is_over:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT):
                await stream.woken.wait()
        if stream.is_over:
            break
        await _say(send, "data: nouveau\n\n" if stream.woken.is_set() else ":\n\n")
        stream.woken.clear()
    await send({"type": "http.response.body", "body": b""})


async def _say(send: Send, words: str) -> None:
    await send({"type": "http.response.body", "body": words.encode(), "more_body": True})


async def _gone(receive: Receive, stream: Stream) -> None:
    """End a stream whose page was closed."""
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
