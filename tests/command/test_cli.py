"""The command `parvis`: what it refuses, and how."""

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings
from rich.console import Console

from parvis import cli, serve
from parvis.initialise import on_a_copy
from parvis.lay import lay
from parvis.settings import origin
from parvis.territory.models import Address, Zone
from tests.cast import Cast
from tests.command.running import parvis


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "il manque COMMANDE"),
        (["init"], "il manque --territory"),
        (["init", "--territory"], "--territory attend au moins une valeur"),
        (["init", "--territory", "Oise"], "« Oise » n’est pas un code de territoire"),
        (["serve", "--port", "99999"], "« 99999 » n’est pas un port"),
        (["serve", "--port", "http"], "« http » n’est pas un port"),
        (["serve", "--workers", "0"], "« 0 » n’est pas un nombre de processus"),
        (["serve", "--color"], "argument inconnu : --color"),
        (["addresses", "export", "a.csv"], "'export' ne convient pas"),
        (["quartiers", "import", "a.json", "--nature", "tour"], "'tour' ne convient pas"),
        (["admin", "create", "maud"], "« maud » n’est pas une adresse électronique"),
        (["admin", "remove", "maud@parvis.example"], "'remove' ne convient pas"),
    ],
)
def test_bad_arguments_get_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    assert stop.value.code == 2
    written = capsys.readouterr().err
    assert sentence in written
    assert written.count("\n") == 1


def test_an_unknown_verb_is_named(tmp_path: Path) -> None:
    refused = parvis(tmp_path, "fly")
    assert refused.returncode == 2
    assert refused.stderr == "parvis ne connaît pas la commande « fly » (voir parvis --help).\n"


def test_other_verbs_are_those_of_django(tmp_path: Path) -> None:
    assert "System check identified no issues" in parvis(tmp_path, "check").stdout


def test_an_unknown_territory_is_refused_before_there_is_a_database(tmp_path: Path) -> None:
    refused = parvis(tmp_path, "init", "--territory", "999")
    assert refused.returncode == 1
    assert "999" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "parvis.sqlite3").exists()


def test_a_dry_run_keeps_nobody_waiting_on_sqlite(laid: Path, django_db_blocker: DjangoDbBlocker) -> None:
    file = laid / "parvis.sqlite3"
    database = ConnectionHandler({"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": file}})["default"]
    with closing(sqlite3.connect(file, timeout=0)) as site, django_db_blocker.unblock():
        site.execute("BEGIN IMMEDIATE")
        with on_a_copy(database), database.cursor() as cursor:
            cursor.execute("CREATE TABLE tried (number)")
        assert not site.execute("SELECT 1 FROM sqlite_master WHERE name = 'tried'").fetchone()
    assert database.settings_dict["NAME"] == file
    assert not list(laid.glob("essai-*"))


def test_the_demonstration_never_touches_a_real_site(tmp_path: Path) -> None:
    (tmp_path / "parvis.sqlite3").write_bytes(b"")
    refused = parvis(tmp_path, "demo", "--prepare", "--fresh")
    assert refused.returncode == 1
    assert "contient un vrai Parvis" in refused.stderr
    assert (tmp_path / "parvis.sqlite3").exists()


def test_the_demonstration_of_another_territory_asks_first(tmp_path: Path) -> None:
    (tmp_path / "demonstration.json").write_text('{"codes": ["60"], "ready": true}', "utf-8")
    refused = parvis(tmp_path, "demo", "--prepare", "--territory", "31555")
    assert refused.returncode == 1
    assert "--fresh" in refused.stderr


@pytest.mark.parametrize(("folder", "lines"), [(Path("/srv/parvis/mail"), 1), (None, 0)])
def test_serving_without_a_mail_server_says_where_the_codes_go(
    folder: Path | None,
    lines: int,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.EMAIL_FILE_PATH = folder
    monkeypatch.setenv("PARVIS_URL", "https://parvis.example")
    for name in ("check_port", "prepare", "serve"):
        monkeypatch.setattr(serve, name, lambda *_given, **_named: None)
    assert cli.main(["serve"]) == 0
    warned = capsys.readouterr().err
    assert warned.count("\n") == lines
    assert ("codes de connexion sont écrits dans /srv/parvis/mail." in warned) is bool(folder)


def test_each_nature_may_be_given_and_no_other() -> None:
    arguments = ["quartiers", "import", "a.json", "--nature"]
    for nature in Zone.Nature.values:
        assert cli._parser().parse_args([*arguments, nature]).nature == nature


def test_tiles_are_allowed_where_they_come_from_and_nowhere_else() -> None:
    assert origin("https://tuiles.exemple.fr/plan/{z}/{x}/{y}.png") == ["https://tuiles.exemple.fr"]
    assert origin("") == []


@pytest.mark.django_db
def test_what_became_of_a_file_is_said_line_by_line(tmp_path: Path, territory: Cast) -> None:
    path = tmp_path / "bal.csv"
    header = "commune_insee;voie_nom;numero;long;lat"
    path.write_text(f"{header}\n99001;Rue Haute;1;2.05;49.15\n99001;Rue Haute;deux;2.05;49.15\n75056;Rue;1;2;48\n")
    told = Console(record=True, width=200, file=io.StringIO())
    assert not lay("addresses", path, told, check=False, leave_out=False)
    said = told.export_text()
    assert "3 lignes en" in said.replace("\u202f", " ")
    assert "Ligne 3\u00a0: «\u00a0deux\u00a0» n’est pas un numéro." in said
    assert "Lignes refusées (1)" in said
    assert "laissées là : 1 ligne." in said
    assert "Rien n’est écrit" in said
    assert lay("addresses", path, told, check=True, leave_out=False)
    assert not Address.objects.exists()
    assert lay("addresses", path, told, check=False, leave_out=True)
    assert "1 adresse dans 1 commune, 2 changements" in told.export_text()
