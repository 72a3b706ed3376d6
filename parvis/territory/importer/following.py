"""Who takes the place of the communes and intercommunalités that the files no longer have; what new communes leave."""

from collections.abc import Mapping

import shapely
from django.db.models import Q

from parvis.territory.importer.changes import Changes
from parvis.territory.importer.country import Country
from parvis.territory.importer.sources import TerritoryError
from parvis.territory.importer.zones import Draft
from parvis.territory.models import Parcel, Street, Zone, ZoneLink

# In the files, what a commune becomes when it joins another: déléguée or associée.
JOINED = {"COMD", "COMA"}
COMMUNES = (Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT)


def origins(drafts: list[Draft]) -> dict[str, int]:
    """The number of the commune that each new one is taken from, by the code of the new one; before it is written.

    The one it had joined, else the one whose contour holds it.
    """
    current = Zone.objects.current().of_kind(Zone.Kind.COMMUNE)
    known = set(current.values_list("code", flat=True))
    new = [draft for draft in drafts if draft.kind == Zone.Kind.COMMUNE and not draft.is_context]
    joined = dict(Zone.objects.joined().of_kind(Zone.Kind.COMMUNE).values_list("code", "successor"))
    found = {draft.code: joined.get(draft.code) or _around(draft) for draft in new if draft.code not in known}
    return {code: pk for code, pk in found.items() if pk}


def _around(draft: Draft) -> int | None:
    """The commune whose contour holds the middle of `draft`."""
    if draft.shape is None:
        return None
    inner = shapely.point_on_surface(draft.shape)
    x, y = shapely.get_x(inner), shapely.get_y(inner)
    box = Q(west__lte=x, east__gte=x, south__lte=y, north__gte=y)
    near = Zone.objects.current().of_kind(Zone.Kind.COMMUNE).filter(box).values_list("pk", "geometry")
    holding = (pk for pk, contour in near if shapely.contains(shapely.from_wkb(bytes(contour or b"")), inner))
    return next(holding, None)


def follow(france: Country, origins: Mapping[str, int], named: Mapping[str, str], changes: Changes) -> None:
    """Note successors and origins once zones are written; `named` are the successors the operator gives, by code.

    Raises TerritoryError for a name that cannot be a successor or needs none.
    """
    Zone.objects.filter(ended_on=None).exclude(successor=None).update(successor=None)
    current = Zone.objects.current().joinable()
    new = current.of_kind(Zone.Kind.COMMUNE).filter(code__in=origins).values_list("pk", "code")
    changes.parted = {pk: origins[code] for pk, code in new if current.filter(pk=origins[code]).exists()}
    for child, parent in changes.parted.items():
        Zone.objects.filter(pk=child).update(parted_from=parent)
    ended = list(Zone.objects.filter(pk__in=changes.ended).only("pk", "kind", "code"))
    successors = _in_the_files(france, ended) | _named(named)
    successors = {**_of_epcis(ended, successors, changes), **successors}
    for former, successor in successors.items():
        Zone.objects.filter(Q(pk=former) | Q(successor=former)).update(successor=successor)
        _carry_ground(former, successor)
    changes.joined = successors


def _carry_ground(former: int, successor: int) -> None:
    """The streets and parcels of one commune are the other's; a new commune may have two « rue de l’Église »."""
    streets = Street.objects.filter(commune=former)
    streets.filter(part="").update(part=Zone.objects.values_list("name", flat=True).get(pk=former)[:100])
    streets.update(commune=successor)
    Parcel.objects.filter(commune=former).update(commune=successor)


def _in_the_files(france: Country, ended: list[Zone]) -> dict[int, int]:
    """The successors that the files know: the communes of which those that ended are now a part."""
    parents = {
        row.code: france.communes[row.parent].code
        for row in france.communes.values()
        if row.type in JOINED and row.parent in france.communes
    }
    wanted = {zone.pk: parents[zone.code] for zone in ended if zone.kind == Zone.Kind.COMMUNE and zone.code in parents}
    current = Zone.objects.current().joinable().of_kind(Zone.Kind.COMMUNE).filter(code__in=wanted.values())
    numbers = dict(current.values_list("code", "pk"))
    return {pk: numbers[code] for pk, code in wanted.items() if code in numbers}


def _named(named: Mapping[str, str]) -> dict[int, int]:
    """The successors that the operator names."""
    found = {}
    for old, new in named.items():
        kinds = (Zone.Kind.EPCI,) if len(old) == 9 else COMMUNES
        former = Zone.objects.exclude(ended_on=None).of_kind(*kinds).filter(code=old).first()
        if former is None:
            raise TerritoryError(f"{old} n’est le code d’aucune commune ni intercommunalité disparue d’ici.")
        current = Zone.objects.current().of_kind(*kinds).filter(code=new)
        successor = (current if len(old) == 9 else current.joinable()).first()
        if successor is None:
            what = "intercommunalité" if len(old) == 9 else "commune"
            raise TerritoryError(f"{new} n’est le code d’aucune {what} d’ici : {old} ne peut pas la rejoindre.")
        found[former.pk] = successor.pk
    return found


def _of_epcis(ended: list[Zone], successors: Mapping[int, int], changes: Changes) -> dict[int, int]:
    """The intercommunalité in which all the communes of one that ended are now, when there is only one."""
    found = {}
    for epci in (zone for zone in ended if zone.kind == Zone.Kind.EPCI):
        members = {successors.get(part, part) for part, wholes in changes.left.items() if epci.pk in wholes}
        communes = Zone.objects.current().of_kind(*COMMUNES).filter(pk__in=members)
        links = ZoneLink.objects.filter(part__in=communes, whole__in=Zone.objects.current().of_kind(Zone.Kind.EPCI))
        now = set(links.values_list("whole", flat=True))
        if len(now) == 1:
            found[epci.pk] = now.pop()
    return found
