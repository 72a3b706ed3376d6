"""Address files: BAN (addresses or lieux-dits) and BAL 1.3 to 1.5, told by the names of their columns.

The commune of a line is its INSEE code, never its point: the contours of communes are simplified.
"""

import csv
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.core.text import clean, fold, typo
from parvis.territory.files.communes import communes_by_code
from parvis.territory.files.opened import Told, UnreadableFile, lines, opened
from parvis.territory.files.report import Report
from parvis.territory.files.stage import Stage
from parvis.territory.geometry import NotAShape, check_point
from parvis.territory.importer.merge import batches, merge
from parvis.territory.models import Address, Street

# What each thing is called, in the order of preference.
COLUMNS = {
    "commune": ("commune_insee", "code_insee"),
    "street": ("voie_nom", "toponyme", "nom_voie", "nom_lieu_dit"),
    "number": ("numero",),
    "suffix": ("suffixe", "rep"),
    "part": ("commune_deleguee_nom", "nom_ancienne_commune"),
    "position": ("position", "type_position"),
    "lon": ("long", "lon"),
    "lat": ("lat",),
    "parcels": ("cad_parcelles",),
}
NEEDED = ("commune", "street", "lon", "lat")
# A BAL numbers a lieu-dit so.
LIEU_DIT, HIGHEST = 99_999, 32_767
# Of several positions of one address, the door people use.
POSITIONS = ("entrée", "bâtiment", "cage d’escalier", "logement", "délivrance postale", "parcelle", "segment", "")
MOST_PARCELS = 10
SUFFIX = re.compile(r"[a-z0-9]{0,12}")
PARCEL = re.compile(r"[0-9][0-9AB][0-9]{3}[0-9]{3}[0-9A-Z]{2}[0-9]{4}")


class _Line(NamedTuple):
    """A line that is right. No number for a lieu-dit."""

    commune: int
    street: str
    part: str
    number: int | None
    suffix: str
    lon: float
    lat: float
    parcels: str
    rank: int


class _Wrong(Exception):
    """Why a line is refused."""


def stage(path: Path, stage: Stage, told: Told) -> Report:
    """Set aside what the file says, each line checked. Raises UnreadableFile for the file as a whole."""
    report = Report(path.name)
    known = communes_by_code()
    with opened(path, told) as text:
        for number, cells in _rows(lines(text)):
            report.read += 1
            commune = known.get(cells["commune"].strip())
            if commune is None:
                report.outside += 1
                continue
            try:
                line = _line(commune, cells)
            except (_Wrong, NotAShape) as wrong:
                report.refused.add(number, str(wrong))
                continue
            _put(stage, line)
    return report


def write(stage: Stage, report: Report) -> None:
    """Make the streets and addresses of the communes of the file those it says."""
    for commune in stage.communes():
        doors: dict[tuple[str, str], list[_Line]] = {}
        for _name, row in stage.rows(commune):
            line = _Line(*row)
            doors.setdefault((fold(line.street), line.part), []).append(line)
        report.changed += _write_commune(commune, doors)
        report.total += sum(len(group) for group in doors.values())
        report.communes += 1


