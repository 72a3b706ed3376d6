"""Every template compiles, is asked for somewhere, and asks only for what exists."""

import ast
import re

from django.template.loader import get_template

from tests.house.source import calls, sources, template_name, templates, tree, where

# Asked for by Django and allauth, under names that are theirs.
ASKED_BY_OTHERS = ("account/", "allauth/", "django/")
ERROR_PAGES = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"}


def test_every_template_compiles_with_what_it_includes() -> None:
    for path in templates():
        get_template(template_name(path))
        for tag in ("include", "extends"):
            for _, name, _ in calls(path.read_text("utf-8"), tag):
                get_template(name)


def test_every_template_is_used() -> None:
    nodes = [node for path in sources(tests=False) for node in ast.walk(tree(path))]
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    asked = words | {
        name
        for path in templates()
        for tag in ("include", "extends")
        for _, name, _ in calls(path.read_text("utf-8"), tag)
    }
    patterns = [_pattern(node) for node in nodes if isinstance(node, ast.JoinedStr)]
    unused = []
    for path in templates():
        name = template_name(path)
        # A name put together, such as f"home/{page}.html", asks for the pages whose word is written somewhere.
        found = (match for pattern in patterns if (match := pattern.fullmatch(name)))
        put_together = any(set(match.groups()) <= words for match in found)
        if not put_together and name not in asked | ERROR_PAGES and not name.startswith(ASKED_BY_OTHERS):
            unused.append(where(path))
    assert unused == []


def test_every_form_that_writes_carries_a_csrf_token() -> None:
    bare = []
    for path in templates():
        for form in path.read_text("utf-8").split("<form")[1:]:
            body = form.partition("</form>")[0]
            if 'method="post"' in body.lower() and "csrf_token" not in body:
                bare.append(where(path))
    assert bare == []


def _pattern(node: ast.JoinedStr) -> re.Pattern[str]:
    parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else "([^/]+)" for part in node.values)
    return re.compile("".join(parts))
