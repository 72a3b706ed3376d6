"""What an import changes in a territory already there: for those who must follow it, and for the report."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from parvis.territory.importer.merge import Watch

Key = tuple[str, str]


@dataclass
class Changes:
    """Numbers of zones, but for `renamed` and `came`, told by kind and code.

    `joined` holds the zones that ended today, or whose successor was named today, by who took their place; `parted`
    the new communes by the one they were part of. `touched` lie in other zones than before, or hold others.
    """

    # Of a first import, everything is new and nothing is noted.
    watching: bool = True
    ended: list[int] = field(default_factory=list)
    joined: dict[int, int] = field(default_factory=dict)
    parted: dict[int, int] = field(default_factory=dict)
    came: set[Key] = field(default_factory=set)
    renamed: dict[Key, str] = field(default_factory=dict)
    redrawn: Counter[str] = field(default_factory=Counter)
    recounted: Counter[str] = field(default_factory=Counter)
    left: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    entered: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    relinked: set[int] = field(default_factory=set)
    halls: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    @property
    def touched(self) -> set[int]:
        """The zones whose feeds and pages must be written again."""
        return {*self.left, *self.entered, *self.relinked}

    def heard(self, watch: Watch) -> Watch | None:
        """One of those below, when it is to be told."""
        return watch if self.watching else None

    def of_zone(self, key: tuple[Any, ...], name: str, old: Any, new: Any) -> None:
        """Note a change of a zone."""
        kind, code = key
        if name == "" or (name == "ended_on" and new is None):
            self.came.add((kind, code))
        elif name == "name":
            self.renamed[kind, code] = old
        elif name == "geometry":
            self.redrawn[kind] += 1
        elif name == "population":
            self.recounted[kind] += 1

    def of_link(self, key: tuple[Any, ...], name: str, old: Any, new: Any) -> None:  # noqa: ARG002 - told as the others
        """Note that a zone lies in another, no longer or otherwise."""
        part, whole = key
        if name:
            self.relinked.add(part)
        else:
            (self.entered if new else self.left)[part].add(whole)

    def of_hall(self, key: tuple[Any, ...], name: str, old: Any, new: Any) -> None:  # noqa: ARG002 - told as the others
        """Note a change of a town hall."""
        self.halls[key[0]].add(name)
