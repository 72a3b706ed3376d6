"""OpenAgenda, DATAtourisme and tables are read, whatever is in them."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from parvis.agenda.imports import read
from tests.agenda.conftest import MORNING, paris
from tests.agenda.elsewhere import only, openagenda, why

# Real files that the project does not carry; tests that read them are left out without them.
PLACES = (os.environ.get("PARVIS_SHARED_DATA", ""), *(f"{one}/shared/data" for one in Path(__file__).parents))
SAMPLES = next((Path(place, "exemples") for place in PLACES if place and Path(place, "exemples").is_dir()), None)


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026 in the morning."""
    monkeypatch.setattr(timezone, "now", lambda: MORNING)


def test_openagenda_is_read_in_one_language_or_several() -> None:
    for title in ({"fr": "Fête du quartier"}, "Fête du quartier", {"en": "Fête du quartier"}):
        entry = only(openagenda(title=title))
        assert (entry.key, entry.title, entry.body, entry.status) == ("90", "Fête du quartier", "**Programme**", "full")
        assert (entry.where.venue, entry.where.address, entry.where.code) == ("Salle Ouest", "1 rue Haute", "60057")
        assert entry.details["is_free"]
        assert entry.details["access"] == "mi"
        assert (entry.details["min_age"], entry.details["max_age"]) == (6, None)
        assert entry.details["link"] == "https://exemple.fr/i"
        assert entry.spans[0].starts_at == paris(13, 10, month=12)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": None},
        {"title": {"fr": ["x"]}},
        {"timings": "x"},
        {"timings": [{"begin": "demain"}]},
        {"timings": [{"begin": "9999-99-99T00:00:00"}]},
        {"uid": None},
        {"timings": [None, 3]},
    ],
)
def test_an_event_of_openagenda_that_cannot_be_is_left_out(fields: dict[str, Any]) -> None:
    found = read(openagenda(**fields), MORNING)
    assert found.entries == []
    assert why(found).startswith("1 ")


def test_an_event_of_openagenda_written_anyhow_is_read_all_the_same() -> None:
    nothing = {"location": 3, "age": [], "status": "6", "keywords": 5, "registration": "x", "accessibility": None}
    assert only(openagenda(**nothing, conditions=[], attendanceMode={}, longDescription=7)).title == "Fête du quartier"


def test_what_openagenda_says_removed_is_gone() -> None:
    found = read(openagenda(removed=True), MORNING)
    assert (found.gone, found.entries) == ({"90"}, [])


def test_a_table_is_read_by_the_names_of_its_columns() -> None:
    table = "﻿Titre;Date;Heure;Lieu;Commune;Tarif;Catégorie\nLoto;12/12/2026;20h30;Salle des fêtes;Senlis;5 €;Fête\n"
    entry = only(table.encode())
    assert (entry.title, entry.spans[0].starts_at) == ("Loto", paris(12, 20, 30, month=12))
    assert (entry.where.venue, entry.where.city) == ("Salle des fêtes", "Senlis")
    assert entry.details["price"] == "5 €"


@pytest.mark.parametrize(
    ("cells", "start", "end"),
    [
        ("2026-12-12;;", paris(12, 0, month=12), paris(13, 0, month=12)),
        ("2026-12-12T20:30;2026-12-12T22:00;", paris(12, 20, 30, month=12), paris(12, 22, month=12)),
        ("2026-12-12T20:30:00+01:00;;", paris(12, 20, 30, month=12), None),
        ("12/12/26 20h30;12/12/2026 22:00;", paris(12, 20, 30, month=12), paris(12, 22, month=12)),
        ("12.12.2026;13.12.2026;", paris(12, 0, month=12), paris(14, 0, month=12)),
        ("12/12/2026 22h;12/12/2026 2h;", paris(12, 22, month=12), paris(13, 2, month=12)),
    ],
)
def test_a_date_of_a_table_is_understood_however_it_is_written(
    cells: str, start: datetime, end: datetime | None
) -> None:
    span = only(f"titre;début;fin;lieu\nLoto;{cells}Salle\n".encode()).spans[0]
    assert (span.starts_at, span.ends_at) == (start, end)


def test_lines_of_one_identifier_are_times_of_one_event_and_a_bad_line_is_said() -> None:
    table = "id,titre,debut\n7,Loto,2026-12-12\n8,Bal,bientôt\n7,Loto,2026-12-19\n9,,2026-12-12\n"
    found = read(table.encode(), MORNING)
    assert [(one.key, len(one.spans)) for one in found.entries] == [("7", 2)]
    assert [one.line for one in found.said] == [3, 5]


def test_a_table_without_a_date_asks_which_column_it_is_and_takes_the_answer() -> None:
    table = b"quoi;quand\nLoto;2026-12-12\n"
    found = read(table, MORNING)
    assert (found.entries, found.columns) == ([], ["quoi", "quand"])
    assert "Titre" in why(found)
    assert len(read(table, MORNING, columns={"title": "quoi", "start": "quand"}).entries) == 1


if SAMPLES:

    @pytest.mark.parametrize(
        ("name", "year"),
        [
            ("evenements_60_FICTIF.ics", 2026),
            ("openagenda_v2_evenements_FICTIF.json", 2026),
            ("datatourisme_evenement_exemple_reel.json", 2023),
            ("jours_feries_metropole.ics", 2025),
        ],
    )
    def test_real_files_are_read(name: str, year: int) -> None:
        assert SAMPLES is not None
        found = read((SAMPLES / name).read_bytes(), datetime(year, 1, 2, tzinfo=MORNING.tzinfo))
        assert found.entries
        # Holidays are told for years to come.
        assert {one.why for one in found.said} <= {"Un événement s’annonce deux ans à l’avance au plus."}
