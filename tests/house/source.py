"""The project as its own tests read it: files, syntax trees, templates."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "parvis"
# From the bottom up; what stands on one line stands on the same floor.
FLOORS = (
    {"core", "outbound"},
    {"territory"},
    {"people"},
    {"publications"},
    {"agenda", "groups", "conversations"},
    {"notifications"},
    {"home", "letters", "moderation"},
)


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project, those not committed yet included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file())


def sources(*, tests: bool = True) -> Iterator[Path]:
    """Python files written by hand."""
    for path in tracked():
        if path.suffix == ".py" and "migrations" not in path.parts and (tests or PACKAGE in path.parents):
            yield path


def templates() -> Iterator[Path]:
    """Every template of ours."""
    return (path for path in tracked() if "templates" in path.parts)


def template_name(path: Path) -> str:
    """The name a template is asked by."""
    return path.as_posix().partition("/templates/")[2]


@cache
def tree(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(path.read_text("utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def lines(path: Path) -> int:
    """How long a file is."""
    return len(path.read_text("utf-8").splitlines())


def module(path: Path) -> str:
    """The module of Parvis a file belongs to: `agenda`, `core`; empty for what stands beside them."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def floor(name: str) -> int:
    """How high a module stands; what is not on a floor stands above all."""
    return next((height for height, names in enumerate(FLOORS) if name in names), len(FLOORS))


def may_use(user: str, used: str) -> bool:
    """Whether one module may know another: itself or anything on a lower floor."""
    return user == used or floor(used) < floor(user)


def where(path: Path, line: int = 0) -> str:
    """A place to click on."""
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))


def calls(text: str, tag: str) -> Iterator[tuple[int, str, str]]:
    """Uses of a template tag with a literal first argument: line, argument, rest of the tag."""
    for found in re.finditer(rf"{{%\s*{tag}\s+[\"']([^\"']+)[\"']([^%]*)%}}", text):
        yield text.count("\n", 0, found.start()) + 1, found[1], found[2]
