"""What judges from outside say of the demonstration: axe, the W3C's Nu checker, Lighthouse, khal and feedparser.

    python bench/judge.py [--url http://127.0.0.1:8000] [--tools FOLDER] [--write]

It makes a demonstration and serves it, unless --url says where one is. The judges are no dependencies of Parvis. Only
axe and Chromium come with the development environment; the others are looked for in FOLDER, and what is missing is
left out, and said:

    npm install --prefix FOLDER vnu-jar lighthouse@12        (with Java 11 or newer; Lighthouse 13 asks for Node 22)
    python -m venv FOLDER/venv && FOLDER/venv/bin/pip install khal feedparser

--write records the result in docs/reference/judges.md. The status is 1 when a judge found a fault.
"""

import argparse
import contextlib
import json
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from axe_playwright_python.base import AXE_SCRIPT
from icalendar import Calendar
from rich.console import Console
from rich.table import Table
from walk import ROLES, SCHEMES, WIDTHS, Walk, audits, walk

# Addresses of the main pages, for Lighthouse: of those that match, the fullest page.
MAIN = {
    "home": r"/",
    "agenda": r"/agenda/",
    "agenda by month": r"/agenda/\?mois=[^&]+",
    "event": r"/agenda/[-\w]*\d+/",
    "commune": r"/communes/[-\w]+/",
    "directory": r"/annuaire/",
    "association": r"/associations/[-\w]*\d+/",
    "notices": r"/avis/",
    "conversation": r"/publications/\d+/",
    "sign-up": r"/inscription/",
}
# Of these four, performance alone varies with the machine.
FLOORS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
CALENDARS = {
    "territory": r"/agenda\.ics",
    "theme": r"/agenda\.ics\?categorie=\w+",
    "canton": r"/cantons/[-\w]+/agenda\.ics",
    "event": r"/agenda/[-\w]*\d+\.ics",
}
ATOM = {"territory": r"/agenda\.atom", "canton": r"/cantons/[-\w]+/agenda\.atom", "notices": r"/avis\.atom"}
# Feeds of one kind, of which the longest is read.
TRIED = 8
TODAY = datetime.now().astimezone().date()
RECORD = Path(__file__).parents[1] / "docs/reference/judges.md"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a judge says, and each fault in a line."""

    judge: str
    on: str
    said: str = ""
    faults: list[str] = field(default_factory=list)

    @property
    def result(self) -> str:
        """In a cell of the table."""
        return ", ".join(filter(None, (self.said, f"{len(self.faults)} faults" if self.faults else "no fault")))


# The judges


def axe(found: Walk, site: str, jobs: int) -> Verdict:
    """Each new page, in several browsers at once."""
    shares = [found.new[number::jobs] for number in range(jobs)]
    with ProcessPoolExecutor(jobs) as pool:
        faults = pool.map(partial(audits, site=site, states=found.states), shares)
        lines = [*found.faults, *(line for some in faults for line in some)]
    kinds, views = len(found.worn), len(SCHEMES) * len(WIDTHS)
    engine = re.search(r"axe v([\d.]+)", AXE_SCRIPT)
    return Verdict(
        judge=f"axe-core {engine[1] if engine else ''}",
        on=f"{len(found.new)} pages of {kinds} kinds, {len(found.states)} roles, {views} views each",
        faults=lines,
    )


def vnu(found: Walk, tools: Path) -> Iterator[Verdict]:
    """The W3C's Nu checker, on the same pages."""
    jar = next(tools.rglob("vnu.jar"), None)
    if jar is None or not shutil.which("java"):
        return
    sheets = found.new
    with tempfile.TemporaryDirectory() as folder:
        for number, sheet in enumerate(sheets):
            (Path(folder) / f"{number}.html").write_text(sheet.html, "utf-8")
        said = run("java", "-jar", str(jar), "--format", "json", "--exit-zero-always", folder).stderr
    faults = []
    for one in json.loads(said)["messages"]:
        sheet = sheets[int(Path(urlsplit(one["url"]).path).stem)]
        level = one.get("subType", one["type"])
        faults.append(f"{sheet.role} {sheet.address}: {level}: {one['message']} {one.get('extract', '')[:120]!r}")
    release = run("java", "-jar", str(jar), "--version").stdout.split()[0]
    yield Verdict(judge=f"Nu Html Checker {release}", on=f"{len(sheets)} pages", faults=faults)


