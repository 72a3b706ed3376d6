"""What every test stands on: a cache of its own and, for those that walk pages, a browser."""

import gc
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import settings as hypothesis
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from parvis.core import kept
from parvis.territory import current
from parvis.territory.geometry import index

pytest_plugins = ["tests.cast", "tests.circles", "tests.france", "tests.schema"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Given by bin/check, which fails in CI when nothing answers there.
REDIS = os.environ.get("REDIS_URL")
# In CI nothing may be left out in silence.
REQUIRED = bool(os.environ.get("CI") or os.environ.get("PARVIS_CI"))
# Chromium must look for nothing outside this machine.
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")

# No test measures how busy the machine is.
hypothesis.register_profile("calm", deadline=None)
hypothesis.load_profile("calm")

TESTS = Path(__file__).parent
LONG = (
    *("browser/test_pages", "visibility/test_pages", "command/test_demo", "demo", "visibility", "browser"),
    *("command", "reliability", "people/test_update"),
)
# The fixtures that lead to a database; what asks for none need not run on each kind.
STORED = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_configure(config: pytest.Config) -> None:
    if REQUIRED and not CHROMIUM and "not browser" not in config.getoption("markexpr"):
        raise pytest.UsageError("Chromium is required here and was not found.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=turn_of)
    for item in items:
        if item.get_closest_marker("django_db") or STORED & {*getattr(item, "fixturenames", ())}:
            item.add_marker("database")
    missing = {name for name, there in (("browser", CHROMIUM), ("redis", REDIS)) if not there}
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in missing)]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish() -> None:
    """What was imported stays: it is not looked through again and again for what could go."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def turn_of(item: pytest.Item) -> int:
    """What takes long begins first: at the end no worker then waits long for another."""
    place = item.path.relative_to(TESTS).as_posix()
    return next((turn for turn, long in enumerate(LONG) if place.startswith(long)), len(LONG))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not REDIS:
        terminalreporter.write_line("Not run: what talks to Redis, for want of REDIS_URL.", yellow=True)
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


@pytest.fixture(autouse=True)
def _empty_vault(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """After a test that commits: Django empties the tables it knows, and the vault's are none of these."""
    yield
    asked = request.node.get_closest_marker("django_db")
    if not (asked and asked.kwargs.get("transaction")):
        return
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE vault.spot, vault.shape, vault.part, vault.match")
            return
        for table in ("spot", "shape", "part", "match"):
            cursor.execute(f"DELETE FROM vault_{table}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, once for the session."""
    # Playwright's loop runs in our thread, where Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()
