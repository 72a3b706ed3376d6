"""Nothing is kept that nobody calls."""

import ast
import re
from collections import Counter

from tests.house.source import ROOT, sources, templates, tree, where

# What a framework calls by a name it chose, or one composes.
CALLED = re.compile(
    r"__\w+__|clean_\w+|\w+Config"
    # A form of notices has one for each way to aim.
    r"|_by_(shape|parcels|street|centre)"
    # Django: what receives a file that is sent, and which table holds sessions.
    r"|receive_data_chunk|file_complete|get_model_class"
    # allauth: the code it mails, and a field that we put in its place.
    r"|generate_login_code|_setup_password_field"
    # io.RawIOBase.
    r"|readinto"
)


def test_nothing_is_left_that_nobody_calls() -> None:
    """A name that stands only where it is defined; what tests alone use belongs to them."""
    own = list(sources(tests=False))
    texts = (path.read_text("utf-8") for path in (*own, *templates(), ROOT / "pyproject.toml"))
    said = Counter(word for text in texts for word in re.findall(r"\w+", text))
    dead = [
        f"{where(path, node.lineno)} {node.name}"
        for path in own
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and said[node.name] == 1
        and not CALLED.fullmatch(node.name)
    ]
    assert dead == []
