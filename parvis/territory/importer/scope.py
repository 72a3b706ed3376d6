"""Which communes the codes typed by the operator stand for.

FR is the whole country, two characters a département (60, 2A), three one overseas (974), R and two digits a région
(R32: alone, 32 is the Gers), five characters a commune (31555, 2A004) and nine digits the SIREN of an EPCI.
"""

import re
from typing import NamedTuple

from parvis.territory.importer.country import Commune, Country
from parvis.territory.importer.sources import TerritoryError
from parvis.territory.models import Zone

# The zone that no other file holds: the whole country, or several territories together.
TERRITOIRE = (str(Zone.Kind.TERRITOIRE), "territoire")
COUNTRY = "FR"


class Scope(NamedTuple):
    """The communes of the territory (by line number), and the zone they make."""

    codes: list[str]
    core: set[str]
    root: tuple[str, str]


def resolve(codes: list[str], country: Country) -> Scope:
    """The scope of `codes`, without those another already covers. Raises TerritoryError for an unknown one."""
    found = {code: _communes_of(code, country) for code in dict.fromkeys(code.strip().upper() for code in codes)}
    kept: list[str] = []
    core: set[str] = set()
    for code in sorted(found, key=lambda code: -len(found[code][1])):
        if not found[code][1] <= core:
            kept.append(code)
            core |= found[code][1]
    if not core:
        raise TerritoryError("Donnez au moins un code de territoire, par exemple 60.")
    kept.sort()
    return Scope(kept, core, found[kept[0]][0] if len(kept) == 1 else TERRITOIRE)


def _communes_of(code: str, country: Country) -> tuple[tuple[str, str], set[str]]:
    communes = [row for row in country.communes.values() if row.type == "COM"]
    key, members = _read(code, country, communes)
    if not members:
        raise TerritoryError(
            f"Le code {code} n’est celui d’aucun territoire connu : donnez un département (60, 2A, 974), une région "
            "(R32), le pays entier (FR), une intercommunalité (les 9 chiffres de son SIREN) ou une commune (31555)."
        )
    return key, members


def _read(code: str, country: Country, communes: list[Commune]) -> tuple[tuple[str, str], set[str]]:
    if code == COUNTRY:
        return TERRITOIRE, {row.pk for row in communes}
    if re.fullmatch(r"R\d\d", code):
        regions = {row.pk for row in country.regions.values() if row.code == code[1:]}
        inside = {row.pk for row in country.departements.values() if row.region in regions}
        return (Zone.Kind.REGION, code[1:]), {row.pk for row in communes if row.departement in inside}
    if len(code) == 9:
        epcis = {row.pk for row in country.epcis.values() if row.code == code}
        return (Zone.Kind.EPCI, code), {row.pk for row in communes if row.epci in epcis}
    if len(code) == 5:
        return (Zone.Kind.COMMUNE, code), {row.pk for row in communes if row.code == code}
    departements = {row.pk for row in country.departements.values() if row.code == code}
    return (Zone.Kind.DEPARTEMENT, code), {row.pk for row in communes if row.departement in departements}
