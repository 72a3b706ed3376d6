"""Runs the real command, in processes of its own, on a data directory of the test."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from parvis.serve import WORKER

# What this run of the tests was told must not reach the command.
OWN = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "EMAIL_URL")


@dataclass
class Site:
    """A Parvis that is served."""

    process: "subprocess.Popen[str]"
    port: int
    folder: Path

    def children(self) -> dict[int, str]:
        """Process number -> name and command line of what the server started and still runs."""
        found = {}
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                name, _close, state = status.read_text().rpartition(")")
                parent = int(state.split()[1])
                line = (status.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == self.process.pid:
                found[int(status.parent.name)] = f"{name.partition('(')[2]} {line}"
        return found

    def workers(self) -> list[int]:
        """The background workers among the children."""
        return [pid for pid, line in self.children().items() if " worker " in line or WORKER in line]

    def webs(self) -> list[int]:
        """The web processes among the children."""
        served = ((pid, line) for pid, line in self.children().items() if WORKER not in line)
        return [pid for pid, line in served if " serve " in line or " demo " in line]

    def answers(self) -> bool:
        """Whether a page comes back, whatever it says."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/robots.txt", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Of the machine's variables, all but those of this run; no quiet hours: at night, mails wait for the morning."""
    kept = {name: text for name, text in os.environ.items() if name not in OWN and not name.startswith("PARVIS_")}
    return kept | {"PARVIS_DATA_DIR": str(folder), "PARVIS_QUIET_HOURS": "0-0"} | more


def command(*arguments: str) -> list[str]:
    """`parvis ARGUMENTS`, of this very environment."""
    return [sys.executable, "-m", "parvis.cli", *arguments]


def parvis(folder: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end."""
    return subprocess.run(
        command(*arguments), env=environment(folder, **more), capture_output=True, text=True, timeout=900, check=False
    )


def free_port() -> int:
    """A port nobody listens on, an instant ago at least."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], object], seconds: float = 120) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def gone(pid: int) -> bool:
    """Whether a process is over; a zombie is not."""
    return not Path(f"/proc/{pid}").exists()


@contextmanager
def served(folder: Path, *arguments: str, verb: str = "serve", **more: str) -> Iterator[Site]:
    """`parvis serve` (or `demo`) on a free port, ready to answer; stopped at the end if the test has not."""
    port = free_port()
    process = subprocess.Popen(
        command(verb, "--port", str(port), *arguments),
        env=environment(folder, **more),
        text=True,
        start_new_session=True,
    )
    site = Site(process, port, folder)
    try:
        until(lambda: process.poll() is not None or site.answers(), 180)
        assert process.poll() is None
        yield site
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(120)
