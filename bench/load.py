"""What a server carries: requests a second, waiting time, CPU and memory of each main page.

    PARVIS_DATA_DIR=… [DATABASE_URL=…] python -m bench.load [--processes 1 2] [--connections 1 8] [--seconds 5] [--idle]

Run on a world of bench.world. Starts `parvis serve` on a port of 127.0.0.1, with its worker, and drives it with
wrk (`apt-get install wrk`), which runs beside it and takes its share of the machine. Everything is compared with a
constant page of 20 KB that the same server sends (bench/constant, which the product does not have). Members are many
and come in rotation, each with their own session: as they are, while someone publishes once a second, and when nothing
whole is found in memory. Also says how long the first page takes after a start and, with
--idle, the memory of web and worker after a minute of rest (PSS: shared pages are counted once).
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")

import django

django.setup()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import get_random_string
from rich import box
from rich.console import Console
from rich.table import Table

from parvis.agenda.models import Showing
from parvis.people.models import Membership, Person, Voice
from parvis.people.sessions import SessionStore
from parvis.publications.actions import compose, submit
from parvis.publications.models import Delivery
from parvis.territory.models import Zone

TICKS, MEMBERS, ANSWERS, WARM = os.sysconf("SC_CLK_TCK"), 400, 60, 25
SCRIPT = """
local cookies, path, anew, turn = {%s}, "%s", %s, 0
request = function()
  local headers = {["Accept-Encoding"] = "gzip"}
  turn = turn + 1
  if #cookies > 0 then headers["Cookie"] = cookies[turn %% #cookies + 1] end
  return wrk.format("GET", anew and path .. "?never=" .. turn .. os.time() or path, headers)
end
done = function(summary, latency)
  local wrong = summary.errors
  io.write(string.format('\\n{"requests": %%d, "seconds": %%f, "p50": %%f, "p95": %%f, "p99": %%f, "wrong": %%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
    latency:percentile(99) / 1e3, wrong.connect + wrong.read + wrong.write + wrong.status + wrong.timeout))
