"""Where what a file says is set aside, in order and on disk, until all of it is known to be right."""

import marshal
import sqlite3
import tempfile
from collections.abc import Iterator
from typing import Any

TABLE = """
CREATE TABLE stage (commune INTEGER, name TEXT, rank INTEGER, data BLOB, PRIMARY KEY (commune, name)) WITHOUT ROWID
"""
# The best of several rows is kept.
PUT = """
INSERT INTO stage VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET rank = excluded.rank, data = excluded.data WHERE excluded.rank < stage.rank
"""


class Stage:
    """Rows by commune and name, in a temporary file: memory holds one commune at a time."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.base = sqlite3.connect(f"{self.folder.name}/stage.sqlite3", isolation_level=None)
        self.base.execute("PRAGMA journal_mode=OFF")
        self.base.execute("PRAGMA synchronous=OFF")
        self.base.execute("BEGIN")
        self.base.execute(TABLE)

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *_error: object) -> None:
        self.base.close()
        self.folder.cleanup()

    def put(self, commune: int, name: str, row: tuple[Any, ...], rank: int = 0) -> bool:
        """Set a row aside; False when one as good was there already, and stays."""
        return self.base.execute(PUT, (commune, name, rank, marshal.dumps(row))).rowcount > 0

    def communes(self) -> list[int]:
        """The communes that have rows."""
        return [pk for (pk,) in self.base.execute("SELECT DISTINCT commune FROM stage ORDER BY commune")]

    def rows(self, commune: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """The rows of a commune by name."""
        for name, data in self.base.execute("SELECT name, data FROM stage WHERE commune = ? ORDER BY name", [commune]):
            yield name, marshal.loads(data)  # noqa: S302 - we wrote it ourselves this minute
