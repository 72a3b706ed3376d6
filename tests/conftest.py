"""What every test stands on: a cache of its own and, for those that walk pages, a browser."""

import os
import shutil
import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django.fixtures import Settings

from parvis.core import kept
from parvis.territory import current
from parvis.territory.geometry import index

pytest_plugins = ["tests.cast", "tests.circles", "tests.france", "tests.schema"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# In CI nothing may be left out in silence.
REQUIRED = bool(os.environ.get("CI") or os.environ.get("PARVIS_CI"))
# Chromium must look for nothing outside this machine.
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")


def pytest_configure(config: pytest.Config) -> None:
    if REQUIRED and not CHROMIUM and config.getoption("markexpr") != "not browser":
        raise pytest.UsageError("Chromium is required here and was not found.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if CHROMIUM:
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not CHROMIUM:
        terminalreporter.write_line("Not run: the browser journeys, for want of Chromium.", yellow=True)


@pytest.fixture(autouse=True)
def _own_cache(settings: Settings) -> None:
    """What one test leaves in the cache, limits included, no other sees, on Redis either."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid.uuid4().hex}}
    # Its database goes back in time, which a journal never does.
    kept.forget()
    current.forget()
    index.forget()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, once for the session."""
    # Playwright's loop runs in our thread, where Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()
