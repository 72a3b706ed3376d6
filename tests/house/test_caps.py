"""Sizes and shapes: what grows past its cap is cut in two, not waved through."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import (
    PACKAGE,
    ROOT,
    functions,
    lines,
    module,
    sources,
    template_name,
    templates,
    tracked,
    tree,
    where,
)

ROOT_ENTRIES = 18
CORE_LINES = 1500


def test_a_file_has_at_most_400_lines() -> None:
    assert [f"{where(path)} has {lines(path)}" for path in sources() if lines(path) > 400] == []


def test_a_function_has_at_most_40_lines() -> None:
    long = (
        f"{where(path, node.lineno)} {node.name} has {size}"
        for path in sources()
        for node in functions(path)
        if (size := (node.end_lineno or 0) - node.lineno + 1) > 40
    )
    assert list(long) == []


def test_a_template_has_at_most_120_lines() -> None:
    assert [f"{where(path)} has {lines(path)}" for path in templates() if lines(path) > 120] == []


def test_core_stays_small() -> None:
    assert sum(lines(path) for path in sources(tests=False) if module(path) == "core") <= CORE_LINES


def test_the_root_stays_short() -> None:
    entries = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert len(entries) <= ROOT_ENTRIES, sorted(entries)


@pytest.mark.parametrize("shape", ["import in a function", "receiver", "save override", "service class"])
def test_no_code_takes_the_shape(shape: str) -> None:
    found = [where(path, line) for path in sources() for kind, line in _shapes(path) if kind == shape]
    assert found == [], f"{shape}: {found}"


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "common", "misc", "services"}
    assert [where(path) for path in sources() if drawers & {*path.with_suffix("").parts[len(ROOT.parts) :]}] == []


def test_nothing_is_silenced_or_left_for_later() -> None:
    # Written in pieces, so that this file does not find itself.
    words = (
        "type: " + "ignore",
        "mark." + "skip",
        "pytest." + "skip(",
        "x" + "fail",
        "TO" + "DO",
        "FIX" + "ME",
        "lorem " + "ipsum",
    )
    texts = ((path, path.read_text("utf-8")) for path in (*sources(), *templates()))
    assert [f"{where(path)}: {word}" for path, text in texts for word in words if word in text] == []


def test_no_style_or_script_is_written_in_a_page() -> None:
    """R-SEC: the content security policy would refuse it."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    # A mail has no policy, and no file beside it.
    pages = [path for path in templates() if "mail" not in template_name(path)]
    assert [where(path) for path in pages if inline.search(path.read_text("utf-8"))] == []


def _shapes(path: Path) -> Iterator[tuple[str, int]]:
    for function in functions(path):
        if any(isinstance(inner, ast.Import | ast.ImportFrom) for inner in ast.walk(function)):
            yield "import in a function", function.lineno
        if any(ast.unparse(decorator).split("(")[0].endswith("receiver") for decorator in function.decorator_list):
            yield "receiver", function.lineno
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and re.search(r"\b(pre|post|m2m)_\w+\.connect$", ast.unparse(node.func)):
            yield "receiver", node.lineno
        if isinstance(node, ast.ClassDef) and PACKAGE in path.parents:
            if node.name.endswith(("Service", "Helper")):
                yield "service class", node.lineno
            # Forms may: what Django's own ask of them is not a model's hidden effect.
            if "models" in path.as_posix() and any(
                isinstance(member, ast.FunctionDef) and member.name == "save" for member in node.body
            ):
                yield "save override", node.lineno
