"""`parvis init` writes a territory once, whole or not at all."""

from typing import Any

import pytest
from django.db import models

from parvis.core.models import JournalEntry
from parvis.territory.importer import TerritoryError, import_territory, sources
from parvis.territory.jobs import draw_parts
from parvis.territory.models import Neighbour, PostalCode, Territory, TownHall, Zone, ZoneLink, ZoneMap
from tests.france import Files, Line

COMPIEGNE = "200067965"
WITHIN, CROSSES = ZoneLink.Relation.WITHIN, ZoneLink.Relation.CROSSES
TABLES: tuple[type[models.Model], ...] = (Zone, ZoneLink, Neighbour, PostalCode, TownHall, Territory)

pytestmark = pytest.mark.django_db


def quietly(step: str, share: float) -> None:
    assert step
    assert 0 <= share <= 1


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, byte for byte."""
    found = {table.__name__: list(table._meta.base_manager.order_by("pk").values()) for table in TABLES}
    for zone in found["Zone"]:
        zone["geometry"] = bytes(zone["geometry"] or b"")
    return found


def test_a_departement_with_its_communes_cantons_and_epcis(files: Files) -> None:
    territory = import_territory(["60"], quietly)
    zones = Zone.objects.current()
    assert {kind: zones.of_kind(kind).count() for kind in ("commune", "canton", "epci", "circonscription")} == {
        "commune": 680,
        "canton": 21,
        "epci": 21,
        "circonscription": 7,
    }
    assert zones.joinable().count() == 680
    assert territory.name == "Oise"
    assert (territory.root.kind, territory.root.code, territory.version) == ("departement", "60", 1)
    assert territory.source_version == sources.version()
    counted = [line["population_municipale"] for line in files.lines("communes") if line["type"] == "COM"]
    assert territory.root.population == sum(int(count) for count in counted if count != "\\N")
    assert ZoneLink.objects.filter(whole=territory.root, relation=WITHIN, part__kind="commune").count() == 680


def test_running_it_twice_changes_no_row(files: Files) -> None:
    import_territory([COMPIEGNE], quietly)
    before = everything()
    import_territory([COMPIEGNE], quietly)
    assert everything() == before
    assert all(before.values())


def test_only_what_changed_in_the_files_is_written(files: Files) -> None:
    import_territory([COMPIEGNE], quietly)
    before = everything()

    def grown(line: Line) -> Line:
        return line | {"population_municipale": "41000"} if line["code"] == "60159" else line

    files.change("communes", grown)
    territory = import_territory([COMPIEGNE], quietly)
    assert territory.version == 2
    assert Zone.objects.get(kind="commune", code="60159").population == 41_000
    after = everything()
    moved = [new["code"] for old, new in zip(before["Zone"], after["Zone"], strict=True) if old != new]
    assert sorted(moved) == sorted(["60159", COMPIEGNE, "60", "32"])
    assert {name: rows for name, rows in after.items() if rows != before[name]}.keys() == {"Zone", "Territory"}


def test_a_commune_that_left_the_files_is_ended_and_comes_back(files: Files) -> None:
    import_territory([COMPIEGNE], quietly)
    whole = files.path("communes").read_bytes()
    files.change("communes", lambda line: None if line["code"] == "60067" else line)
    import_territory([COMPIEGNE], quietly)
    gone = Zone.objects.get(kind="commune", code="60067")
    assert gone.ended_on is not None
    assert not gone.joinable
    files.path("communes").write_bytes(whole)
    import_territory([COMPIEGNE], quietly)
    assert Zone.objects.joinable().filter(pk=gone.pk).exists()
    assert not Zone.objects.exclude(ended_on=None).exists()


def test_a_split_commune_crosses_its_cantons(files: Files) -> None:
    """Compiègne straddles two cantons whose contours leave it out; the person says which is theirs."""
    import_territory([COMPIEGNE], quietly)
    compiegne = Zone.objects.get(kind="commune", code="60159")
    cantons = Zone.objects.of_kind("canton")
    assert set(cantons.touching(compiegne).values_list("name", flat=True)) == {"Compiègne-1", "Compiègne-2"}
    assert not cantons.containing(compiegne).exists()
    assert set(cantons.overlapping(compiegne).values_list("name", flat=True)) == {"Compiègne-1", "Compiègne-2"}
    margny = Zone.objects.get(kind="commune", code="60382")
    assert [zone.name for zone in cantons.containing(margny)] == ["Compiègne-1"]


def test_an_epci_keeps_its_postal_codes_neighbours_and_town_halls(files: Files) -> None:
    import_territory([COMPIEGNE], quietly)
    margny = Zone.objects.get(kind="commune", code="60382")
    assert margny.postal_code == "60280"
    assert Zone.objects.get(kind="commune", code="60159").pk in margny.neighbours.values_list("other", flat=True)
    assert not Neighbour.objects.exclude(zone__kind__in=["commune"]).exists()
    hall = margny.town_hall
    assert "60280" in hall.address
    assert hall.phone.startswith("03 ")
    assert hall.hours[0][0] in {"lundi", "mardi"}
    assert hall.lon is not None
    assert hall.lat is not None


def test_a_town_hall_far_from_its_commune_is_not_shown(files: Files) -> None:
    """The code decides, never the point: some town halls are tens of kilometres away in the files."""
    north_pole = "0101000000" + "0000000000000000" + "0000000000805640"

    def moved(line: Line) -> Line:
        return line | {"mairie_localisation": north_pole} if line["code"] == "60382" else line

    files.change("communes", moved)
    import_territory([COMPIEGNE], quietly)
    hall = TownHall.objects.get(zone__code="60382")
    assert (hall.lon, hall.lat) == (None, None)
    assert hall.address


def test_a_commune_without_population_or_contour_still_stands(files: Files) -> None:
    def bare(line: Line) -> Line:
        blank = {"population_municipale": "\\N", "geometry": "\\N"}
        return line | blank if line["code"] == "60382" else line

    files.change("communes", bare)
    import_territory([COMPIEGNE], quietly)
    margny = Zone.objects.get(kind="commune", code="60382")
    assert (margny.population, margny.geometry, margny.lon) == (None, None, None)
    assert [zone.name for zone in Zone.objects.of_kind("canton").containing(margny)] == ["Compiègne-1"]


def test_several_codes_make_one_territory(files: Files) -> None:
    territory = import_territory(["60382", " 60159", "60159"], quietly)
    assert territory.codes == ["60159", "60382"]
    assert territory.root.kind == Zone.Kind.TERRITOIRE
    assert territory.name == "Compiègne et Margny-lès-Compiègne"
    assert Zone.objects.inside(territory.root).joinable().count() == 2
    around = Zone.objects.of_kind("commune").filter(is_context=True)
    assert around.count() == 20
    assert not around.joinable().exists()
    assert not TownHall.objects.filter(zone__is_context=True).exists()


def test_a_departement_that_is_only_a_part_has_its_own_map(files: Files) -> None:
    import_territory(["60"], quietly)
    draw_parts(JournalEntry())
    assert not ZoneMap.objects.exists()
    territory = Territory.objects.get()
    # As if the territory were wider than its one département.
    root = Zone.objects.create(kind=Zone.Kind.TERRITOIRE, code="T", name="Deux départements", slug="deux")
    whole = ZoneLink.objects.filter(whole=territory.root).values_list("part", "relation")
    ZoneLink.objects.bulk_create(ZoneLink(part_id=part, whole=root, relation=relation) for part, relation in whole)
    Territory.objects.update(root=root)
    draw_parts(JournalEntry())
    links = territory.map_svg.count("<a href=")
    drawn = {one.zone.code: one.svg for one in ZoneMap.objects.select_related("zone")}
    assert {code: svg.count("<a href=") for code, svg in drawn.items()} == {"60": links, "32": links}
    assert "Carte de l’Oise" in drawn["60"]
    assert 'class="inner"' in drawn["60"]


def test_a_code_another_one_covers_adds_nothing(files: Files) -> None:
    territory = import_territory(["60159", COMPIEGNE], quietly)
    assert territory.codes == [COMPIEGNE]
    assert territory.root.kind == Zone.Kind.EPCI


@pytest.mark.parametrize("code", ["99", "60999", "123456789", "R99", "R60", "6", "", "75101x", "Oise"])
def test_an_unknown_code_is_one_sentence_and_no_row(files: Files, code: str) -> None:
    with pytest.raises(TerritoryError, match=r"^Le code .* n’est celui d’aucun territoire connu : .*\.$"):
        import_territory(["60159", code], quietly)
    assert not any(everything().values())


def test_no_code_at_all_is_refused(files: Files) -> None:
    with pytest.raises(TerritoryError, match=r"^Donnez au moins un code"):
        import_territory([], quietly)


def test_another_territory_is_refused_once_there_is_one(files: Files) -> None:
    import_territory(["60159"], quietly)
    before = everything()
    with pytest.raises(TerritoryError, match=r"^Cette base sert déjà le territoire 60159"):
        import_territory(["60382"], quietly)
    assert everything() == before


def truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


def altered(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


@pytest.mark.parametrize("damage", [truncated, altered, lambda data: b"", lambda data: b"code,nom\n60,Oise\n"])
@pytest.mark.parametrize("name", ["communes", "cantons", "codes_postaux"])
def test_a_damaged_file_is_one_sentence_and_the_database_as_it_was(files: Files, name: str, damage: Any) -> None:
    import_territory(["60159"], quietly)
    before = everything()
    files.path(name).write_bytes(damage(files.path(name).read_bytes()))
    with pytest.raises(TerritoryError, match=rf"^Le fichier {name}\.csv\.lzma .* tronqué ou altéré"):
        import_territory(["60159"], quietly)
    assert everything() == before


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("communes", {"geometry": "0106"}),
        ("communes", {"geometry": "zz"}),
        ("communes", {"population_municipale": "beaucoup"}),
        ("communes", {"mairie_horaires": "[["}),
        ("communes", {"mairie_horaires": '[["lundredi", "lundi", []]]'}),
        ("communes", {"departement_id": "4242"}),
        ("departements", {"region_id": "4242"}),
        ("cantons", {"type_nom": "x"}),
        ("codes_postaux_communes", {"codepostal_id": "zut"}),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(files: Files, name: str, cells: Line) -> None:
    files.change(name, lambda line: line | cells)
    with pytest.raises(TerritoryError):
        import_territory(["60159"], quietly)
    assert not any(everything().values())


def test_a_missing_column_is_refused(files: Files) -> None:
    files.change("communes", lambda line: {name: cell for name, cell in line.items() if name != "epci_id"})
    with pytest.raises(TerritoryError, match=r"communes\.csv\.lzma"):
        import_territory(["60159"], quietly)


def test_a_file_that_is_not_the_one_published_is_refused(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even one that reads well: the package's own record tells."""
    monkeypatch.undo()
    published = sources.fingerprints()
    assert {"communes.csv.lzma", "elus_municipaux.csv.lzma"} <= published.keys()
    assert ("32", "Hauts-de-France") in sources.rows("regions", "code", "nom")
    monkeypatch.setattr(sources, "FOLDER", files.folder)
    with pytest.raises(TerritoryError, match=r"regions\.csv\.lzma"):
        list(sources.rows("regions", "code", "nom"))
