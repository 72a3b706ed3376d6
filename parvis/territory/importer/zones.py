"""From the country and a scope to the zones of a territory, before they are written."""

from dataclasses import dataclass, field
from functools import cached_property

import shapely
from shapely import Geometry
from shapely.errors import GEOSException

from parvis.territory import names
from parvis.territory.importer import overlay
from parvis.territory.importer.country import Circonscription, Commune, Country, shape, shapes
from parvis.territory.importer.overlay import Extent
from parvis.territory.importer.scope import COUNTRY, TERRITOIRE, Scope
from parvis.territory.models import Zone

NOWHERE = Extent()
ELEMENTS = {Zone.Kind.COMMUNE: "COM", Zone.Kind.ARRONDISSEMENT: "ARM", Zone.Kind.DELEGUEE: "COMD"}


@dataclass(slots=True)
class Draft:
    """A zone to be. `extent` holds codes of communes; `districts` those of the arrondissements it contains."""

    kind: str
    code: str
    name: str
    article: int = 0
    population: int | None = None
    shape: Geometry | None = None
    joinable: bool = False
    is_context: bool = False
    extent: Extent = field(default_factory=Extent)
    # One for all that hold none: a country has tens of thousands.
    districts: Extent = field(default_factory=lambda: NOWHERE)
    row: Commune | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What names it for good: its kind and its code."""
        return self.kind, self.code


class Drafter:
    """Draws up the zones of `scope`: its communes, and every zone that holds some of them."""

    def __init__(self, country: Country, scope: Scope) -> None:
        self.country = country
        self.scope = scope
        self.core = [country.communes[pk] for pk in scope.core]

    def drafts(self) -> list[Draft]:
        """All of them, coarse ones last, the territory itself at the very end when it is a zone of its own."""
        found = [*self.elements(), *self.cantons(), *self.circonscriptions(), *self.epcis(), *self.wider()]
        if self.scope.root == TERRITOIRE:
            found.append(self.territoire(found))
        return found

    @cached_property
    def our_epcis(self) -> set[str]:
        """Line numbers of the intercommunalités of our communes."""
        return {commune.epci for commune in self.core} - {""}

    @cached_property
    def around(self) -> list[Commune]:
        """Every commune of the départements the territory touches."""
        departements = {commune.departement for commune in self.core}
        return [row for row in self.country.communes.values() if row.type == "COM" and row.departement in departements]

    @cached_property
    def cities(self) -> set[str]:
        """Line numbers of Paris, Lyon and Marseille: one lives in an arrondissement of them."""
        return {row.parent for row in self.country.communes.values() if row.type == "ARM"}

    @cached_property
    def canton_extents(self) -> dict[str, Extent]:
        return overlay.cantons(self.country, self.around)

    def elements(self) -> list[Draft]:
        """Communes, arrondissements and communes déléguées; and the communes that share an EPCI with ours."""
        context = [
            row
            for row in self.country.communes.values()
            if row.type == "COM" and row.epci in self.our_epcis and row.pk not in self.scope.core
        ]
        parts = [row for row in self.country.communes.values() if row.parent in self.scope.core]
        kinds = {kind: [row for row in [*self.core, *parts] if row.type == code] for kind, code in ELEMENTS.items()}
        found = [self._element(kind, row) for kind, rows in kinds.items() for row in rows]
        return found + [self._element(Zone.Kind.COMMUNE, row, is_context=True) for row in context]

    def _element(self, kind: str, row: Commune, *, is_context: bool = False) -> Draft:
        name = names.with_article(names.typographic(row.name), row.article)
        if kind == Zone.Kind.COMMUNE:
            extent = Extent(whole={row.code})
        else:
            extent = Extent(partly={self.country.communes[row.parent].code})
            name = name.replace("Arrondissement", "arrondissement")
        return Draft(
            kind=kind,
            code=row.code,
            name=name,
            article=row.article,
            population=row.population,
            shape=shape(row.contour),
            joinable=not is_context and kind != Zone.Kind.DELEGUEE and row.pk not in self.cities,
            is_context=is_context,
            extent=extent,
            row=row,
        )

    def cantons(self) -> list[Draft]:
        """Those that hold one of our communes, or a part of one."""
        ours = {commune.code for commune in self.core}
        found = []
        for pk, extent in self.canton_extents.items():
            line = self.country.cantons[pk]
            if ours & (extent.whole | extent.partly):
                population = None if extent.partly else self._population(extent.whole)
                name = names.with_article(names.typographic(line.name), line.article)
                contour = shape(line.contour)
                found.append(Draft(Zone.Kind.CANTON, line.code, name, line.article, population, contour, extent=extent))
        return found

    def circonscriptions(self) -> list[Draft]:
        """Those of the députés of our communes."""
        ours = {commune.code for commune in self.core}
        split = {code for extent in self.canton_extents.values() for code in extent.partly}
        split |= {self.country.communes[pk].code for pk in self.cities}
        extents, districts = overlay.circonscriptions(self.country, self.around, split)
        found = []
        for pk, extent in extents.items():
            line = self.country.circonscriptions[pk]
            if ours & (extent.whole | extent.partly):
                name = self._circonscription(line)
                draft = Draft(Zone.Kind.CIRCONSCRIPTION, line.code, name, shape=shape(line.contour), extent=extent)
                draft.districts = districts[pk]
                found.append(draft)
        return found

    def _circonscription(self, line: Circonscription) -> str:
        departement = self.country.departements[line.departement]
        number = int(line.code.rpartition("-")[2])
        of_place = names.of_place(Zone.Kind.DEPARTEMENT, names.typographic(departement.name), departement.article)
        return f"{number}{'re' if number == 1 else 'e'} circonscription {of_place}"

    def epcis(self) -> list[Draft]:
        """The intercommunalités of our communes, with all of theirs."""
        members: dict[str, list[Commune]] = {}
        for row in self.country.communes.values():
            members.setdefault(row.epci, []).append(row)
        return [
            self._made_of(Zone.Kind.EPCI, epci.code, epci.name, 0, members[pk])
            for pk, epci in self.country.epcis.items()
            if pk in self.our_epcis
        ]

    def wider(self) -> list[Draft]:
        """The départements and régions of our communes."""
        found = []
        communes = [row for row in self.country.communes.values() if row.type == "COM"]
        departements = {commune.departement for commune in self.core}
        regions = {self.country.departements[pk].region for pk in departements}
        for pk in sorted(departements):
            line = self.country.departements[pk]
            members = [row for row in communes if row.departement == pk]
            found.append(self._made_of(Zone.Kind.DEPARTEMENT, line.code, line.name, line.article, members))
        for pk in sorted(regions):
            region = self.country.regions[pk]
            members = [row for row in communes if self.country.departements[row.departement].region == pk]
            found.append(self._made_of(Zone.Kind.REGION, region.code, region.name, region.article, members))
        return found

    def territoire(self, drafts: list[Draft]) -> Draft:
        """The whole country, or several codes together, named after them: « Nord et Pas-de-Calais »."""
        if self.scope.codes == [COUNTRY]:
            return self._made_of(*TERRITOIRE, names.FRANCE, 0, self.core)
        by_code = {draft.code: draft for draft in drafts if draft.kind != Zone.Kind.REGION}
        by_code |= {f"R{draft.code}": draft for draft in drafts if draft.kind == Zone.Kind.REGION}
        parts = [by_code[code].name for code in self.scope.codes]
        if len(parts) > 4:
            parts = [*parts[:3], f"{len(parts) - 3} autres territoires"]
        name = ", ".join(parts[:-1]) + " et " + parts[-1]
        return self._made_of(*TERRITOIRE, name, 0, self.core)

    def _made_of(self, kind: str, code: str, name: str, article: int, communes: list[Commune]) -> Draft:
        extent = Extent(whole={row.code for row in communes})
        contour = union([part for part in shapes([row.contour for row in communes]) if part is not None])
        population = self._population(extent.whole)
        return Draft(kind, code, names.typographic(name), article, population, contour, extent=extent)

    @cached_property
    def _populations(self) -> dict[str, int]:
        return {row.code: row.population or 0 for row in self.country.communes.values() if row.type == "COM"}

    def _population(self, codes: set[str]) -> int | None:
        return sum(self._populations[code] for code in codes) or None


def union(parts: list[Geometry]) -> Geometry | None:
    """One shape of shapes that share their borders."""
    if not parts:
        return None
    try:
        return shapely.coverage_union_all(parts)
    except GEOSException:
        return shapely.union_all(parts)