end
"""


@dataclass(frozen=True)
class Aim:
    """A page to drive, and the cookies to bring in rotation."""

    name: str
    path: str
    cookies: tuple[str, ...] = ()
    # No address comes twice, so that nothing is found in memory whole.
    anew: bool = False
    # Someone publishes once a second meanwhile.
    acts: bool = False


def aims() -> list[Aim]:
    """The pages; the first is the constant one."""
    soon = Showing.objects.visible_to(None).upcoming(timezone.now()).select_related("occurrence__event__publication")
    event = soon[0].occurrence.event.publication
    members = tuple(sessions())
    commune = Zone.objects.current().of_kind(Zone.Kind.COMMUNE).order_by(F("population").desc(nulls_last=True))[0]
    return [
        Aim("constant, 20 KB", "/constant/"),
        Aim("visitor's home", "/"),
        Aim("commune", commune.get_absolute_url()),
        Aim("agenda", "/agenda/"),
        Aim("agenda.ics, 500 events", "/agenda.ics"),
        Aim("directory, associations", "/annuaire/?type=association"),
        Aim("an event", event.get_absolute_url()),
        Aim("member's home", "/", members),
        Aim("member's home, an act a second", "/", members, acts=True),
        Aim("member's home, always anew", "/", members, anew=True),
    ]


def sessions() -> Iterator[str]:
    """The cookies of each of many members who signed in, as a browser brings them from the second page on."""
    for person in Person.objects.filter(places__isnull=False).order_by("?")[:MEMBERS]:
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        token = f"{settings.CSRF_COOKIE_NAME}={get_random_string(32)}"
        yield f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {token}"


@contextmanager
def serving(port: int, processes: int) -> Iterator[tuple[int, float]]:
    """A server: its process, and how many seconds its first page took from the start."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bench.constant.settings",
        "PYTHONPATH": str(ROOT),
        "PARVIS_URL": f"http://127.0.0.1:{port}",
    }
    command = [sys.executable, "-m", "parvis.cli", "serve", "--port", str(port), "--workers", str(processes)]
    start = time.perf_counter()
    server = subprocess.Popen(command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        while not fetch(port, Aim("", "/")):
            if server.poll() is not None or time.perf_counter() - start > ANSWERS:
                raise SystemExit("The server did not start.")
            time.sleep(0.01)
        yield server.pid, time.perf_counter() - start
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def fetch(port: int, aim: Aim) -> bytes:
    """A page once; nothing while nobody listens."""
    headers = {"Cookie": aim.cookies[0]} if aim.cookies else {}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{aim.path}", headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            body: bytes = answer.read()
            return body
    except urllib.error.HTTPError as refused:
        raise SystemExit(f"{aim.name}: {refused}") from refused
    except urllib.error.URLError:
        return b""


def family(pid: int) -> list[int]:
    """A process and all those it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += family(int(child))
    return found


def spent(pid: int) -> float:
    """Seconds of CPU that a family took so far."""
    stats = [Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split() for one in family(pid)]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / TICKS


def memory(pid: int) -> list[float]:
    """MB of each of a family, shared pages counted once."""
    rollups = [Path(f"/proc/{one}/smaps_rollup").read_text() for one in family(pid)]
    sizes = [line.split()[1] for text in rollups for line in text.splitlines() if line.startswith("Pss:")]
    return [int(size) / 1024 for size in sizes]


def drive(pid: int, port: int, aim: Aim, connections: int, seconds: int) -> dict[str, float]:
    """What wrk measured, after a second of warming up, or enough for every member to have come."""
    cookies = ", ".join(f'"{cookie}"' for cookie in aim.cookies)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % (cookies, aim.path, str(aim.anew).lower()))
        script.flush()
        command = ["wrk", "-t1", f"-c{connections}", "-s", script.name, f"http://127.0.0.1:{port}{aim.path}"]
        subprocess.run([*command, f"-d{WARM if aim.cookies else 1}s"], check=True, stdout=subprocess.DEVNULL)
        with acting() if aim.acts else nullcontext():
            before = spent(pid)
            said = subprocess.run([*command, f"-d{seconds}s"], check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, float] = json.loads(said.strip().splitlines()[-1])
    found["cpu"] = (spent(pid) - before) / found["requests"] * 1e6
    return found


@contextmanager
def acting() -> Iterator[None]:
    """Someone, in a process of their own, publishes to a commune once a second."""
    other = subprocess.Popen([sys.executable, "-m", "bench.load", "--act"], stdout=subprocess.PIPE)
    assert other.stdout
    other.stdout.readline()
    try:
        yield
    finally:
        other.send_signal(signal.SIGTERM)
        other.wait()


def act() -> None:
    """Publish once a second, after a first time that is announced."""
    service = Membership.objects.filter(voice__kind=Voice.Kind.SERVICE).select_related("person", "voice")[0]
    commune = Zone.objects.current().of_kind(Zone.Kind.COMMUNE).joinable().order_by(F("population").desc())[0]
    said: dict[str, Any] = {"kind": "notice", "place": commune, "zones": [commune], "body": "La rue est fermée."}
    for number in count():
        draft = compose(voice=service.voice, by=service.person, title=f"Avis {number}", **said)
        submit(draft, by=service.person)
        if number == 0:
            sys.stdout.write("begun\n")
            sys.stdout.flush()
        time.sleep(1)


def table_of(port: int, processes: int, connections: list[int], seconds: int, chosen: list[Aim]) -> Table:
    """Every page at each number of connections, with so many processes."""
    title = f"{connection.vendor}, {Delivery.objects.count():,} deliveries, {processes} process(es)"
    with serving(port, processes) as (pid, first):
        table = Table(
            "page",
            "connections",
            "requests/s",
            "× constant",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "CPU µs",
            "KB",
            "MB",
            box=box.MARKDOWN,
        )
        table.title = f"{title}; first page after {first:.2f} s"
        floors: dict[int, float] = {}
        for aim in chosen:
            size = len(fetch(port, aim)) / 1024
            for many in connections:
                found = drive(pid, port, aim, many, seconds)
                rate = found["requests"] / found["seconds"]
                floor = floors.setdefault(many, rate)
                waits = (f"{found[name]:.1f}" for name in ("p50", "p95", "p99"))
                wrong = f" ({found['wrong']:.0f} wrong)" if found["wrong"] else ""
                cells = (f"{rate:,.0f}{wrong}", f"{rate / floor:.2f}", *waits, f"{found['cpu']:.0f}", f"{size:.0f}")
                table.add_row(aim.name, str(many), *cells, f"{sum(memory(pid)):.0f}")
    return table


def idle(port: int, rest: int) -> str:
    """Memory of one web process and the worker after a first page and so many seconds of rest."""
    with serving(port, 1) as (pid, first):
        time.sleep(rest)
        sizes = memory(pid)
        each = ", ".join(f"{size:.0f}" for size in sizes)
        return f"first page after {first:.2f} s; after {rest} s of rest, {sum(sizes):.0f} MB (PSS; by process {each})"


def main() -> None:
    """Drive and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--port", type=int, default=8710)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--idle", action="store_true", help="only the start and the memory of a server at rest")
    parser.add_argument("--act", action="store_true", help="only publish, once a second, until stopped")
    parser.add_argument("--only", default="", help="only the pages whose name holds this, beside the constant one")
    options, console = parser.parse_args(), Console(width=140)
    if options.act:
        act()
    # The first start on a data directory brings the database and the static files up to date: not what is measured.
    with serving(options.port, 1):
        pass
    if options.idle:
        console.print(idle(options.port, 60))
        return
    if not shutil.which("wrk"):
        raise SystemExit("wrk is not here: apt-get install wrk.")
    for processes in options.processes:
        chosen = [aim for aim in aims() if options.only in aim.name or aim.path == "/constant/"]
        console.print(table_of(options.port, processes, options.connections, options.seconds, chosen))


if __name__ == "__main__":
    main()
