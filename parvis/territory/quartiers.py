"""Zones that operators draw, in a file or on the plan: where each lies. They then behave as any zone."""

import shapely
from django.utils.text import slugify
from shapely.geometry.base import BaseGeometry

from parvis.core.text import fold
from parvis.territory import names
from parvis.territory.files.contours import placed
from parvis.territory.geometry import zones_over
from parvis.territory.models import Zone, ZoneLink, ZoneName, ZoneQuerySet

WITHIN, CROSSES = ZoneLink.Relation.WITHIN, ZoneLink.Relation.CROSSES
COMMUNES = (Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT)
# Contours are simplified: a border is crossed by more than this share of a zone.
SLIVER = 0.02


def drawn_in(commune: Zone) -> ZoneQuerySet:
    """Those whose code says that they are of the commune, ended or not."""
    return Zone.objects.of_kind(Zone.Kind.QUARTIER).filter(code__startswith=f"{commune.code}Q")


def commune_of(quartier: Zone) -> Zone | None:
    """The commune that its code names, or else, once that joined another, one that holds it."""
    communes = Zone.objects.current().of_kind(*COMMUNES).drawn()
    named = communes.filter(code=quartier.code.partition("Q")[0]).first()
    return named or communes.containing(quartier).first() or communes.touching(quartier).first()


def put(
    commune: Zone, name: str, nature: str, shape: BaseGeometry, *, quartier: Zone | None = None
) -> tuple[Zone, bool]:
    """Make or change the zone of that name in the commune, or `quartier` whatever its name; and whether it changed."""
    folded = fold(name)
    fields = {"name": name, "nature": nature, "slug": slugify(folded), "search_name": folded, "ended_on": None}
    fields |= placed(shape)
    zone = quartier or drawn_in(commune).filter(search_name=folded).first()
    if zone is None:
        codes = drawn_in(commune).values_list("code", flat=True)
        number = max((int(code.partition("Q")[2]) for code in codes), default=0) + 1
        zone = Zone.objects.create(kind=Zone.Kind.QUARTIER, code=f"{commune.code}Q{number}", **fields)
    elif fields == {key: getattr(zone, key) for key in fields} | {"geometry": bytes(zone.geometry or b"")}:
        return zone, False
    else:
        Zone.objects.filter(pk=zone.pk).update(successor=None, **fields)
        zone.refresh_from_db()
    ZoneName.objects.filter(zone=zone).exclude(text__in=(turns := names.turns(folded))).delete()
    ZoneName.objects.bulk_create((ZoneName(zone=zone, text=text) for text in turns), ignore_conflicts=True)
    relink(zone)
    return zone, True


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


def shares_in(shape: BaseGeometry, zones: list[Zone]) -> dict[int, float]:
    """How much of the shape lies in each zone, 0 to 1."""
    rows = list(Zone.objects.filter(pk__in=[one.pk for one in zones]).values_list("pk", "geometry"))
    contours = shapely.make_valid(shapely.from_wkb([bytes(wkb or b"") for _pk, wkb in rows]))
    parts = shapely.area(shapely.intersection(contours, shape)) / shape.area
    return {pk: float(share) for (pk, _wkb), share in zip(rows, parts, strict=True)}


def _wholes(zone: Zone, shape: BaseGeometry) -> dict[int, str]:
    """Its commune and those it crosses, and each zone that holds them, with how."""
    near = [one for one in zones_over(shape) if one.kind != Zone.Kind.QUARTIER and one.pk != zone.pk]
    shares = shares_in(shape, near)
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
