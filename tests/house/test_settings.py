"""Every variable read from the environment is described, and nothing else is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import ROOT, sources, tree

READERS = {"os.environ.get", "os.environ.pop", "os.environ.setdefault", "os.getenv", "flag", "words"}
# Django's own, which the command line only hands on.
NOT_OURS = {"DJANGO_SETTINGS_MODULE"}


def test_the_reference_lists_each_variable_and_no_other() -> None:
    read = {name for path in sources(tests=False) for name in _read(path)} - NOT_OURS
    page = (ROOT / "docs/reference/settings.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE)) == read


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
