"""A walk through the demonstration in everyone's place, and what a browser and axe find on the way."""

import contextlib
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import APIRequestContext, Browser, BrowserContext, Page, StorageState, sync_playwright

# Whose place the guided visit gives, as its forms are called.
ROLES = ("visiteur", "habitant", "association", "service", "elu", "nouvelle", "moderation", "administration")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (320, 390, 1280)
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Pages of one pattern that a role fetches, to see whether they differ, by how much its address asks for: nothing, one
# thing, or several, of which each was seen alone.
FETCHED = (8, 2, 1)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A page as someone met it."""

    role: str
    address: str
    html: str


@dataclass(kw_only=True)
class Walk:
    """What everyone met: pages by role and address, feeds; and the pages to judge, since they show something new.

    A page is new when its role had not met its kind yet, or when nobody had met its kind wearing one of its classes.
    """

    met: dict[tuple[str, str], Sheet] = field(default_factory=dict)
    feeds: set[str] = field(default_factory=set)
    new: list[Sheet] = field(default_factory=list)
    worn: dict[str, set[str]] = field(default_factory=dict)
    states: dict[str, StorageState] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


class Reading(HTMLParser):
    """Where a page leads, and the classes it wears: two pages that wear the same look the same."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.classes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.classes.update((named.get("class") or "").split())
        if tag in {"a", "link"}:
            self.links.append(named.get("href") or "")


def pattern(address: str) -> str:
    """The kind of page at an address: neither numbers, nor names with numbers, nor values."""
    parts = urlsplit(address)
    keys = ",".join(sorted({key for key, _value in parse_qsl(parts.query)}))
    return re.sub(r"[^/]*\d[^/]*", "…", parts.path) + (f"?{keys}" if keys else "")


def walk(site: str, roles: Iterable[str]) -> Walk:
    """Meet the pages open to each role."""
    found = Walk()
    with chromium() as browser:
        for role in roles:
            found.states[role] = enter(browser, site, role)
            explore(browser.new_context(storage_state=found.states[role]).request, site, role, found)
    return found


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser: the system's, or the one Playwright installed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


def enter(browser: Browser, site: str, role: str) -> StorageState:
    """Take a role in the guided visit: the session it gives."""
    page = browser.new_page()
    page.goto(f"{site}/visite/")
    page.locator(f"form#{role} .profile__foot .button").click()
    return page.context.storage_state()


def explore(client: APIRequestContext, site: str, role: str, found: Walk) -> None:
    """Follow links from the home, a few for each kind of page."""
    queue, tried, kinds = ["/"], Counter[str](), set[str]()
    queued = {*queue}
    for address in queue:
        tried[pattern(address)] += 1
        if tried[pattern(address)] > FETCHED[min(address.count("="), len(FETCHED) - 1)]:
            continue
        answer = client.get(site + address)
        if not answer.ok:
            found.faults.append(f"{role} {address}: answers {answer.status}")
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        sheet = found.met[role, address] = Sheet(role=role, address=address, html=answer.text())
        read, kind = Reading(sheet.html), pattern(urlsplit(address).path)
        worn = found.worn.setdefault(kind, set())
        if kind not in kinds or not read.classes <= worn:
            found.new.append(sheet)
        kinds.add(kind)
        worn |= read.classes
        for link in read.links:
            there = urldefrag(urljoin(answer.url, link)).url.removeprefix(site)
            if not there.startswith("/") or there.startswith(("/static/", "/media/")) or there in queued:
                continue
            queued.add(there)
            if re.search(r"\.(ics|atom)(\?|$)", there):
                found.feeds.add(there)
            else:
                queue.append(there)


def audits(sheets: list[Sheet], site: str, states: dict[str, StorageState]) -> list[str]:
    """What is wrong with some pages, in a browser of their own."""
    faults: list[str] = []
    with chromium() as browser:
        for role, state in states.items():
            mine = [sheet for sheet in sheets if sheet.role == role]
            faults += look(browser.new_context(storage_state=state, base_url=site), site, mine)
            # A colour half way to another is nobody's; a policy as strict as ours rightly refuses the auditor.
            context = browser.new_context(storage_state=state, base_url=site, bypass_csp=True, reduced_motion="reduce")
            for sheet in mine:
                faults += audit(context.new_page(), sheet)
    return faults


def look(context: BrowserContext, site: str, sheets: list[Sheet]) -> Iterator[str]:
    """Open pages under our policy: they ask nothing of another host and the console has nothing to say."""
    page, heard = context.new_page(), list[str]()
    page.on("console", lambda said: heard.append(f"console: {said.text[:200]}"))
    page.on("pageerror", lambda error: heard.append(f"script: {error}"))
    page.on("request", lambda asked: None if asked.url.startswith((site, "data:")) else heard.append(asked.url))
    for sheet in sheets:
        heard.clear()
        page.goto(sheet.address, wait_until="load")
        yield from (f"{sheet.role} {sheet.address}: {line}" for line in heard)
    context.close()


def audit(page: Page, sheet: Sheet) -> Iterator[str]:
    """What axe says of a page at each width, light and dark; and whether it is wider than its window."""
    page.goto(sheet.address)
    page.evaluate(AXE_SCRIPT)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            where = f"{sheet.role} {sheet.address} {scheme} {width}"
            for wrong in page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]:
                yield from (f"{where}: {wrong['id']}: {one['html'][:200]}" for one in wrong["nodes"][:3])
            if (beyond := page.evaluate(BEYOND)) > 0:
                yield f"{where}: {beyond} pixels too wide"
    page.close()
