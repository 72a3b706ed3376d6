"""What became of a file, line by line, as long as anyone reads."""

from dataclasses import dataclass, field

# Lines told of each sort; the others are counted.
MOST_TOLD = 20


@dataclass
class Told:
    """Sentences about lines: the first ones, and how many in all."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, line: int, why: str) -> None:
        """Say `why` of a line."""
        self.count += 1
        if len(self.first) < MOST_TOLD:
            self.first.append(f"Ligne {line} : {why}")


@dataclass
class Report:
    """Of one file: what was read, what is refused and why, what was put right, and what changed in the database.

    `outside` counts lines of communes that are not of this territory, which are no fault; `drawn` are the numbers of
    the quartiers that are new or lie elsewhere than before.
    """

    name: str
    read: int = 0
    outside: int = 0
    refused: Told = field(default_factory=Told)
    mended: Told = field(default_factory=Told)
    changed: int = 0
    total: int = 0
    communes: int = 0
    drawn: list[int] = field(default_factory=list)
    written: bool = False
