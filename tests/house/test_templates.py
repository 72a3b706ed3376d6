"""Every template compiles, is asked for somewhere, and asks only for what exists."""

import ast

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
    asked = {
        name
        for path in templates()
        for tag in ("include", "extends")
        for _, name, _ in calls(path.read_text("utf-8"), tag)
    }
    asked |= {
        node.value
        for path in sources(tests=False)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    unused = [
        where(path)
        for path in templates()
        if (name := template_name(path)) not in asked | ERROR_PAGES and not name.startswith(ASKED_BY_OTHERS)
    ]
    assert unused == []


def test_every_form_that_writes_carries_a_csrf_token() -> None:
    bare = []
    for path in templates():
        for form in path.read_text("utf-8").split("<form")[1:]:
            body = form.partition("</form>")[0]
            if 'method="post"' in body.lower() and "csrf_token" not in body:
                bare.append(where(path))
    assert bare == []
