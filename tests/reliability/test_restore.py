"""F-18: a backup brings back what it holds, but for those who left since."""

import shutil
import sqlite3
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.command.running import parvis
from tests.reliability.conftest import Store

pytestmark = pytest.mark.django_db
LEFT, STAYED = "client0@exemple.fr", "client1@exemple.fr"


def back_up(store: Store) -> None:
    """A copy of the database, as the guide says to take one."""
    if store.url:
        name = urlsplit(store.url).path[1:]
        with psycopg.connect(urlsplit(store.url)._replace(path="/postgres").geturl(), autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}_copy TEMPLATE {name}".encode())
        return
    with sqlite3.connect(store.folder / "parvis.sqlite3") as file, sqlite3.connect(store.folder / "copy") as copy:
        file.backup(copy)


def restore(store: Store) -> None:
    """The copy in the place of the database; the data directory is as it was."""
    if store.url:
        name = urlsplit(store.url).path[1:]
        with psycopg.connect(urlsplit(store.url)._replace(path="/postgres").geturl(), autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
            server.execute(f"ALTER DATABASE {name}_copy RENAME TO {name}".encode())
        return
    for stale in store.folder.glob("parvis.sqlite3*"):
        stale.unlink()
    shutil.copy(store.folder / "copy", store.folder / "parvis.sqlite3")


def emails(store: Store) -> set[str]:
    """Who has an account."""
    return {email for (email,) in store.rows("SELECT email FROM people_person")}


def test_who_left_leaves_again_once_a_backup_is_restored(store: Store) -> None:
    """R-LAW-8, R-REL-13."""
    store.prepare("people", "2")
    back_up(store)
    store.prepare("erase", "0")
    ledger = store.folder / "erasures.jsonl"
    assert "client" not in ledger.read_text()
    restore(store)
    assert {LEFT, STAYED} <= emails(store)
    # As if the disk had failed in the middle of a line.
    ledger.write_text(ledger.read_text() + '{"number": 1')
    done = parvis(store.folder, "erasures", "replay", **store.more)
    assert (done.returncode, done.stdout.strip()) == (0, "Comptes effacés de nouveau : 1."), done.stderr
    assert STAYED in emails(store)
    assert LEFT not in emails(store)
    assert "Comptes effacés de nouveau : 0." in parvis(store.folder, "erasures", "replay", **store.more).stdout
