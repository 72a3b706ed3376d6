"""The command `parvis`: what it refuses, and how."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from parvis import cli, serve
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


def test_an_unknown_territory_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    refused = parvis(tmp_path, "init", "--territory", "999")
    assert refused.returncode == 1
    assert "999" in refused.stderr
    assert "Traceback" not in refused.stderr


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
