"""A template drawn once, with holes for what changes from one reader to the next."""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString

from parvis.core.kept import find_piece, keep_piece

T = TypeVar("T")
# Nobody can write a hole: its mark is drawn anew at each start.
_MARK = f"\ue000{secrets.token_hex(6)}:"
_MARGIN = re.compile(r"\n\s+")
_HOLE = re.compile(_MARK + r"(\w+)\ue001")


def hole(name: str) -> SafeString:
    """What a template is given in place of what changes; no filter may touch it."""
    return SafeString(f"{_MARK}{name}\ue001")


@dataclass(frozen=True, slots=True)
class Mould:
    """The text between the holes, and their names: text, name, text, name, …, text. In bytes, as it is sent."""

    texts: tuple[bytes, ...]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return sum(map(len, self.texts))

    def fill(self, **values: bytes) -> bytes:
        """The page with `values`, HTML that is safe, in the holes. KeyError when one is missing."""
        parts = [b""] * (2 * len(self.names) + 1)
        parts[::2] = self.texts
        parts[1::2] = [values[name] for name in self.names]
        return b"".join(parts)


def mould(template: str, context: dict[str, Any]) -> Mould:
    """`template` drawn with `context`, in which `hole` stands for what changes; without its indentation."""
    drawn = _HOLE.split(_MARGIN.sub("\n", get_template(template).render(context)))
    return Mould(tuple(text.encode() for text in drawn[::2]), tuple(drawn[1::2]))


def tonight() -> float:
    """Midnight (epoch): what is drawn says the day of the week, or that it is this year."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return (today + timedelta(days=1)).timestamp()


def moulds(
    keys: Mapping[int, Hashable], read: Callable[[list[int]], Mapping[int, T]], draw: Callable[[T], tuple[Mould, bool]]
) -> dict[int, Mould]:
    """What is kept under each key until midnight; what is not is `read`, in one statement, and drawn.

    `draw` says whether to keep what it drew. What is no longer there to read is left out.
    """
    found = {number: find_piece(key) for number, key in keys.items()}
    missing = [number for number, known in found.items() if known is None]
    for number, one in (read(missing) if missing else {}).items():
        found[number], lasts = draw(one)
        if lasts:
            keep_piece(keys[number], found[number], tonight())
    return {number: one for number, one in found.items() if isinstance(one, Mould)}