def lighthouse(found: Walk, tools: Path, site: str, runs: int) -> Iterator[Verdict]:
    """Its four marks for each main page on a telephone, the median of some runs."""
    program = tools / "node_modules/.bin/lighthouse"
    if not program.exists():
        return
    name = f"Lighthouse {run(str(program), '--version').stdout.strip()}"
    for title, regex in MAIN.items():
        pages = {address: sheet.html for (role, address), sheet in found.met.items() if role == "visiteur"}
        address = max(matching(regex, pages), key=lambda one: len(pages[one]))
        reports = [report(program, site + address) for _run in range(runs)]
        marks = {
            key: round(100 * statistics.median(one["categories"][key]["score"] or 0 for one in reports))
            for key in FLOORS
        }
        faults = [f"{title} {address}: {key} {mark}" for key, mark in marks.items() if mark < FLOORS[key]]
        if faults:
            weak = (
                key for key, one in reports[0]["audits"].items() if (one["score"] is not None and one["score"] < 0.9)
            )
            faults.append(f"{title} {address}: {', '.join(weak)}")
        yield Verdict(judge=name, on=title, said=" / ".join(map(str, marks.values())), faults=faults)


def report(program: Path, url: str) -> dict[str, Any]:
    """What Lighthouse writes of a page."""
    only, flags = f"--only-categories={','.join(FLOORS)}", "--chrome-flags=--headless=new --no-sandbox"
    chrome = {"CHROME_PATH": shutil.which("chromium") or ""}
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        # Not by a pipe: it ends before it has written all that one does not hold.
        where = ("--output=json", f"--output-path={file.name}")
        run(str(program), url, "--quiet", *where, only, flags, environment=chrome)
        written: dict[str, Any] = json.load(file)
    return written


def khal(found: Walk, tools: Path, site: str) -> Iterator[Verdict]:
    """Whether khal, a calendar, reads each time of our feeds, and no other."""
    program = tools / "venv/bin/khal"
    if not program.exists():
        return
    name = run(str(program), "--version").stdout.strip().replace(", version", "")
    for title, regex in CALENDARS.items():
        address, data = fullest(regex, found, site)
        ours = sorted((str(one["uid"]), str(one["summary"])) for one in Calendar.from_ical(data).walk("VEVENT"))
        theirs = read_by_khal(program, data)
        faults = [] if ours and theirs == ours else [f"{address}: reads {len(theirs)} of {len(ours)}"]
        yield Verdict(judge=name, on=f"iCalendar, {title}", said=f"{len(theirs)} times", faults=faults)


