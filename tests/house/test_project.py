"""The project around the code: what it promises in words, what it ships of others, what it must not give away."""

import ast
import hashlib
import os
import re
import tomllib

import pytest
from django.core.management import call_command

from parvis import __version__
from tests.house.source import PACKAGE, ROOT, sources, tracked, tree, where

VENDOR = PACKAGE / "core/static/parvis/vendor"
# In pieces, so that this file does not find itself.
FOREIGN = re.compile(
    "|".join(
        (
            "pypi" + r"\.org",
            "pythonhosted" + r"\.org",
            "registry\\.npm" + "js",
            r"deb\.debian" + r"\.org",
            "/ro" + "ot/",
            "/wo" + "rk/",
            "/ho" + "me/[a-z]",
            "/op" + "t/",
        )
    )
)


# What opens connections to other sites.
CLIENTS = {
    *("aiohttp", "ftplib", "http.client", "httpcore", "httpcore2", "httpx", "httpx2", "niquests", "pycurl", "requests"),
    *("treq", "urllib.request", "urllib3"),
}


def test_one_module_alone_asks_anything_of_other_sites() -> None:
    """R-SEC-12: what another would forget, `outbound` checks."""
    found = [
        where(path, node.lineno)
        for path in sources(tests=False)
        if PACKAGE / "outbound" not in path.parents
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in imported(node)
        if any(name == client or name.startswith(f"{client}.") for client in CLIENTS)
    ]
    assert found == []


def imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    """The modules that a line imports, or may import."""
    names = {alias.name for alias in node.names}
    return names if isinstance(node, ast.Import) else {node.module or ""} | {f"{node.module}.{name}" for name in names}


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_file_names_a_registry_or_someones_folder() -> None:
    texts = ((path, path.read_bytes().decode("utf-8", "ignore")) for path in tracked())
    assert [f"{where(path)}: {found[0]}" for path, text in texts if (found := FOREIGN.search(text))] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_versions_and_hashes_and_nothing_else(name: str) -> None:
    line = re.compile(r"[a-z0-9-]+(\[[a-z,-]+\])?==[^ ]+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [text for text in (ROOT / name).read_text("ascii").splitlines() if not line.fullmatch(text)] == []


def test_the_two_locks_agree() -> None:
    pins = {
        name: set(re.findall(r"^[a-z].*==.*$", (ROOT / name).read_text("ascii"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    }
    runtime = {re.sub(r" ;.*", "", pin).rstrip(" \\") for pin in pins["requirements.lock"]}
    development = {re.sub(r" ;.*", "", pin).rstrip(" \\") for pin in pins["requirements-dev.lock"]}
    assert runtime <= development


def test_what_is_vendored_is_what_the_lock_says() -> None:
    lock = tomllib.loads((VENDOR / "assets.lock.toml").read_text("utf-8"))
    expected = {
        f"{package['folder']}/{file['target']}": file["sha256"]
        for package in lock["package"]
        for file in package["files"]
    }
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in tracked()
        if VENDOR in path.parents and path.name != "assets.lock.toml"
    }
    assert found == expected
    assert all(package["licence"] and package["version"] for package in lock["package"])


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/how-to/production.md"])
def test_the_commands_a_page_gives_exist(page: str) -> None:
    commands = set(re.findall(r"(?<![/\w])bin/[a-z]+", (ROOT / page).read_text("utf-8")))
    assert {name for name in commands if not os.access(ROOT / name, os.X_OK)} == set()


def test_the_links_between_pages_hold() -> None:
    broken = [
        f"{where(path)} -> {target}"
        for path in tracked()
        if path.suffix == ".md"
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists()
    ]
    assert broken == []


def test_the_architecture_names_modules_that_exist_and_all_of_them() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    named = set(re.findall(r"^  ([a-z]+)(?:/|\.py) ", page, re.MULTILINE))
    there = {path.stem if path.is_file() else path.name for path in PACKAGE.iterdir() if path.suffix in {"", ".py"}}
    assert named == there - {"__init__", "__pycache__", "locale"}


def test_the_changelog_tells_this_version() -> None:
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
