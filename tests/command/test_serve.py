"""`parvis serve`: from an empty directory to a page, and back to nothing."""

import os
import signal
import socket
import sqlite3
import stat
from pathlib import Path

import pytest

from tests.command.running import gone, parvis, served, until


def test_starts_on_an_empty_directory_and_stops_without_a_trace(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with served(folder) as site:
        until(site.workers)
        children = list(site.children())
        key = folder / "secret-key"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert list((folder / "static/parvis").glob("parvis.*.css.br"))
        with sqlite3.connect(folder / "parvis.sqlite3") as database:
            assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        site.process.send_signal(signal.SIGTERM)
        assert site.process.wait(120) == 0
        assert all(gone(pid) for pid in children)
        assert not site.answers()


def test_a_killed_worker_and_a_killed_web_process_come_back(laid: Path) -> None:
    """R-REL: `kill -9` of either costs a moment."""
    with served(laid) as site:
        until(site.workers)
        for which in (site.workers, site.webs):
            [victim] = which()
            os.kill(victim, signal.SIGKILL)
            until(lambda: gone(victim) and which() not in ([], [victim]))  # noqa: B023
            until(site.answers)


def test_a_killed_server_leaves_no_orphan(laid: Path) -> None:
    with served(laid) as site:
        until(site.workers)
        children = list(site.children())
        site.process.kill()
        until(lambda: all(gone(pid) for pid in children))


def test_no_worker_means_none(laid: Path) -> None:
    with served(laid, "--no-worker") as site:
        assert site.webs()
        assert not site.workers()


def test_a_busy_port_gets_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        refused = parvis(tmp_path, "serve", "--port", port)
    assert refused.returncode == 1
    assert f"Le port {port} de 127.0.0.1 n’est pas libre" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["serve", "--host", "nulle.part.invalid"], "n’existe pas sur cette machine"),
    ],
)
def test_what_cannot_be_served_is_refused_in_one_sentence(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    refused = parvis(tmp_path, *arguments)
    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr
