"""Every variable read from the environment is described, and nothing else is; one site has one key."""

import ast
import re
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from parvis.settings import secret_key
from tests.house.source import ROOT, sources, tree

READERS = {"os.environ.get", "os.environ.pop", "os.environ.setdefault", "os.getenv", "flag", "words"}
# Django's own, which the command line only hands on.
NOT_OURS = {"DJANGO_SETTINGS_MODULE"}


def test_the_reference_lists_each_variable_and_no_other() -> None:
    read = {name for path in sources(tests=False) for name in _read(path)} - NOT_OURS
    page = (ROOT / "docs/reference/settings.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE)) == read


def test_two_processes_that_start_together_share_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second starts while the first is making the key: neither signs with an empty or a lost one."""
    folder = tmp_path / "data"
    second: list[str] = []

    def draw(_size: int) -> str:
        monkeypatch.setattr("parvis.settings.secrets.token_urlsafe", lambda _size: "of the second")
        second.append(secret_key(folder))
        return "of the first"

    monkeypatch.setattr("parvis.settings.secrets.token_urlsafe", draw)
    assert [secret_key(folder)] == second == ["of the second"]
    [key] = folder.iterdir()
    assert (key.name, stat.S_IMODE(key.stat().st_mode)) == ("secret-key", 0o600)
    assert secret_key(folder) == "of the second"


def test_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _start: secret_key(tmp_path), range(8)))
    assert len(keys) == 1
    assert len(keys.pop()) > 50


def _read(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in READERS:
            key: ast.expr | None = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            key = node.slice
        else:
            continue
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value
