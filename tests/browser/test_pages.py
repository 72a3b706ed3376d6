"""Every page: no barrier that a machine can find, light and dark; nothing wider than a small screen; a light home."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page

from tests.browser.conftest import Window
from tests.browser.likeness import looks, named_twice
from tests.visibility.aimed import aim
from tests.visibility.channels import CHANNELS
from tests.visibility.harvest import may_enter
from tests.visibility.held import hold
from tests.visibility.model import ROLES
from tests.visibility.private import confide
from tests.visibility.talk import talk
from tests.visibility.ties import compose, tell, tie
from tests.visibility.world import World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Not pages, or pages of the demonstration alone.
FILES = {
    "event_ics", "agenda_ics", "agenda_atom", "agenda_json", "agenda_csv", "zone_agenda", "voice_agenda",
    "venue_agenda", "venue_names",
    "my_calendar_ics", "notices_atom", "register_csv", "picture", "robots", "sitemap",
    "sitemap_section", "mailbox", "visit", "file", "conversation_file", "topic_news", "conversation_news",
    "plan_parcels", "plan_outline", "plan_street", "addresses",
}  # fmt: skip
# Forms that say what is wrong when they are sent as they stand.
FORMS = (
    "/inscription/", "/connexion/", "/associations/creer/", "/publier/avis/", "/publier/publication/",
    "/publier/evenement/", "/reglages/adresse/", "/groupes/creer/", "/lieux/ajouter/",
    "/mon-espace/calendriers/ajouter/",
)  # fmt: skip
VIEWS: tuple[tuple[Literal["dark", "light"], int], ...] = (("dark", 320), ("light", 1280))
# Of all that axe says, what is read; what only its experimental rules ask for is not loaded again.
VIOLATIONS = """async () => {
    const options = {resultTypes: ["violations"], preload: false, selectors: false, elementRef: false};
    return (await axe.run(options)).violations;
}"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def world(transactional_db: None) -> World:
    """One thing of every kind in every state."""
    made = build()
    aim(made)
    talk(made)
    tie(made)
    hold(made)
    confide(made)
    tell(made)
    compose(made)
    return made


def pages(world: World, role: str) -> Iterator[str]:
    """A page open to `role` at each address of the site; of what has states or kinds, one of each, for its author."""
    for name, channel in CHANNELS.items():
        if name in FILES or channel.post_only or (channel.members_only and role == "visitor"):
            continue
        if not channel.members_only and role not in {"visitor", "author"}:
            continue
        seen = set()
        for visit in channel.visits(world):
            look = (visit.subject.kind, visit.subject.state) if visit.subject else "page"
            if look not in seen and may_enter(ROLES[role], channel, visit):
                seen.add(look)
                yield visit.address


def barriers(page: Page, where: str, seen: set[str] | None = None) -> Iterator[str]:
    """What is wrong with a page, in a line each, in the dark on a small screen then in the light on a wide one.

    Of looks `seen` before, whoever opened the page and whatever it said, axe says the same; widths are those of each.
    """
    yield from (f"{where}: two elements are « {name} »" for name in named_twice(page))
    new = looks(page) - (seen or set())
    if seen is not None:
        seen |= new
    # The size that the window has comes first: a page is laid out twice and not three times.
    size = page.viewport_size
    for scheme, width in sorted(VIEWS, key=lambda view: size is None or view[1] != size["width"]):
        page.set_viewport_size({"width": width, "height": 800})
        if beyond := page.evaluate(OVERFLOW):
            yield f"{where}: {beyond} pixels wider than a window of {width}"
        if new:
            page.emulate_media(color_scheme=scheme)
            yield from (f"{where} {scheme}: {violation}" for violation in violations(page))


def violations(page: Page) -> Iterator[str]:
    """What axe finds in the page as it is shown now."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    for violation in page.evaluate(VIOLATIONS):
        for node in violation["nodes"][:2]:
            yield f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"


def press(page: Page, button: Locator) -> None:
    """Send a form, and read the whole answer: a click alone waits for its first bytes, which say nothing yet."""
    with page.expect_navigation():
        button.click()


def test_no_page_has_a_barrier(window: Window, world: World) -> None:
    """RGAA, WCAG 2.1 AA."""
    found: list[str] = []
    seen: set[str] = set()
    for role in ("visitor", "author", "moderator", "administrator"):
        page = window(world.persons.get(role), audit=True).new_page()
        for address in pages(world, role):
            answer = page.goto(address)
            assert answer
            assert answer.status == 200, address
            found += barriers(page, f"{address} for {role}", seen)
    assert not found, "\n".join(found)


def test_no_form_with_errors_has_a_barrier(window: Window, world: World) -> None:
    found: list[str] = []
    seen: set[str] = set()
    for address in FORMS:
        person = {"/inscription/": None, "/connexion/": None, "/publier/avis/": "agent"}.get(address, "author")
        context = window(world.persons[person] if person else None, audit=True)
        page = context.new_page()
        page.goto(address)
        if (send := page.locator("[name=send]")).count():
            press(page, send)
        # What the browser itself would stop must be said by the page as well.
        page.evaluate("for (const form of document.forms) form.noValidate = true")
        press(page, page.locator("main form .button:not(.button--outline, [name=send])").last)
        if not page.locator(".error, [role=alert]").count():
            found.append(f"{address}: says nothing of what is wrong")
        found += barriers(page, f"{address} with errors", seen)
        context.close()
    assert not found, "\n".join(found)


def test_the_home_of_a_visitor_is_light(window: Window, world: World) -> None:
    """At most 300 KB and 25 requests in all, fonts included; here before compression."""
    page = window().new_page()
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto("/", wait_until="networkidle")
    assert len(sizes) <= 25
    assert sum(sizes) <= 300_000


def test_the_keyboard_is_enough(window: Window, world: World) -> None:
    """The first stop skips to the content; every stop is seen."""
    page = window(audit=True).new_page()
    page.goto("/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Aller au contenu")
    assert link.evaluate("link => link === document.activeElement && link.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.goto("/")
    for _stop in range(25):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            """() => { const style = getComputedStyle(document.activeElement);
            return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
              || style.boxShadow !== 'none' }"""
        )
        assert shown, page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")
