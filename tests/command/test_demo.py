"""`parvis demo`: a site from nothing, found again as one left it."""

import sqlite3
import urllib.request
from pathlib import Path

from tests.command.running import parvis, served

# A commune that straddles two cantons.
COMPIEGNE = "60159"


def test_is_made_once_then_kept(tmp_path: Path) -> None:
    made = parvis(tmp_path, "demo", "--prepare", "--territory", COMPIEGNE)
    assert made.returncode == 0, made.stderr
    assert "delphine@parvis.example" in made.stdout
    with sqlite3.connect(tmp_path / "parvis.sqlite3") as database:
        database.execute("UPDATE people_person SET name = 'Quelqu’un d’autre' WHERE email = 'delphine@parvis.example'")
    with served(tmp_path, verb="demo") as site:
        assert site.workers()
        assert site.webs()
        with urllib.request.urlopen(f"http://127.0.0.1:{site.port}/", timeout=30) as answer:
            assert "Compiègne" in answer.read().decode()
    with sqlite3.connect(tmp_path / "parvis.sqlite3") as database:
        names = database.execute("SELECT name FROM people_person WHERE email = 'delphine@parvis.example'").fetchall()
    assert names == [("Quelqu’un d’autre",)]


def test_an_unknown_territory_takes_nothing_of_the_demonstration_that_is_there(tmp_path: Path) -> None:
    state, kept = tmp_path / "demonstration.json", '{"codes": ["60"], "ready": true}'
    state.write_text(kept, "utf-8")
    (tmp_path / "parvis.sqlite3").touch()
    refused = parvis(tmp_path, "demo", "--prepare", "--fresh", "--territory", "999")
    assert refused.returncode == 1
    assert "999" in refused.stderr
    assert state.read_text("utf-8") == kept
    assert (tmp_path / "parvis.sqlite3").exists()
