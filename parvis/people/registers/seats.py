"""The seats the register of élus gives, in the zones of the territory.

Birth date, profession, nationality and sponsorship of the files are never kept: the birth date only enters the
key that recognises the same person in the next file.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.conf import settings

from parvis.core.text import fold
from parvis.people.models import Mandate
from parvis.people.registers import wording
from parvis.territory.importer.sources import damaged, rows
from parvis.territory.models import Zone

IDENTITY = ("nom", "prenom", "sexe", "date_naissance")
OFFICE = ("date_debut_mandat", "fonction", "ordre_fonction", "date_debut_fonction")
EPCI = ("date_debut_mandat_epci", "fonction_epci", "date_debut_fonction_epci")
# Between two cells of a line kept in one word.
CELL = "\x1f"
# Départements whose élus régionaux sit in a section that has another code than theirs.
SECTIONS = {"69M": "69", "75C": "75", "6AE": "67 68"}


@dataclass(frozen=True, slots=True)
class Seat:
    """One mandate of one person. `key` recognises the person; the smallest `weight` gives their title."""

    key: str
    name: str
    gender: str
    kind: str
    zone: Zone
    office: wording.Office
    began_on: date | None
    function_began_on: date | None
    group: str = ""


class Line(NamedTuple):
    """What the register says of one seat, as small as can be: a country has more than half a million."""

    kind: str
    zone: Zone
    council: Zone
    cells: str

    def seat(self, key: str) -> Seat:
        """The seat of the person that `key` recognises."""
        surname, first_name, sex, began, function, order, function_began, group = self.cells.split(CELL)
        gender = {"F": "f", "M": "m"}.get(sex, "")
        feminine = gender == "f"
        return Seat(
            key=key,
            name=wording.full_name(first_name, surname),
            gender=gender,
            kind=self.kind,
            zone=self.zone,
            office=wording.office(self.kind, function, int(order or 0), self.zone, self.council, feminine=feminine),
            began_on=_day(began),
            function_began_on=_day(function_began),
            group=group,
        )


class Register:
    """Reads the seats of the current zones, one file after the other."""

    def __init__(self) -> None:
        zones = Zone.objects.filter(ended_on=None).only("code", "is_context", *Zone.NAMED)
        self.zones = {(zone.kind, zone.code): zone for zone in zones}
        self.departements = {code for kind, code in self.zones if kind == Zone.Kind.DEPARTEMENT}

        # What Django's salted_hmac derives at each call, once for half a million.
        salted = f"parvis.people.registers{settings.SECRET_KEY}"
        self.secret = hashlib.sha256(salted.encode()).digest()

    def lines(self) -> Iterator[tuple[str, Line]]:
        """All of them, each with the key of its person. Raises TerritoryError when a file is damaged."""
        try:
            for file in (self.municipal, self.departemental, self.regional, self.deputes, self.senateurs):
                yield from file()
        except (KeyError, ValueError) as error:
            raise damaged() from error

    def municipal(self) -> Iterator[tuple[str, Line]]:
        """Municipal councils of our communes; and the seats in our EPCI, held from communes around us too."""
        epcis = self._zones("epci", Zone.Kind.EPCI)
        homes = {
            pk: (self.zones[Zone.Kind.COMMUNE, code], epcis.get(epci))
            for code, pk, epci, kind in rows("communes", "code", "id", "epci_id", "type", only=self._codes())
            if kind == "COM"
        }
        for cells in rows("elus_municipaux", "commune_id", *IDENTITY, *OFFICE, *EPCI, only=homes):
            commune, epci = homes[cells[0]]
            identity, office, seat = cells[1:5], cells[5:9], cells[9:]
            if not commune.is_context:
                yield self._line(identity, Mandate.Kind.MUNICIPAL, commune, office)
            if epci is not None and seat[0]:
                began, function, function_began = seat
                yield self._line(identity, Mandate.Kind.COMMUNAUTAIRE, epci, (began, function, "", function_began))

    def departemental(self) -> Iterator[tuple[str, Line]]:
        """Conseils départementaux: our cantons, and whoever presides."""
        cantons = self._zones("cantons", Zone.Kind.CANTON)
        homes = dict(self._departements_of_cantons())
        lines = list(rows("elus_departementaux", "canton_id", *IDENTITY, *OFFICE, only=homes))
        presidents = Counter(homes[line[0]] for line in lines if line[6] == wording.PRESIDENT)
        for pk, *cells in lines:
            zone, departement = cantons.get(pk), homes[pk]
            if cells[5] == wording.PRESIDENT and presidents[departement] > 1:
                # Two départements call several so: their chairs of commissions, and no telling who presides.
                cells[5] = ""
            if zone is not None or cells[5] == wording.PRESIDENT:
                office = tuple(cells[4:])
                yield self._line(cells[:4], Mandate.Kind.DEPARTEMENTAL, zone or departement, office, departement)

    def regional(self) -> Iterator[tuple[str, Line]]:
        """Conseils régionaux: the sections of our départements, and whoever presides."""
        councils = {
            pk: self.zones[Zone.Kind.REGION, code]
            for pk, code in self._councils()
            if (Zone.Kind.REGION, code) in self.zones
        }
        lines = rows("collectivites_departementales", "id", "code")
        sections = {pk: SECTIONS.get(code, code[:-1]).split() for pk, code in lines}
        columns = ("collectivite_regionale_id", "collectivite_departementale_id")
        for pk, section, *cells in rows("elus_regionaux", *columns, *IDENTITY, *OFFICE, only=councils):
            ours = not section or self.departements & set(sections[section])
            if ours or cells[5] == wording.PRESIDENT:
                yield self._line(cells[:4], Mandate.Kind.REGIONAL, councils[pk], tuple(cells[4:]))

    def deputes(self) -> Iterator[tuple[str, Line]]:
        """Those in office."""
        zones = self._zones("circonscriptions_legislatives", Zone.Kind.CIRCONSCRIPTION)
        columns = ("circonscription_id", *IDENTITY, "date_debut_mandat", "date_fin_mandat", "groupe")
        for pk, *cells in rows("deputes", *columns, only=zones):
            began, ended, group = cells[4:]
            if not ended:
                yield self._line(cells[:4], Mandate.Kind.DEPUTE, zones[pk], (began, "", "", ""), group=group)

    def senateurs(self) -> Iterator[tuple[str, Line]]:
        """Those of our départements."""
        zones = self._zones("departements", Zone.Kind.DEPARTEMENT)
        for pk, *cells in rows("senateurs", "departement_id", *IDENTITY, "date_debut_mandat", "groupe", only=zones):
            began, group = cells[4:]
            yield self._line(cells[:4], Mandate.Kind.SENATEUR, zones[pk], (began, "", "", ""), group=group)

    def _zones(self, file: str, kind: str) -> dict[str, Zone]:
        """Our zones by the line number they have in `file`."""
        codes = {code for known, code in self.zones if known == kind}
        return {pk: self.zones[kind, code] for code, pk in rows(file, "code", "id", only=codes)}

    def _codes(self) -> set[str]:
        return {code for kind, code in self.zones if kind == Zone.Kind.COMMUNE}

    def _departements_of_cantons(self) -> Iterator[tuple[str, Zone]]:
        ours = self._zones("departements", Zone.Kind.DEPARTEMENT)
        for departement, canton in rows("cantons", "departement_id", "id", only=ours):
            yield canton, ours[departement]

    def _councils(self) -> Iterator[tuple[str, str]]:
        regions = {line[0]: line[1] for line in rows("regions", "id", "code")}
        for pk, region in rows("collectivites_regionales", "id", "region_id"):
            yield pk, regions[region]

    def _line(
        self,
        identity: "tuple[str, ...] | list[str]",
        kind: str,
        zone: Zone,
        office: tuple[str, ...],
        council: Zone | None = None,
        *,
        group: str = "",
    ) -> tuple[str, Line]:
        """One line from its cells, and the key of its person; `council` is the département of a canton."""
        surname, first_name, sex, born_on = identity
        first_name = wording.without_nationality(first_name)
        who = f"{fold(surname)}|{fold(first_name)}|{born_on}"
        key = hmac.digest(self.secret, who.encode(), "sha256").hex()
        return key, Line(kind, zone, council or zone, CELL.join((surname, first_name, sex, *office, group)))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
