"""Files of addresses, parcels, contours and neighbourhoods: what is read, refused with its line, written once."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import box, mapping

from parvis.core.models import JournalEntry
from parvis.territory.actions import Report, UnreadableFile, import_file
from parvis.territory.files import opened
from parvis.territory.models import Address, Parcel, Street, Territory, Zone, ZoneLink
from tests.cast import Cast
from tests.territory.test_ground import make_parcel
from tests.territory.test_shapes import BAD

pytestmark = pytest.mark.django_db

BAN = "id;numero;rep;nom_voie;code_insee;nom_commune;nom_ancienne_commune;lon;lat;type_position;cad_parcelles"
BAL = "cle_interop;commune_insee;voie_nom;numero;suffixe;commune_nom;position;long;lat;cad_parcelles"
SQUARE = [[2.01, 49.11], [2.0102, 49.11], [2.0102, 49.1102], [2.01, 49.1102], [2.01, 49.11]]


@pytest.fixture(autouse=True)
def _territory(territory: Cast) -> None: ...


def write(path: Path, text: str | bytes) -> Path:
    content = text.encode() if isinstance(text, str) else text
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def load(kind: str, path: Path, text: str | bytes = "", **options: Any) -> Report:
    """Import `text` as a file."""
    return import_file(kind, write(path, text) if text else path, by=None, told=lambda _share: None, **options)


def feature(code: str = "99001000AB0012", ring: Any = None, **properties: Any) -> dict[str, Any]:
    named = {"commune": code[:5], "prefixe": code[5:8], "section": "AB", "numero": "12", "contenance": 400}
    geometry = {"type": "Polygon", "coordinates": [ring or SQUARE]}
    return {"type": "Feature", "id": code, "geometry": geometry, "properties": named | properties}


def collection(*features: dict[str, Any], **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", **more, "features": list(features)})


# Addresses


@pytest.mark.parametrize("name", ["ban.csv", "ban.csv.gz"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_ban_is_read_by_the_names_of_its_columns(tmp_path: Path, name: str, mark: str) -> None:
    lines = (
        "a;12;bis;Rue de l'Église;99001;Clairval;;2.05;49.15;entrée;99001000AB0012|99001000AB0013",
        "b;14;;Rue de l'Église;99001;Clairval;;2.0501;49.15;entrée;",
        "c;1;;Rue Haute;75056;Paris;;2.35;48.85;entrée;",
    )
    report = load("addresses", tmp_path / name, mark + "\r\n".join([BAN, *lines]))
    assert (report.read, report.outside, report.refused.count, report.total) == (3, 1, 0, 2)
    door = Address.objects.get(number=12)
    assert (str(door), door.parcels) == ("12 bis rue de l’Église", "99001000AB0012 99001000AB0013")
    assert (door.street.commune.code, Street.objects.count()) == ("99001", 1)


def test_the_best_position_of_an_address_is_kept(tmp_path: Path) -> None:
    lines = (
        "x;99001;Rue Haute;1;;Clairval;parcelle;2.01;49.11;",
        "x;99001;Rue Haute;1;;Clairval;entrée;2.02;49.12;",
        "x;99001;Rue Haute;1;;Clairval;segment;2.03;49.13;",
        "x;99001;Le Moulin;99999;;Clairval;;2.04;49.14;",
    )
    load("addresses", tmp_path / "bal.csv", "\n".join([BAL, *lines]))
    [door] = Address.objects.all()
    assert (door.lon, door.lat) == (2.02, 49.12)
    assert sorted(Street.objects.values_list("name", flat=True)) == ["Le Moulin", "Rue Haute"]


def test_each_bad_line_is_told_with_its_number_and_nothing_is_written(tmp_path: Path) -> None:
    lines = (
        "x;99001;Rue Haute;1;;Clairval;;2.01;49.11;",
        "x;99001;;2;;Clairval;;2.01;49.11;",
        "x;99001;Rue Haute;deux;;Clairval;;2.01;49.11;",
        "x;99001;Rue Haute;3;;Clairval;;49.11;2.01;",
        "x;99001;Rue Haute;4;;Clairval;;633450;6925760;",
        "x;99001;Rue Haute;5;;Clairval;;;;",
        "x;99001;Rue Haute;6;;Clairval;;NaN;49.11;",
        "x;99001;Rue Haute;7;;Clairval;;9.01;49.11;",
    )
    text = "\n".join([BAL, *lines])
    report = load("addresses", tmp_path / "bal.csv", text)
    assert (report.refused.count, report.written, Address.objects.count()) == (7, False, 0)
    expected = (
        "nom de la voie",
        "n’est pas un numéro",
        "inversées",
        "Lambert-93",
        "nombres",
        "nombres",
        "hors du terr",
    )
    for line, why in zip(report.refused.first, expected, strict=True):
        assert why in line
    assert [line.split("\u00a0")[0] for line in report.refused.first][:2] == ["Ligne 3", "Ligne 4"]
    assert not JournalEntry.objects.filter(verb="territory.file_imported").exists()
    assert load("addresses", tmp_path / "bal.csv", text, leave_out=True).total == 1
    assert Address.objects.count() == 1


def test_the_same_file_twice_changes_nothing_and_a_newer_one_only_what_changed(tmp_path: Path) -> None:
    lines = [f"x;99001;Rue Haute;{number};;Clairval;;2.0{number};49.11;" for number in (1, 2)]
    first = load("addresses", tmp_path / "bal.csv", "\n".join([BAL, *lines]))
    before = list(Address.objects.order_by("pk").values())
    version = Territory.objects.get().version
    assert (first.changed, JournalEntry.objects.filter(verb="territory.file_imported").count()) == (3, 1)
    again = load("addresses", tmp_path / "bal.csv")
    assert (again.changed, again.written, list(Address.objects.order_by("pk").values())) == (0, True, before)
    assert (Territory.objects.get().version, JournalEntry.objects.filter(verb="territory.file_imported").count()) == (
        version,
        1,
    )
    load("addresses", tmp_path / "bal.csv", "\n".join([BAL, lines[0], "x;99001;Rue Basse;9;;Clairval;;2.05;49.11;"]))
    assert sorted(map(str, Address.objects.select_related("street"))) == ["1 rue Haute", "9 rue Basse"]
    assert Address.objects.get(number=1).pk == before[0]["id"]


def test_lieux_dits_and_numbers_come_in_two_files(tmp_path: Path) -> None:
    door = "a;1;;Rue Haute;99001;Clairval;;2.05;49.15;entrée;"
    places = "id;nom_lieu_dit;code_insee;nom_commune;lon;lat\nb;Le Moulin;99001;Clairval;2.02;49.12"
    load("addresses", tmp_path / "ban.csv", f"{BAN}\n{door}")
    load("addresses", tmp_path / "lieux-dits.csv", places)
    assert (Street.objects.count(), Address.objects.count()) == (2, 1)
    load("addresses", tmp_path / "ban.csv", f"{BAN}\n{door.replace('Haute', 'Basse')}")
    assert sorted(Street.objects.values_list("name", flat=True)) == ["Le Moulin", "Rue Basse"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"a;b;c\n1;2;3", "il manque la colonne"),
        (b"", "il manque la colonne"),
        (BAL.encode() + b"\nx;99001;Rue de l'\xc9glise;1;;;;2;49;", "UTF-8"),
        (BAL.encode() + b"\n" + b"x" * 200_000, "en finit pas"),
    ],
)
def test_what_is_no_address_file_is_refused_whole(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "bal.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=why):
        load("addresses", path)


# Parcels


@pytest.mark.parametrize("indent", [None, 1])
def test_parcels_are_read_one_at_a_time_however_the_file_is_laid_out(
    tmp_path: Path, indent: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "CHUNK", 64)
    features = [feature(f"99001000AB{number:04}") for number in range(1, 30)]
    text = json.dumps({"type": "FeatureCollection", "features": features}, indent=indent)
    report = load("parcels", tmp_path / "parcelles.json.gz", text)
    assert (report.read, report.total, report.changed) == (29, 29, 29)
    assert load("parcels", tmp_path / "parcelles.json.gz").changed == 0
    parcel = Parcel.objects.in_commune(Zone.objects.get(code="99001"))[0]
    assert (parcel.code, parcel.area, parcel.shape.equals(shapely.Polygon(SQUARE))) == ("99001000AB0001", 400, True)


def test_a_parcel_is_put_together_from_its_parts_and_no_owner_is_read(tmp_path: Path) -> None:
    bare = feature(section="A", numero="3", contenance=None, proprietaire="Irène Vasseur") | {"id": None}
    ign = {"idu": "99001000AC0007", "code_insee": "99001", "contenance": "250"}
    report = load(
        "parcels", tmp_path / "p.json", collection(bare, feature() | {"id": 7, "properties": ign, "type": "Feature"})
    )
    assert dict(Parcel.objects.values_list("code", "area")) == {"990010000A0003": None, "99001000AC0007": 250}
    assert "n’a pas de contenance" in report.mended.first[0]
    assert "Vasseur" not in str(list(Parcel.objects.values()))


def test_what_can_be_mended_is_and_is_told(tmp_path: Path) -> None:
    bow = [[2.01, 49.11], [2.02, 49.12], [2.02, 49.11], [2.01, 49.12], [2.01, 49.11]]
    report = load("parcels", tmp_path / "p.json", collection(feature(ring=bow), feature(ring=SQUARE)))
    assert (report.refused.count, report.written) == (0, True)
    told = " ".join(report.mended.first)
    assert "réparé" in told
    assert "est là deux fois" in told
    assert Parcel.objects.get().shape.is_valid


def test_what_cannot_is_refused_with_its_line(tmp_path: Path) -> None:
    wrong = [
        feature(ring=[point[::-1] for point in SQUARE]),
        feature(ring=[[*point, 80] for point in SQUARE]),
        feature(ring=[[float("nan"), 49.11], *SQUARE[1:]]),
        feature(ring=[[lon * 300_000, lat * 140_000] for lon, lat in SQUARE]),
        feature(ring=[[lon + 8, lat] for lon, lat in SQUARE]),
        feature(ring=[SQUARE[0]] * 4),
        feature() | {"geometry": None},
        feature() | {"geometry": {"type": "Point", "coordinates": SQUARE[0]}},
        {"type": "Feature", "properties": {"commune": "99001"}, "geometry": None},
    ]
    report = load(
        "parcels", tmp_path / "p.json", collection(*wrong, feature("99002000AB0001"), feature("75056000AB0001"))
    )
    assert (report.refused.count, report.outside, report.written, Parcel.objects.count()) == (9, 1, False, 0)
    expected = (
        "inversées", "altitude", "deux nombres", "Lambert-93", "sort du territoire", "n’a pas de surface",
        "pas de contour", "pas de contour", "manque un identifiant",
    )  # fmt: skip
    for number, (line, why) in enumerate(zip(report.refused.first, expected, strict=True), 1):
        assert line.startswith(f"Ligne {number}\u00a0:")
        assert why in line
    assert load("parcels", tmp_path / "p.json", leave_out=True).total == 1


def test_a_file_replaces_the_parcels_of_its_communes_alone(tmp_path: Path, territory: Cast) -> None:
    stays = make_parcel(territory.bois, "000AB0001", 2.15, 49.15)
    make_parcel(territory.clairval, "000ZZ0001", 2.01, 49.11)
    load("parcels", tmp_path / "p.json", collection(feature()))
    assert sorted(Parcel.objects.values_list("code", flat=True)) == ["99001000AB0012", stays.code]


def test_a_long_report_has_an_end(tmp_path: Path) -> None:
    report = load("parcels", tmp_path / "p.json", collection(*[feature() | {"geometry": None}] * 500))
    assert (report.refused.count, len(report.refused.first)) == (500, 20)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "n’est pas du GeoJSON"),
        (b"PK\x03\x04", "n’est pas du GeoJSON"),
        (b'{"type":"FeatureCollection"}', "n’est pas du GeoJSON"),
        (collection(feature()).encode()[:-40], "coupé"),
        (b'{"type":"FeatureCollection","features":[1]}', "liste d’objets"),
        (b'{"features":[' + b'{"a":' * 100_000, "coupé"),
        (b'{"features":[' + b"[" * 100_000, "coupé"),
        (collection(feature(), crs={"properties": {"name": "EPSG:2154"}}).encode(), "autre système"),
        (gzip.compress(collection(feature()).encode())[:-20], "abîmé"),
        (gzip.compress(b'{"features":[' + b" " * 60_000_000 + b"]}"), "démesuré"),
        (gzip.compress(b'{"features":[{"id":"' + b"9" * 30_000_000), "démesuré|coupé"),
    ],
    ids=["empty", "zip", "no list", "cut", "numbers", "nested", "lists", "crs", "cut gz", "bomb", "object bomb"],
)
def test_what_is_no_geojson_or_a_bomb_is_refused_whole(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "p.json"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=why):
        load("parcels", path)
    with pytest.raises(UnreadableFile, match="chemin"):
        load("parcels", tmp_path / "absent.json")


def test_a_look_writes_nothing(tmp_path: Path) -> None:
    report = load("parcels", tmp_path / "p.json", collection(feature()), check=True)
    assert (report.read, report.written, Parcel.objects.count()) == (1, False, 0)


# Contours


def test_a_finer_contour_takes_the_place_of_the_shipped_one(tmp_path: Path, territory: Cast) -> None:
    finer = shapely.buffer(box(2.001, 49.101, 2.099, 49.199), 0.0005)
    text = collection(
        {"type": "Feature", "properties": {"code": "99001", "nom": "Clairval"}, "geometry": mapping(finer)}
    )
    report = load("contours", tmp_path / "c.geojson", text)
    assert (report.changed, load("contours", tmp_path / "c.geojson").changed) == (1, 0)
    zone = Zone.objects.get(code="99001", kind="commune")
    assert (zone.is_finer, shapely.from_wkb(bytes(zone.geometry or b"")).equals(finer)) == (True, True)
    api = json.dumps([{"code": "99002", "nom": "x", "contour": mapping(box(2.1, 49.1, 2.2, 49.2))}, {"code": "75056"}])
    assert load("contours", tmp_path / "api.json", api).outside == 1
    assert Zone.objects.get(code="99002").is_finer


def test_a_contour_from_elsewhere_is_refused(tmp_path: Path) -> None:
    for shape, why in ((box(2.2, 49, 2.3, 49.1), "loin de celui"), (box(49.1, 2, 49.2, 2.1), "inversées")):
        far = {"type": "Feature", "properties": {"code": "99001"}, "geometry": mapping(shape)}
        report = load("contours", tmp_path / "c.geojson", collection(far))
        assert why in report.refused.first[0]
        assert not report.written


# Neighbourhoods


def drawn(name: str, shape: Any, **properties: str) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": name, **properties}, "geometry": mapping(shape)}


def test_a_neighbourhood_lies_in_all_that_holds_its_commune(tmp_path: Path, territory: Cast) -> None:
    text = collection(drawn("Le Marais", box(2.01, 49.11, 2.02, 49.12)))
    load("quartiers", tmp_path / "q.geojson", text, nature="hameau")
    zone = Zone.objects.get(kind="quartier")
    assert (zone.code, zone.nature, zone.in_place) == ("99001Q1", "hameau", "dans le hameau Le Marais")
    within = set(Zone.objects.containing(zone))
    assert within >= {zone, territory.clairval, territory.epci, territory.departement, territory.region}
    # Clairval straddles two cantons; this part of it lies in one.
    assert territory.canton_2 in within
    assert territory.canton_1 not in Zone.objects.touching(zone)
    assert list(Zone.objects.current().named("marais")) == [zone]


def test_one_across_two_communes_crosses_them(tmp_path: Path, territory: Cast) -> None:
    across = drawn("Les Confins", box(2.08, 49.13, 2.13, 49.14))
    load("quartiers", tmp_path / "q.geojson", collection(across), nature="quartier")
    zone = Zone.objects.get(kind="quartier")
    links = dict(ZoneLink.objects.filter(part=zone).values_list("whole__name", "relation"))
    assert zone.code == "99002Q1"
    assert (links["Clairval"], links["Bois-le-Comte"]) == ("crosses", "crosses")
    assert (links["Val-d’Ombre"], links[territory.epci.name]) == ("within", "within")


def test_drawn_again_it_keeps_its_address(tmp_path: Path) -> None:
    for shape in (box(2.01, 49.11, 2.02, 49.12), box(2.01, 49.11, 2.03, 49.12)):
        text = collection(drawn("Le Marais", shape), drawn("La Gare", box(2.05, 49.15, 2.06, 49.16)))
        report = load("quartiers", tmp_path / "q.geojson", text, nature="quartier")
    assert (report.changed, load("quartiers", tmp_path / "q.geojson", nature="quartier").changed) == (1, 0)
    assert sorted(Zone.objects.filter(kind="quartier").values_list("code", "name")) == [
        ("99001Q1", "La Gare"),
        ("99001Q2", "Le Marais"),
    ]


def test_a_neighbourhood_without_name_or_elsewhere_is_refused(tmp_path: Path) -> None:
    text = collection(drawn("", box(2.01, 49.11, 2.02, 49.12)), drawn("Loin", box(5, 45, 5.1, 45.1)))
    report = load("quartiers", tmp_path / "q.geojson", text, nature="quartier")
    assert [why for why in ("pas de nom", "sort du territoire") if why in " ".join(report.refused.first)] == [
        "pas de nom",
        "sort du territoire",
    ]
    with pytest.raises(UnreadableFile, match="pas de ce territoire"):
        load("quartiers", tmp_path / "q.geojson", nature="quartier", commune="75056")


@pytest.mark.parametrize("kind", ["quartiers", "contours"])
def test_each_bad_shape_is_refused_or_mended_in_files_too(tmp_path: Path, kind: str) -> None:
    """What is refused of a drawing comes by files as well; of what is mended, only a valid surface is kept."""
    options = {"nature": "quartier"} if kind == "quartiers" else {}
    before = {zone.pk: bytes(zone.geometry or b"") for zone in Zone.objects.all()}
    taken = []
    for text, why in BAD:
        if not text.startswith('{"type":"Polygon"') and not text.startswith('{"type": "Polygon"'):
            continue
        properties = '{"name":"Le Marais","code":"99001"}'
        one = f'{{"type":"Feature","properties":{properties},"geometry":{text}}}'
        try:
            report = load(kind, tmp_path / "q.geojson", f'{{"type":"FeatureCollection","features":[{one}]}}', **options)
        except UnreadableFile:
            continue
        if report.written:
            taken.append(why)
        else:
            assert report.refused.count == 1, why
    changed = [zone for zone in Zone.objects.all() if before.get(zone.pk) != bytes(zone.geometry or b"")]
    for zone in changed:
        shape = shapely.from_wkb(bytes(zone.geometry or b""))
        assert (shape.is_valid, shape.area > 0, shape.has_z) == (True, True, False)
    # One that names another system inside a geometry, and whose degrees lie in the territory, is taken as it is.
    assert set(taken) <= {"se croise lui-même", "trou hors de son contour", "autre système"}, taken
