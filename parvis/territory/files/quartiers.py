"""Zones that operators draw: a GeoJSON file of surfaces, each with a name. They then behave as any zone."""

from pathlib import Path

import shapely
from django.utils.text import slugify
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from parvis.core.text import clean, fold, typo
from parvis.territory import names
from parvis.territory.files.contours import placed, surface
from parvis.territory.files.opened import Told, UnreadableFile, objects, opened
from parvis.territory.files.report import Report
from parvis.territory.files.stage import Stage
from parvis.territory.geometry import MOST_POINTS, NotAShape, zones_over
from parvis.territory.geometry.reading import check_place
from parvis.territory.models import Zone, ZoneLink, ZoneName

WITHIN, CROSSES = ZoneLink.Relation.WITHIN, ZoneLink.Relation.CROSSES
COMMUNES = (Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT)
# Contours are simplified: a border is crossed by more than this share of a zone.
SLIVER = 0.02
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
            if changed := _write(commune, name, nature, shapely.from_wkb(wkb)):
                report.changed += 1
                report.drawn.append(changed)


def relink_all() -> None:
    """Say anew what each lies in, once the zones around them changed."""
    for zone in Zone.objects.current().of_kind(Zone.Kind.QUARTIER).exclude(geometry=None):
        relink(zone)


def relink(zone: Zone) -> None:
    """Say anew what the zone lies in, by its contour and by the commune its code names."""
    shape = shapely.from_wkb(bytes(zone.geometry or b""))
    wanted = {zone.pk: str(WITHIN)} | _wholes(zone, shape)
    before = dict(ZoneLink.objects.filter(part=zone).values_list("whole", "relation"))
    if before == wanted:
        return
    ZoneLink.objects.filter(part=zone).delete()
    ZoneLink.objects.bulk_create(ZoneLink(part=zone, whole_id=pk, relation=how) for pk, how in wanted.items())


def _write(commune: Zone, name: str, nature: str, shape: BaseGeometry) -> int:
    """Write one zone; its number, 0 when nothing changed."""
    ours = Zone.objects.of_kind(Zone.Kind.QUARTIER).filter(code__startswith=f"{commune.code}Q")
    folded = fold(name)
    fields = {"name": name, "nature": nature, "slug": slugify(folded), "ended_on": None, **placed(shape)}
    zone = ours.filter(search_name=folded).first()
    if zone is None:
        numbers = [int(code.partition("Q")[2]) for code in ours.values_list("code", flat=True)]
        code = f"{commune.code}Q{max(numbers, default=0) + 1}"
        zone = Zone.objects.create(kind=Zone.Kind.QUARTIER, code=code, search_name=folded, **fields)
        ZoneName.objects.bulk_create(ZoneName(zone=zone, text=text) for text in names.turns(folded))
    else:
        if fields == {key: getattr(zone, key) for key in fields} | {"geometry": bytes(zone.geometry or b"")}:
            return 0
        Zone.objects.filter(pk=zone.pk).update(**fields)
        zone.refresh_from_db()
    relink(zone)
    return int(zone.pk)


def _wholes(zone: Zone, shape: BaseGeometry) -> dict[int, str]:
    """Its commune and those it crosses, and each zone that holds them, with how."""
    near = [one for one in zones_over(shape) if one.kind != Zone.Kind.QUARTIER and one.pk != zone.pk]
    shares = _shares(shape, near)
    # None when its commune joined another, whose contour then holds it.
    home = Zone.objects.current().of_kind(*COMMUNES).filter(code=zone.code.partition("Q")[0])
    communes = {one.pk for one in near if one.kind in COMMUNES and shares[one.pk] > SLIVER}
    communes |= set(home.values_list("pk", flat=True))
    found = {one.pk: str(CROSSES) for one in near if shares[one.pk] > SLIVER}
    links = ZoneLink.objects.filter(part__in=communes)
    held: dict[int, set[int]] = {}
    for part, whole, how in links.values_list("part", "whole", "relation"):
        if how == WITHIN:
            held.setdefault(whole, set()).add(part)
    found |= {whole: str(WITHIN if parts == communes else CROSSES) for whole, parts in held.items()}
    # What a commune only crosses, a part of it may lie wholly in.
    found |= {pk: str(WITHIN) for pk, how in found.items() if how == CROSSES and shares.get(pk, 0) > 1 - SLIVER}
    return found


def _shares(shape: BaseGeometry, zones: list[Zone]) -> dict[int, float]:
    """How much of the shape lies in each zone, 0 to 1."""
    rows = list(Zone.objects.filter(pk__in=[one.pk for one in zones]).values_list("pk", "geometry"))
    contours = shapely.make_valid(shapely.from_wkb([bytes(wkb or b"") for _pk, wkb in rows]))
    parts = shapely.area(shapely.intersection(contours, shape)) / shape.area
    return {pk: float(share) for (pk, _wkb), share in zip(rows, parts, strict=True)}


def _holder(shape: BaseGeometry) -> Zone:
    """The commune where most of the shape lies."""
    communes = [zone for zone in zones_over(shape) if zone.kind in COMMUNES and zone.joinable]
    if not communes:
        raise NotAShape(_("elle n’est dans aucune commune du territoire."))
    shares = _shares(shape, communes)
    return max(communes, key=lambda one: shares[one.pk])


def _name(properties: dict[str, object]) -> str:
    given = next((properties[key] for key in ("name", "nom", "libelle") if properties.get(key)), "")
    return typo(" ".join(clean(str(given)).split()))[:120]