def read_by_khal(program: Path, data: bytes) -> list[tuple[str, str]]:
    """Identity and title of each time khal shows, once it imported a feed."""
    with tempfile.TemporaryDirectory() as folder:
        config, feed = Path(folder) / "config", Path(folder) / "feed.ics"
        feed.write_bytes(data)
        config.write_text(
            f"[calendars]\n[[ours]]\npath = {folder}/ours\n[sqlite]\npath = {folder}/khal.db\n"
            "[locale]\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        )
        (Path(folder) / "ours").mkdir()
        run(str(program), "-c", str(config), "import", "--batch", "-a", "ours", str(feed), check=True)
        span = (f"{TODAY.year - 2}-01-01", f"{TODAY.year + 3}-01-01")
        shown = run(
            str(program), "-c", str(config), "list", "--once", "--format", "{uid}\t{title}", "--day-format", "", *span,
            check=True,
        )  # fmt: skip
    rows = (line.split("\t") for line in shown.stdout.splitlines() if "\t" in line)
    return sorted((uid, title) for uid, title in rows)


def feedparser(found: Walk, tools: Path, site: str) -> Iterator[Verdict]:
    """Whether feedparser reads each entry of our Atom feeds, well formed."""
    python = tools / "venv/bin/python"
    script = (
        "import json, sys, feedparser; read = feedparser.parse(sys.stdin.buffer.read()); "
        "print(json.dumps([feedparser.__version__, read.version, bool(read.bozo), len(read.entries), "
        "all(one.get('id') and one.get('link') and one.get('updated_parsed') for one in read.entries)]))"
    )
    if not python.exists() or run(str(python), "-c", "import feedparser").returncode:
        return
    for title, regex in ATOM.items():
        address, data = fullest(regex, found, site)
        said = run(str(python), "-c", script, given=data.decode()).stdout
        number, kind, bozo, entries, whole = json.loads(said)
        sound = kind == "atom10" and not bozo and whole and 0 < entries == data.count(b"<entry>")
        faults = [] if sound else [f"{address}: {said.strip()}"]
        yield Verdict(judge=f"feedparser {number}", on=f"Atom, {title}", said=f"{entries} entries", faults=faults)


def matching(regex: str, addresses: Iterable[str]) -> list[str]:
    """The addresses of one kind, shortest first."""
    return sorted((one for one in addresses if re.fullmatch(regex, one)), key=lambda one: (len(one), one))


def fullest(regex: str, found: Walk, site: str) -> tuple[str, bytes]:
    """The longest of some feeds of one kind that anyone met, with its address."""
    met = matching(regex, found.feeds)
    return max(((one, fetch(site + one)) for one in met[:TRIED]), key=lambda pair: len(pair[1]))


def fetch(url: str) -> bytes:
    """What is at an address of ours."""
    with urlopen(url, timeout=60) as answer:
        data: bytes = answer.read()
    return data


def run(
    *command: str, check: bool = False, given: str = "", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """A program of someone else's, and what it said."""
    return subprocess.run(
        command,
        check=check,
        input=given,
        env=os.environ | (environment or {}),
        capture_output=True,
        text=True,
        timeout=900,
    )


# The demonstration, and the record


@contextlib.contextmanager
def demonstration(url: str) -> Iterator[str]:
    """Where the demonstration answers: `url`, or one made for the time of the judgement."""
    if url:
        yield url.rstrip("/")
        return
    program = str(Path(sys.executable).with_name("parvis"))
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
        free.close()
        environment = os.environ | {"PARVIS_DATA_DIR": folder}
        subprocess.run([program, "demo", "--prepare"], check=True, env=environment, stdout=subprocess.DEVNULL)
        server = subprocess.Popen([program, "demo", "--port", port], env=environment, stdout=subprocess.DEVNULL)
        try:
            until_it_answers(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def until_it_answers(site: str) -> None:
    """Wait a minute at most."""
    for _second in range(60):
        with contextlib.suppress(URLError):
            fetch(site + "/robots.txt")
            return
        time.sleep(1)
    raise SystemExit(f"{site} does not answer.")


def record(verdicts: list[Verdict]) -> None:
    """Write the table where the documentation shows it."""
    kept = RECORD.read_text("utf-8").partition("## Last judgement")[0]
    rows = "".join(f"| {one.judge} | {one.on} | {one.result} |\n" for one in verdicts)
    table = f"## Last judgement, {TODAY:%-d %B %Y}\n\n| Judge | On | Says |\n|---|---|---|\n{rows}"
    RECORD.write_text(kept + table, "utf-8")


def judge(options: argparse.Namespace) -> Iterator[Verdict]:
    """Every verdict, as it falls."""
    with demonstration(options.url) as site:
        found = walk(site, dict.fromkeys(("visiteur", *options.roles)))
        tools: Path = options.tools
        yield axe(found, site, options.jobs)
        yield from vnu(found, tools)
        yield from khal(found, tools, site)
        yield from feedparser(found, tools, site)
        if options.runs:
            yield from lighthouse(found, tools, site, options.runs)


def main() -> None:
    """Judge and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="", help="a demonstration that answers already")
    parser.add_argument("--tools", type=Path, default=Path(".cache/judges"), help="where the judges are installed")
    parser.add_argument("--roles", nargs="+", default=ROLES, choices=ROLES, help="whose places to take")
    parser.add_argument("--runs", type=int, default=3, help="times Lighthouse measures each page; 0 leaves it out")
    parser.add_argument("--jobs", type=int, default=2, help="browsers at once")
    parser.add_argument("--write", action="store_true", help=f"record the result in {RECORD.name}")
    options = parser.parse_args()
    console, table = Console(highlight=False), Table("judge", "on", "says", title=platform.platform())
    verdicts = []
    for verdict in judge(options):
        verdicts.append(verdict)
        table.add_row(verdict.judge, verdict.on, verdict.result)
        for line in verdict.faults:
            console.print(line, markup=False, soft_wrap=True)
    console.print(table)
    said = " ".join(verdict.judge.lower() for verdict in verdicts)
    if missing := [name for name in ("nu html", "khal", "feedparser", "lighthouse") if name not in said]:
        console.print(f"Not installed, left out: {', '.join(missing)}.")
    if options.write:
        record(verdicts)
    raise SystemExit(any(verdict.faults for verdict in verdicts))


if __name__ == "__main__":
    main()
