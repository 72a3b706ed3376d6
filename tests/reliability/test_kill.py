"""F-01, F-02, F-14: whatever dies, what was acknowledged is there, once, and nothing runs twice at the same time."""

import http.client
import json
import os
import signal
import subprocess
import threading
import time
import uuid
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.command.running import Site, command, environment, served, until
from tests.reliability.conftest import Store

# On a busy machine clients go on until as much was written as they are; what never comes fails in the end.
CLIENTS, STORM_SECONDS, PATIENCE = 50, 12, 120
CSRF = "a" * 32


@dataclass
class Ledger:
    """What clients were told was written, and what they tried in vain."""

    acknowledged: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)


@dataclass
class Writer:
    """One client: writes, and tries again with the same key for as long as it got no answer."""

    port: int
    session: str
    voice: int
    post: int
    ledger: Ledger

    def write_until(self, end: float) -> None:
        """Posts and answers, in turn."""
        number = 0
        while time.monotonic() < (end if len(self.ledger.acknowledged) > CLIENTS else end + PATIENCE):
            number += 1
            body = f"{'reponse' if number % 2 else 'message'} {self.voice} {number}"
            self.ledger.unknown.add(body)
            path = f"/publications/{self.post}/repondre/" if number % 2 else "/publier/publication/"
            if self._send(path, {"key": str(uuid.uuid4()), "voice": str(self.voice), "title": "", "body": body}, end):
                self.ledger.acknowledged.add(body)
                self.ledger.unknown.discard(body)

    def _send(self, path: str, data: dict[str, str], end: float) -> bool:
        while time.monotonic() < end + PATIENCE:
            with suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
                headers = {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Cookie": f"session={self.session}; csrf={CSRF}",
                    "X-CSRFToken": CSRF,
                }
                connection.request("POST", path, urlencode(data), headers)
                answer = connection.getresponse()
                words = answer.read()
                if answer.status == 302:
                    return True
                if answer.status < 500:
                    self.ledger.refused.append(f"{path} {answer.status} {words[:300]!r}")
                    return False
            time.sleep(0.2)
        return False


def storm(site: Site, writers: list[Writer]) -> int:
    """All write while web and worker are killed again and again; how many times a worker was."""
    end = time.monotonic() + STORM_SECONDS
    threads = [threading.Thread(target=writer.write_until, args=(end,)) for writer in writers]
    for thread in threads:
        thread.start()
    killed = 0
    for second in range(2, STORM_SECONDS, 2):
        time.sleep(2)
        workers = site.workers()
        killed += len(workers)
        # A web server that dies again and again in a moment is given up on, and rightly.
        for victim in [*workers, *(site.webs() if second % 6 == 4 else [])]:
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
    for thread in threads:
        thread.join()
    return killed


def test_what_was_acknowledged_is_there_once(store: Store) -> None:
    """R-REL-1, R-REL-5: kill -9 of web and worker while fifty clients write."""
    world = json.loads(store.prepare("people", str(CLIENTS)))
    ledger = Ledger()
    with served(store.folder, **store.more) as site:
        writers = [Writer(site.port, session, voice, world["post"], ledger) for session, voice in world["clients"]]
        killed = storm(site, writers)
        assert killed >= 2
        until(lambda: not store.rows("SELECT id FROM core_job WHERE state = 'waiting' LIMIT 1"), PATIENCE)
    assert not ledger.refused, ledger.refused[:3]
    assert len(ledger.acknowledged) > CLIENTS
    written = Counter(
        body for table in ("publication", "reply") for (body,) in store.rows(f"SELECT body FROM publications_{table}")
    )
    assert not ledger.acknowledged - set(written)
    assert not {body for body, times in written.items() if times > 1}
    assert set(written) - {"?"} <= ledger.acknowledged | ledger.unknown
    check_effects(store, killed)


def check_effects(store: Store, killed: int) -> None:
    """One job per answer; all done but those a dead worker held; and no letter sent twice."""
    [(answers,)] = store.rows("SELECT COUNT(*) FROM publications_reply")
    effect = "parvis.letters.jobs.tell_reply"
    states = Counter(state for (state,) in store.rows(f"SELECT state FROM core_job WHERE effect = '{effect}'"))
    assert sum(states.values()) == answers
    assert states["done"] >= answers - killed
    assert set(states) <= {"done", "running"}
    sent = Counter(
        line
        for path in (store.folder / "mail").glob("*")
        for line in path.read_text().splitlines()
        if line.startswith("Message-ID:")
    )
    assert sent
    assert max(sent.values()) == 1


def test_two_workers_never_share_a_job(store: Store) -> None:
    """R-REL-4, F-20: three workers on one queue, one of them killed."""
    store.prepare("jobs", "150")
    notes = Path(store.more["NOTES"])
    workers = [start(store) for _ in range(3)]
    try:
        until(lambda: notes.exists() and notes.read_text().count("ends") > 30, PATIENCE)
        workers[0].kill()
        until(lambda: not store.rows("SELECT id FROM core_job WHERE state = 'waiting' LIMIT 1"), PATIENCE)
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait(PATIENCE)
    lines = Counter(notes.read_text().splitlines())
    assert set(lines.values()) == {1}
    begun = sum(line.startswith("begins") for line in lines)
    assert begun in {149, 150}
    assert begun - sum(line.startswith("ends") for line in lines) <= 1


def start(store: Store) -> "subprocess.Popen[bytes]":
    """A worker of its own."""
    return subprocess.Popen(command("worker"), env=environment(store.folder, **store.more))
