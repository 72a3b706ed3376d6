"""What the files say of France, line by line, before a territory is chosen in it."""

from typing import NamedTuple

import shapely
from shapely import Geometry
from shapely.errors import ShapelyError

from parvis.territory.importer.sources import damaged, rows


class Commune(NamedTuple):
    """A line of communes.csv: `type` is COM, COMD (déléguée), ARM (arrondissement)… `pk` numbers the line."""

    pk: str
    code: str
    type: str
    name: str
    article: int
    population: int | None
    departement: str
    parent: str
    epci: str
    contour: bytes
    hall: tuple[str, ...]


class Canton(NamedTuple):
    """A line of cantons.csv.

    `type` C is a canton, V or N stand for a commune split between cantons. `composition` 1 is made of whole
    communes, 4 of a part of one, the others hold a part of one or several.
    """

    pk: str
    code: str
    type: str
    composition: str
    name: str
    article: int
    departement: str
    office: str
    contour: bytes


class Epci(NamedTuple):
    """A line of epci.csv."""

    pk: str
    code: str
    name: str


class Departement(NamedTuple):
    """A line of departements.csv."""

    pk: str
    code: str
    name: str
    article: int
    region: str


class Region(NamedTuple):
    """A line of regions.csv."""

    pk: str
    code: str
    name: str
    article: int


class Circonscription(NamedTuple):
    """A line of circonscriptions_legislatives.csv; the code is « 60-01 »."""

    pk: str
    code: str
    departement: str
    contour: bytes


HALL = ("adresse", "localisation", "telephone", "email", "site", "horaires", "accessibilite")


class Country(NamedTuple):
    """All of them, by line number; postal codes by commune."""

    communes: dict[str, Commune]
    cantons: dict[str, Canton]
    epcis: dict[str, Epci]
    departements: dict[str, Departement]
    regions: dict[str, Region]
    circonscriptions: dict[str, Circonscription]
    postal_codes: dict[str, list[str]]


def read() -> Country:
    """The whole country. Raises TerritoryError when a file is damaged."""
    try:
        return Country(
            communes=_communes(),
            cantons=_cantons(),
            epcis={cells[0]: Epci(*cells) for cells in _rows("epci")},
            departements={row.pk: row for row in _departements()},
            regions={row.pk: row for row in _regions()},
            circonscriptions={row.pk: row for row in _circonscriptions()},
            postal_codes=_postal_codes(),
        )
    except (KeyError, ValueError) as error:
        raise damaged() from error


def shape(contour: bytes) -> Geometry | None:
    """The shape written as WKB; nothing when there is none."""
    return shapes([contour])[0]


def shapes(contours: list[bytes]) -> list[Geometry | None]:
    """The shape of each contour, as `shape` does for one; an empty one is none."""
    try:
        read = shapely.from_wkb([contour or None for contour in contours])
    except (ValueError, ShapelyError) as error:
        raise damaged() from error
    return [None if shape is None or shape.is_empty else shape for shape in read]


def _rows(name: str, *more: str) -> list[tuple[str, ...]]:
    return list(rows(name, "id", "code", "nom", *more))


def _regions() -> list[Region]:
    return [Region(pk, code, name, int(article)) for pk, code, name, article in _rows("regions", "type_nom")]


def _departements() -> list[Departement]:
    read = _rows("departements", "type_nom", "region_id")
    return [Departement(pk, code, name, int(article), region) for pk, code, name, article, region in read]


def _circonscriptions() -> list[Circonscription]:
    columns = ("id", "code", "departement_id", "geometry")
    read = rows("circonscriptions_legislatives", *columns)
    return [Circonscription(pk, code, departement, bytes.fromhex(contour)) for pk, code, departement, contour in read]


def _communes() -> dict[str, Commune]:
    columns = ("id", "code", "type", "nom", "type_nom", "population_municipale", "departement_id", "commune_parent_id")
    read = rows("communes", *columns, "epci_id", "geometry", *(f"mairie_{name}" for name in HALL))
    found = {
        pk: Commune(
            pk,
            code,
            kind,
            name,
            int(article),
            int(population) if population else None,
            departement,
            parent,
            epci,
            bytes.fromhex(contour),
            tuple(hall),
        )
        for pk, code, kind, name, article, population, departement, parent, epci, contour, *hall in read
    }
    return found | _drawn_from_parts(found)


def _drawn_from_parts(communes: dict[str, Commune]) -> dict[str, Commune]:
    """The communes nouvelles the file forgot to draw, with the contours of their communes déléguées together."""
    bare = {pk for pk, row in communes.items() if row.type == "COM" and not row.contour}
    parts: dict[str, list[bytes]] = {}
    for row in communes.values():
        if row.parent in bare and row.contour:
            parts.setdefault(row.parent, []).append(row.contour)
    unions = {pk: shapely.union_all(shapes(contours)) for pk, contours in parts.items()}
    return {pk: communes[pk]._replace(contour=shapely.to_wkb(union)) for pk, union in unions.items()}


def _cantons() -> dict[str, Canton]:
    columns = ("id", "code", "type", "composition", "nom", "type_nom", "departement_id", "bureau_centralisateur_id")
    return {
        pk: Canton(pk, code, kind, composition, name, int(article), departement, office, bytes.fromhex(contour))
        for pk, code, kind, composition, name, article, departement, office, contour in rows(
            "cantons", *columns, "geometry"
        )
    }


def _postal_codes() -> dict[str, list[str]]:
    codes = {line[0]: line[1] for line in rows("codes_postaux", "id", "code")}
    found: dict[str, list[str]] = {}
    for code, commune in rows("codes_postaux_communes", "codepostal_id", "commune_id"):
        found.setdefault(commune, []).append(codes[code])
    return found
