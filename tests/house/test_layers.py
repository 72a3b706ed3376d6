"""What import-linter cannot see also points down: templates, addresses, foreign keys and names in strings."""

import ast
import re
from collections.abc import Iterator

from django.apps import apps
from django.db.models import Field, ForeignObjectRel
from django.urls import URLPattern, URLResolver, get_resolver

from tests.house.source import (
    PACKAGE,
    calls,
    floor,
    functions,
    may_use,
    module,
    sources,
    template_name,
    templates,
    tree,
    where,
)


def test_a_template_includes_only_from_its_floor_down() -> None:
    owners = {template_name(path): module(path) for path in templates()}
    wrong = [
        f"{where(path, line)} {tag}s {name}"
        for path in templates()
        for tag in ("include", "extend", "extends")
        for line, name, _ in calls(path.read_text("utf-8"), tag)
        if name in owners and not may_use(module(path), owners[name])
    ]
    assert wrong == []


def test_a_template_links_only_from_its_floor_down() -> None:
    """`{% url … as x %}` asks and does without: the shell may name pages above it that way."""
    owners = dict(_addresses(get_resolver().url_patterns))
    wrong = [
        f"{where(path, line)} links to {name}"
        for path in templates()
        for line, name, rest in calls(path.read_text("utf-8"), "url")
        if " as " not in rest and name in owners and not may_use(module(path), owners[name])
    ]
    assert wrong == []


def test_every_link_in_a_template_leads_somewhere() -> None:
    known = dict(_addresses(get_resolver().url_patterns))
    texts = ((path, path.read_text("utf-8")) for path in templates())
    assert [
        f"{where(path, line)} {name}"
        for path, text in texts
        for line, name, _ in calls(text, "url")
        if name not in known
    ] == []


def test_a_foreign_key_points_to_its_floor_or_down() -> None:
    wrong = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            target = field.related_model if isinstance(field, Field) else None
            if isinstance(field, ForeignObjectRel) or target is None or isinstance(target, str):
                continue
            user, used = _owner(model), _owner(target)
            if user and used and not may_use(user, used):
                wrong.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert wrong == []


def test_a_name_in_a_string_points_down() -> None:
    """`import_string("parvis.…")` and the like would hide an import from import-linter."""
    wrong = []
    for path in sources(tests=False):
        if floor(module(path)) == floor(""):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found = re.fullmatch(r"parvis\.([a-z]+)(\.\w+)*", node.value)
                if found and not may_use(module(path), found[1]):
                    wrong.append(where(path, node.lineno))
    assert wrong == []


def test_a_forward_reference_stays_on_its_floor() -> None:
    """Nothing is imported for the type checker alone: that too is knowing."""
    hidden = [where(path) for path in sources(tests=False) if "TYPE_" + "CHECKING" in path.read_text("utf-8")]
    assert hidden == []


def test_the_floors_are_all_the_modules() -> None:
    modules = {module(path) for path in sources(tests=False)} - {"", "demo", "initialise"}
    assert {name for name in modules if floor(name) == floor("")} == set()
    assert any(functions(PACKAGE / "core" / "journal.py"))


def _owner(model: type) -> str:
    parts = model.__module__.split(".")
    return parts[1] if parts[0] == "parvis" else ""


def _addresses(patterns: list[URLPattern | URLResolver]) -> Iterator[tuple[str, str]]:
    """Each named address and the module its view lives in; those of Django and allauth are below all of ours."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from _addresses(entry.url_patterns)
        elif entry.name:
            view = getattr(entry.callback, "view_class", entry.callback)
            parts = view.__module__.split(".")
            yield entry.name, parts[1] if parts[0] == "parvis" else "core"