def _rows(text: Iterator[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The number of each line and its cells, by our names."""
    header = next(text, "")
    delimiter = ";" if ";" in header else ","
    names = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    found = {ours: [names.index(name) for name in theirs if name in names] for ours, theirs in COLUMNS.items()}
    if lacking := [COLUMNS[ours] for ours in NEEDED if not found[ours]]:
        raise UnreadableFile(
            _("Ce n’est ni une BAN ni une BAL : il manque la colonne « %s ».") % " » ou « ".join(lacking[0])
        )
    reader = csv.reader(text, delimiter=delimiter)
    try:
        for row in reader:
            if row:
                cells = {
                    ours: next((row[place] for place in places if place < len(row) and row[place].strip()), "")
                    for ours, places in found.items()
                }
                yield reader.line_num + 1, cells
    except csv.Error as error:
        raise UnreadableFile(_("Le fichier n’est pas un CSV lisible : enregistrez-le de nouveau.")) from error


def _line(commune: int, cells: dict[str, str]) -> _Line:
    """A line of the file. Raises _Wrong or NotAShape."""
    street = typo(" ".join(clean(cells["street"]).split()))
    if not fold(street) or len(street) > 200:
        raise _Wrong(_("le nom de la voie manque ou n’en est pas un."))
    lon, lat = _degrees(cells["lon"]), _degrees(cells["lat"])
    check_point(lon, lat)
    suffix = fold(cells["suffix"]).replace(" ", "")
    if not SUFFIX.fullmatch(suffix):
        raise _Wrong(_("le suffixe « %s » est trop long.") % suffix[:20])
    parcels = [code for code in cells["parcels"].split("|") if PARCEL.fullmatch(code)][:MOST_PARCELS]
    position = cells["position"].strip().lower().replace("'", "’")
    return _Line(
        commune=commune,
        street=street,
        part=clean(cells["part"]).strip()[:100],
        number=_number(cells["number"]),
        suffix=suffix,
        lon=lon,
        lat=lat,
        parcels=" ".join(parcels),
        rank=POSITIONS.index(position) if position in POSITIONS else len(POSITIONS),
    )


def _number(text: str) -> int | None:
    text = text.strip()
    if text in {"", str(LIEU_DIT)}:
        return None
    if not text.isdecimal() or len(text) > 6 or int(text) > HIGHEST:
        raise _Wrong(_("« %s » n’est pas un numéro.") % text[:20])
    return int(text)


def _degrees(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return math.nan


def _put(stage: Stage, line: _Line) -> None:
    number = "" if line.number is None else str(line.number)
    stage.put(line.commune, f"{fold(line.street)}\t{line.part}\t{number}\t{line.suffix}", tuple(line), line.rank)


@transaction.atomic
def _write_commune(commune: int, doors: dict[tuple[str, str], list[_Line]]) -> int:
    """Write what the file says of one commune; how many rows changed.

    A file of lieux-dits leaves the streets that have numbers; one of numbers alone, the lieux-dits.
    """
    numbered = {key: [line for line in group if line.number is not None] for key, group in doors.items()}
    ours = Street.objects.filter(commune=commune)
    had = _with_doors(commune)
    streets = {(*key, commune): _street(group) for key, group in doors.items()}
    changed = merge(ours.order_by(), ("search_name", "part", "commune_id"), streets, delete=False)
    ids = {(name, part): pk for pk, name, part in ours.values_list("pk", "search_name", "part")}
    if any(numbered.values()):
        wanted: dict[tuple[Any, ...], dict[str, Any]] = {
            (ids[key], line.number, line.suffix): {"lon": line.lon, "lat": line.lat, "parcels": line.parcels}
            for key, group in numbered.items()
            for line in group
        }
        rows = Address.objects.filter(street__commune=commune).order_by()
        changed += merge(rows, ("street_id", "number", "suffix"), wanted)
    doubtful = had if all(numbered.values()) else set(ids.values())
    lost = doubtful - _with_doors(commune) - {ids[key] for key in doors}
    for some in batches(lost, 500):
        Street.objects.filter(pk__in=some).delete()
    return changed + len(lost)


def _with_doors(commune: int) -> set[int]:
    return set(Address.objects.filter(street__commune=commune).values_list("street", flat=True))


def _street(group: list[_Line]) -> dict[str, Any]:
    """The fields of a street: the name most of its lines give, the middle of its doors, and their box."""
    names = [line.street for line in group]
    lons, lats = [line.lon for line in group], [line.lat for line in group]
    west, south, east, north = min(lons), min(lats), max(lons), max(lats)
    # A door, the nearest to the middle of the box: a street may bend.
    middle = min(group, key=lambda one: math.hypot(one.lon - (west + east) / 2, one.lat - (south + north) / 2))
    return {
        "name": max(sorted(set(names)), key=names.count),
        "lon": middle.lon,
        "lat": middle.lat,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
    }
