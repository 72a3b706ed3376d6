"""The scripts of `bin/`, on machines that lack something."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.source import ROOT

NO_PYTHON = "Parvis demande Python 3.11 ou plus récent"
NO_VENV = "Il manque à Python son module venv"
# Answers the question of the version, not that of the module.
WITHOUT_VENV = '#!/bin/sh\ncase "$2" in *venv*) exit 1 ;; esac\n'


@pytest.mark.parametrize(
    ("python", "sentence"),
    [(None, NO_PYTHON), ("#!/bin/sh\nexit 1\n", NO_PYTHON), (WITHOUT_VENV, NO_VENV)],
    ids=["no Python", "an old Python", "no venv"],
)
def test_a_machine_without_what_it_takes_gets_one_sentence(tmp_path: Path, python: str | None, sentence: str) -> None:
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("bash", "dirname"):
        (tools / name).symlink_to(shutil.which(name) or "")
    if python:
        (tools / "python3").write_text(python)
        (tools / "python3").chmod(0o755)
    refused = subprocess.run(
        [str(tools / "bash"), "bin/demo"],
        cwd=tmp_path,
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert refused.stderr.startswith(sentence)
    assert refused.stderr.count("\n") == 1
