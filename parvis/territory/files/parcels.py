"""Cadastre files of Etalab (and IGN’s variant): parcels, and never whose they are. What we do not name is not read."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from parvis.territory.files.communes import communes_by_code
from parvis.territory.files.opened import Told, objects, opened
from parvis.territory.files.report import Report
from parvis.territory.files.stage import Stage
from parvis.territory.geometry import NotAShape
from parvis.territory.geometry.reading import check_place, made
from parvis.territory.importer.merge import Wanted, batches, merge
from parvis.territory.models import Parcel

CODE = re.compile(r"[0-9][0-9AB][0-9]{3}[0-9]{3}[0-9A-Z]{2}[0-9]{4}")
LARGEST_AREA = 2_147_483_647
FIELDS = ("code", "area", "geometry", "west", "south", "east", "north")


class _Identity(NamedTuple):
    """The code of a parcel, and the commune its line gives, which may be newer than the code."""

    code: str
    insee: str


def stage(path: Path, stage: Stage, told: Told) -> Report:
    """Set aside the parcels of the file, each checked. Raises UnreadableFile for the file as a whole."""
    report = Report(path.name)
    known = communes_by_code()
    with opened(path, told) as text:
        for number, feature in enumerate(objects(text), 1):
            report.read += 1
            properties = feature.get("properties")
            found = _identity(feature, properties if isinstance(properties, dict) else {})
            if found is None:
                report.refused.add(number, _("il lui manque un identifiant, ou section et numéro."))
                continue
            commune = known.get(found.insee, known.get(found.code[:5]))
            if commune is None:
                report.outside += 1
                continue
            _set_aside(stage, report, number, (commune, found.code, feature))
    return report


def write(stage: Stage, report: Report) -> None:
    """Make the parcels of the communes of the file those it says."""
    for commune in stage.communes():
        wanted = {(code, commune): dict(zip(FIELDS[1:], row, strict=True)) for code, row in stage.rows(commune)}
        report.changed += _write_commune(commune, wanted)
        report.total += len(wanted)
        report.communes += 1


@transaction.atomic
def _write_commune(commune: int, wanted: Wanted) -> int:
    """Write the parcels of one commune; how many rows changed."""
    # A former commune may have had them under its own number.
    codes = [code for code, _commune in wanted]
    for some in batches(codes, 500):
        Parcel.objects.coded(some).exclude(commune=commune).order_by().delete()
    return merge(Parcel.objects.filter(commune=commune).order_by(), ("code", "commune_id"), wanted)


def _set_aside(stage: Stage, report: Report, number: int, read: tuple[int, str, dict[str, Any]]) -> None:
    commune, code, feature = read
    try:
        shape, is_mended = _shape(feature.get("geometry"))
    except NotAShape as wrong:
        report.refused.add(number, f"{code}, {wrong}")
        return
    properties = feature["properties"] if isinstance(feature.get("properties"), dict) else {}
    row = (_area(properties.get("contenance")), shapely.to_wkb(shape), *map(float, shape.bounds))
    if not stage.put(commune, code, row):
        report.mended.add(number, _("%s est là deux fois ; la première est gardée.") % code)
    elif is_mended:
        report.mended.add(number, _("%s avait un contour invalide, réparé.") % code)
    elif row[0] is None:
        report.mended.add(number, _("%s n’a pas de contenance.") % code)


def _identity(feature: dict[str, Any], properties: dict[str, Any]) -> _Identity | None:
    """The code as given, or put together from its parts, with their zeros."""

    def text(*names: str) -> str:
        return next((str(properties[name]).strip().upper() for name in names if properties.get(name)), "")

    insee = text("commune", "code_insee")
    for given in (feature.get("id"), properties.get("id"), properties.get("idu")):
        if isinstance(given, str) and CODE.fullmatch(given):
            return _Identity(given, insee or given[:5])
    prefix = (text("prefixe", "com_abs") or "000").rjust(3, "0")
    section, number = text("section"), text("numero")
    code = insee + prefix + section.rjust(2, "0") + number.rjust(4, "0")
    return _Identity(code, insee) if section and number and CODE.fullmatch(code) else None


def _shape(geometry: object) -> tuple[BaseGeometry, bool]:
    """The surface of a feature, and whether it had to be mended. Raises NotAShape."""
    if not isinstance(geometry, dict) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise NotAShape(_("Elle n’a pas de contour."))
    shape = made(geometry)
    is_mended = not shape.is_valid
    if is_mended:
        parts = shapely.get_parts(shapely.make_valid(shape))
        shape = shapely.union_all([part for part in parts if part.geom_type in {"Polygon", "MultiPolygon"}])
    if not shape.area:
        raise NotAShape(_("Son contour n’a pas de surface."))
    check_place(shape)
    return shape, is_mended


def _area(given: object) -> int | None:
    """Square metres; a file may have them as a number, as a text, or not."""
    text = str(given if given is not None else "").partition(".")[0]
    return min(int(text), LARGEST_AREA) if text.isdecimal() and len(text) < 12 else None
