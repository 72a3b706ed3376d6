"""A served world and windows onto it."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, ViewportSize
from pytest_django.live_server_helper import LiveServer

from parvis.people.models import Person

# Opens a window: `window(person, width=390, scheme="dark")`; without JavaScript, but for an `audit`.
Window = Callable[..., BrowserContext]


@pytest.fixture
def window(browser: Browser, live_server: LiveServer) -> Iterator[Window]:
    """Windows of this test; each closes with it. None may ask anything of another site, nor break our policy."""
    opened: list[BrowserContext] = []
    wrong: list[str] = []

    def watch(context: BrowserContext) -> None:
        def asked(request: Request) -> None:
            if not request.url.startswith((live_server.url, "data:")):
                wrong.append(request.url)

        def said(message: ConsoleMessage) -> None:
            if "Content Security Policy" in message.text:
                wrong.append(message.text)

        context.on("request", asked)
        context.on("console", said)

    def open_window(
        person: Person | None = None,
        *,
        width: int = 1280,
        scheme: str = "light",
        script: bool = False,
        audit: bool = False,
    ) -> BrowserContext:
        context = browser.new_context(
            base_url=live_server.url,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            viewport=ViewportSize(width=width, height=800),
            color_scheme="dark" if scheme == "dark" else "light",
            # A colour half way to another is nobody's colour.
            reduced_motion="reduce" if audit else "no-preference",
            java_script_enabled=audit,
            # The auditor is a script, which our policy would rightly refuse.
            bypass_csp=audit,
        )
        context.set_default_timeout(15_000)
        if person:
            client = Client()
            client.force_login(person)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        watch(context)
        opened.append(context)
        return context

    yield open_window
    for context in opened:
        context.close()
    assert not wrong, wrong
