"""Every act leaves an entry in the journal, and every entry's verb is explained."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import PACKAGE, ROOT, sources, tree, where

VERB = re.compile(r"[a-z_]+\.[a-z_]+")


def test_every_public_action_journals() -> None:
    """A step that acts share, or a guard named `require_…`, leaves that to the act."""
    bodies = {name: node for path in _actions() for name, node in _functions(path)}
    journaling: set[str] = set()
    # An act may journal through another act: repeat until nothing new is learnt.
    while found := {
        name
        for name, node in bodies.items()
        if name not in journaling and _named(node) & (journaling | {"record", "record_many"})
    }:
        journaling |= found
    steps = {name for caller, node in bodies.items() for name in _named(node) if name != caller}
    silent = [
        f"{where(path, node.lineno)} {name}"
        for path in _actions()
        for name, node in _functions(path)
        if not name.startswith(("_", "require_")) and name not in journaling | steps
    ]
    assert silent == []


def test_an_act_is_told_by_name_who_acts() -> None:
    """`by=` is keyword-only, so that no call confuses who acts with what is acted on."""
    wrong = [
        where(path, node.lineno)
        for path in _actions()
        for name, node in _functions(path)
        if not name.startswith(("_", "require_"))
        and "by" in {argument.arg for argument in (*node.args.posonlyargs, *node.args.args)}
    ]
    assert wrong == []


def test_the_reference_lists_each_verb_and_no_other() -> None:
    page = (ROOT / "docs/reference/journal.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([a-z_]+\.[a-z_]+)`", page, re.MULTILINE)) == set(_verbs())


def _actions() -> Iterator[Path]:
    for path in sources(tests=False):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if len(parts) > 1 and parts[1] == "actions":
            yield path


def _functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    return ((node.name, node) for node in tree(path).body if isinstance(node, ast.FunctionDef))


def _named(node: ast.FunctionDef) -> set[str]:
    """The last names of what a function calls, or hands on to be called."""
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)} | {
        inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)
    }


def _verbs() -> Iterator[str]:
    """The first argument of each call to `record`, whichever way a conditional goes."""
    for path in sources(tests=False):
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).split(".")[-1] in {"record", "record_many"}
                and node.args
            ):
                for inner in ast.walk(node.args[0]):
                    if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and VERB.fullmatch(inner.value):
                        yield inner.value
