"""Zones that operators draw: a GeoJSON file of surfaces, each with a name. They then behave as any zone."""

from pathlib import Path

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from parvis.core.text import clean, fold, typo
from parvis.territory.files.contours import surface
from parvis.territory.files.opened import Told, UnreadableFile, objects, opened
from parvis.territory.files.report import Report
from parvis.territory.files.stage import Stage
from parvis.territory.geometry import MOST_POINTS, NotAShape, zones_over
from parvis.territory.geometry.reading import check_place
from parvis.territory.models import Zone
from parvis.territory.quartiers import COMMUNES, put, shares_in

MOST = 999


def stage(path: Path, stage: Stage, told: Told, *, nature: str, commune: str = "") -> Report:
    """Set aside the zones of the file. `commune` (INSEE) holds them all; else each is where most of it lies."""
    report = Report(path.name)
    known = {zone.code: zone for zone in Zone.objects.current().of_kind(*COMMUNES).drawn()}
    if commune and commune not in known:
        raise UnreadableFile(_("La commune %s n’est pas de ce territoire : donnez son code INSEE.") % commune)
    with opened(path, told) as text:
        for number, feature in enumerate(objects(text), 1):
            report.read += 1
            properties = feature.get("properties")
            name = _name(properties if isinstance(properties, dict) else {})
            try:
                if not fold(name):
                    raise NotAShape(_("elle n’a pas de nom : donnez-lui une propriété « name » ou « nom »."))
                shape = surface(feature.get("geometry"), MOST_POINTS)
                check_place(shape)
                holder = known[commune] if commune else _holder(shape)
            except NotAShape as wrong:
                report.refused.add(number, str(wrong))
                continue
            if not stage.put(holder.pk, fold(name), (name, nature, shapely.to_wkb(shape))):
                report.mended.add(number, _("« %s » est là deux fois ; la première est gardée.") % name)
    return report


def write(stage: Stage, report: Report) -> None:
    """Make or change the zones of the file; those of other files stay."""
    for pk in stage.communes():
        commune = Zone.objects.get(pk=pk)
        report.communes += 1
        for _folded, (name, nature, wkb) in stage.rows(pk):
            report.total += 1
            zone, changed = put(commune, name, nature, shapely.from_wkb(wkb))
            if changed:
                report.changed += 1
                report.drawn.append(zone.pk)


def _holder(shape: BaseGeometry) -> Zone:
    """The commune where most of the shape lies."""
    communes = [zone for zone in zones_over(shape) if zone.kind in COMMUNES and zone.joinable]
    if not communes:
        raise NotAShape(_("elle n’est dans aucune commune du territoire."))
    shares = shares_in(shape, communes)
    return max(communes, key=lambda one: shares[one.pk])


def _name(properties: dict[str, object]) -> str:
    given = next((properties[key] for key in ("name", "nom", "libelle") if properties.get(key)), "")
    return typo(" ".join(clean(str(given)).split()))[:120]
