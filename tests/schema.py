"""The tables, made by the migrations once: each worker, and each run until a migration changes, starts from a copy."""

import fcntl
import hashlib
import inspect
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from pytest_django import DjangoDbBlocker

SHELF = Path(__file__).parents[1] / ".cache/schema"


def fingerprint() -> str:
    """Of every migration, ours and those of the libraries."""
    seen = hashlib.sha256()
    for name, migration in sorted(MigrationLoader(None).disk_migrations.items()):
        seen.update(repr(name).encode() + Path(inspect.getfile(type(migration))).read_bytes())
    return seen.hexdigest()[:16]


class Shelf:
    """Where the copy is: a file, or beside the database of the tests on its own server."""

    def __init__(self) -> None:
        self.path = SHELF / f"{fingerprint()}.sqlite3"
        self.prefix = f"{connection.settings_dict['NAME']}_schema_"
        self.name = self.prefix + self.path.stem
        self.taken = self._take()

    def put(self) -> None:
        """Keep a copy of what was just made, and none of what it was before."""
        if connection.vendor == "sqlite":
            for path in SHELF.glob("*.sqlite3"):
                path.unlink()
            unfinished = self.path.with_suffix(".unfinished")
            unfinished.unlink(missing_ok=True)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(unfinished)])
            unfinished.rename(self.path)
            return
        # PostgreSQL copies only what nobody looks at.
        connection.close()
        with connection._nodb_cursor() as cursor:
            for former in self._copies():
                cursor.execute(f'DROP DATABASE "{former}"')
            cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{connection.settings_dict["NAME"]}"')

    def lay(self, folder: Path, database: str = "") -> None:
        """The same tables for a site of its own: in `folder`, or as a database of this server."""
        if database:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE "{self.name}"')
        elif self.path.exists():
            shutil.copyfile(self.path, folder / "parvis.sqlite3")

    def _take(self) -> bool:
        tests = connection.settings_dict["TEST"]
        if connection.vendor == "sqlite":
            if self.path.exists():
                shutil.copyfile(self.path, tests["NAME"])
            return self.path.exists()
        known = self.name in self._copies()
        if known:
            tests["TEMPLATE"] = self.name
        return known

    def _copies(self) -> list[str]:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [self.prefix])
            return [name for (name,) in cursor.fetchall()]


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """A file that was copied is not to be erased; it vanishes with the folder of the run."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def turn() -> Iterator[TextIO]:
    """The right to make the copy, which one worker has at a time."""
    SHELF.mkdir(parents=True, exist_ok=True)
    with (SHELF / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


@pytest.fixture(scope="session")
def shelf(turn: TextIO, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker) -> Shelf:
    """What the database of the tests starts from."""
    with django_db_blocker.unblock():
        return Shelf()


@pytest.fixture(scope="session")
def django_db_setup(turn: TextIO, shelf: Shelf, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The database of the tests, copied or made."""
    if not shelf.taken:
        with django_db_blocker.unblock():
            shelf.put()
    fcntl.flock(turn, fcntl.LOCK_UN)


@pytest.fixture
def laid(tmp_path: Path, shelf: Shelf, django_db_setup: None) -> Path:
    """A data directory that holds the tables already, which spares a command the time to make them."""
    shelf.lay(tmp_path)
    return tmp_path
