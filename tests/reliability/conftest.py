"""A database that real processes share, of the kind this run is about."""

import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from tests.command.running import environment
from tests.schema import Shelf

ROOT = Path(__file__).parents[2]


@dataclass
class Store:
    """A data directory, and where its database is."""

    folder: Path
    url: str = ""

    @property
    def more(self) -> dict[str, str]:
        """What its processes are told, beside the directory."""
        told = {"PYTHONPATH": str(ROOT), "NOTES": str(self.folder / "notes"), "PARVIS_LOG_LEVEL": "CRITICAL"}
        return told | ({"DATABASE_URL": self.url} if self.url else {})

    def prepare(self, *arguments: str) -> str:
        """Run `prepare` on it; what it says."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.reliability.prepare", *arguments],
            env=environment(self.folder, **self.more),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database holds, read past our own code."""
        if self.url:
            with psycopg.connect(self.url) as database:
                return database.execute(statement.encode()).fetchall()
        with sqlite3.connect(self.folder / "parvis.sqlite3", timeout=30) as file:
            return file.execute(statement).fetchall()


@pytest.fixture
def store(tmp_path: Path, shelf: Shelf, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Store]:
    """SQLite in the directory, or a fresh database on the PostgreSQL of this run."""
    url = os.environ.get("DATABASE_URL", "")
    name = f"parvis_reliability_{uuid.uuid4().hex[:12]}" if url.startswith("postgres") else ""
    with django_db_blocker.unblock():
        shelf.lay(tmp_path, name)
    if not name:
        yield Store(tmp_path)
        return
    try:
        yield Store(tmp_path, urlsplit(url)._replace(path=f"/{name}").geturl())
    finally:
        with psycopg.connect(url, autocommit=True) as database:
            database.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
