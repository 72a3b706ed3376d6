"""A served world and windows onto it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from parvis.people.models import Person

# What comes comes at once; how long one waits says only how busy the machine may be, in milliseconds.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
# A zoom begins at the frame that follows.
STILL = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    do { await frame(); await frame(); } while (document.querySelector(".leaflet-zoom-anim, .leaflet-pan-anim"));
}"""
# Opens a window: `window(person, width=390, scheme="dark")`; without JavaScript, but for an `audit` or a `script`.
Window = Callable[..., BrowserContext]


def options(width: int, scheme: str, audit: bool, script: bool = False) -> dict[str, Any]:
    """What a window is: without JavaScript, but for an audit, which is a script, or to try a script of ours."""
    return {
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "viewport": {"width": width, "height": 800},
        "color_scheme": scheme,
        # A colour half way to another is nobody's colour.
        "reduced_motion": "reduce" if audit else "no-preference",
        "java_script_enabled": audit or script,
        # Our policy would rightly refuse the auditor.
        "bypass_csp": audit,
    }


def still(page: Page) -> None:
    """Wait for the plan to be where it goes."""
    page.evaluate(STILL)


def watch(context: BrowserContext, site: str, wrong: list[str]) -> None:
    """Note in `wrong` what is asked of another site, and what our policy stopped."""

    def asked(request: Request) -> None:
        if not request.url.startswith((site, "data:")):
            wrong.append(request.url)

    def said(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            wrong.append(message.text)

    context.on("request", asked)
    context.on("console", said)


def sign_in(context: BrowserContext, site: str, person: Person) -> None:
    """Put the session of `person` in the window."""
    client = Client()
    client.force_login(person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site}])


@pytest.fixture
def window(browser: Browser, live_server: LiveServer) -> Iterator[Window]:
    """Windows of this test; each closes with it. None may ask anything of another site, nor break our policy."""
    opened: list[BrowserContext] = []
    wrong: list[str] = []

    def open_window(
        person: Person | None = None,
        *,
        width: int = 1280,
        scheme: str = "light",
        audit: bool = False,
        script: bool = False,
    ) -> BrowserContext:
        context = browser.new_context(base_url=live_server.url, **options(width, scheme, audit, script))
        opened.append(context)
        context.set_default_timeout(PATIENCE)
        watch(context, live_server.url, wrong)
        if person:
            sign_in(context, live_server.url, person)
        return context

    yield open_window
    for context in opened:
        context.close()
    assert not wrong, wrong
