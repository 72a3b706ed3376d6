"""Finer contours over the shipped ones: GeoJSON of Etalab, and what geo.api.gouv.fr answers."""

from pathlib import Path
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from parvis.territory.files.opened import Told, objects, opened
from parvis.territory.files.report import Report
from parvis.territory.files.stage import Stage
from parvis.territory.geometry import NotAShape
from parvis.territory.geometry.reading import made
from parvis.territory.models import Zone

# The contour of a région at five metres.
MOST_POINTS = 400_000
# What a contour must share with the one already known.
SHARED = 0.5


def stage(path: Path, stage: Stage, told: Told) -> Report:
    """Set aside the contours of zones of the territory. Raises UnreadableFile for the file as a whole."""
    report = Report(path.name)
    known = {(zone.kind, zone.code): zone.pk for zone in Zone.objects.current().drawn()}
    with opened(path, told) as text:
        for number, found in enumerate(objects(text), 1):
            report.read += 1
            fields = found.get("properties") if isinstance(found.get("properties"), dict) else found
            pk = known.get(_key(fields or {}))
            if pk is None:
                report.outside += 1
                continue
            try:
                shape = _shape(found.get("geometry") or found.get("contour"), pk)
            except NotAShape as wrong:
                report.refused.add(number, f"{(fields or {}).get('code')}, {wrong}")
                continue
            if not stage.put(pk, "contour", (shapely.to_wkb(shape),)):
                report.mended.add(number, _("cette zone est là deux fois ; la première est gardée."))
    return report


def write(stage: Stage, report: Report) -> None:
    """Give each zone its contour."""
    for pk in stage.communes():
        [(_name, (wkb,))] = stage.rows(pk)
        zone = Zone.objects.get(pk=pk)
        report.total += 1
        report.communes += 1
        if bytes(zone.geometry or b"") != wkb or not zone.is_finer:
            Zone.objects.filter(pk=pk).update(**placed(shapely.from_wkb(wkb)), is_finer=True)
            report.changed += 1


def placed(shape: BaseGeometry) -> dict[str, Any]:
    """The fields of a zone that say where it is."""
    west, south, east, north = map(float, shape.bounds)
    inner = shapely.point_on_surface(shape)
    place = {"west": west, "south": south, "east": east, "north": north}
    return place | {"geometry": shapely.to_wkb(shape), "lon": shapely.get_x(inner), "lat": shapely.get_y(inner)}


def surface(geometry: object, most: int) -> BaseGeometry:
    """The polygons of a geometry, mended when they cross themselves. Raises NotAShape."""
    if not isinstance(geometry, dict) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise NotAShape(_("elle n’a pas de contour : demandez les contours, et non les centres."))
    shape = made(geometry, most)
    if not shape.is_valid:
        parts = shapely.get_parts(shapely.make_valid(shape))
        shape = shapely.union_all([part for part in parts if part.geom_type in {"Polygon", "MultiPolygon"}])
    if not shape.area:
        raise NotAShape(_("son contour n’a pas de surface."))
    return shape


def _shape(geometry: object, pk: int) -> BaseGeometry:
    shape = surface(geometry, MOST_POINTS)
    before = Zone.objects.values_list("geometry", flat=True).get(pk=pk)
    if before is None:
        return shape
    old = shapely.from_wkb(bytes(before))
    if not old.is_valid:
        old = shapely.make_valid(old)
    if old.intersection(shape).area < SHARED * old.area:
        flipped = shapely.transform(shape, lambda points: points[:, ::-1])
        if old.intersects(flipped):
            raise NotAShape(_("latitude et longitude sont inversées : donnez la longitude d’abord."))
        raise NotAShape(_("ce contour est loin de celui que l’on connaît : vérifiez le code."))
    return shape


def _key(fields: dict[str, Any]) -> tuple[str, str]:
    """The kind and the code of a zone, by the shape of its code."""
    code = str(fields.get("code", ""))
    if len(code) == 9:
        return Zone.Kind.EPCI, code
    if len(code) == 5:
        is_part = fields.get("type") == "arrondissement-municipal" or (fields.get("plm") and fields.get("commune"))
        return Zone.Kind.ARRONDISSEMENT if is_part else Zone.Kind.COMMUNE, code
    is_departement = "region" in fields or "codeRegion" in fields or len(code) == 3
    return Zone.Kind.DEPARTEMENT if is_departement else Zone.Kind.REGION, code
