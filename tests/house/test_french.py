"""What people read is set as French is: no line ends between a word and its high punctuation, or inside « »."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import sources, templates, tree, where

# A no-break space before « : · » and inside « », a narrow one before « ; ? ! », and « n° » stays with its number.
FAULT = re.compile(r"(?<=\S) [;:?!»·](?![\w=])|« |\u00a0[;?!]|\b[nN]° ")
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}


def test_templates_are_well_set() -> None:
    assert list(faults((path, spoken(path.read_text("utf-8"))) for path in templates())) == []


def test_sentences_in_code_are_well_set() -> None:
    assert list(faults((path, text) for path in sources(tests=False) for text in sentences(tree(path)))) == []


@pytest.mark.parametrize(
    ("template", "wrong"),
    [
        ('{% translate "Qui vient ?" %}', True),
        ("<b>{{ name }}</b> : {{ words }}", True),
        ("Accusé n° {{ number }}", True),
        ('{% if count != 1 %}<a href="?page=2">« {{ title }} »</a>{% endif %}', False),
        ("{% comment %}Given `name` : a name.{% endcomment %}", False),
    ],
)
def test_sees_what_a_reader_would(template: str, wrong: bool) -> None:
    assert bool(FAULT.search(spoken(template))) == wrong


def faults(texts: Iterator[tuple[Path, str]]) -> Iterator[str]:
    """Where each fault is, with the words around it."""
    for path, text in texts:
        for found in FAULT.finditer(text):
            yield f"{where(path)}: {text[max(found.start() - 30, 0) : found.end() + 10]!r}"


def spoken(template: str) -> str:
    """A template without its code: of a tag, only the words between quotes."""
    said = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", "", template, flags=re.DOTALL)
    return re.sub(r"{[{%].*?[%}]}", lambda tag: "x" + "".join(re.findall(r'"[^"]*"', tag[0])), said, flags=re.DOTALL)


def sentences(code: ast.Module) -> Iterator[str]:
    """The texts that a file gives to gettext."""
    for node in ast.walk(code):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in GETTEXT:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value
