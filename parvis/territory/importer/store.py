"""Writes a territory, once every zone of it is drawn up."""

from collections.abc import Iterable
from typing import Any

import shapely
from django.utils import timezone
from django.utils.text import slugify

from parvis.core.text import fold
from parvis.territory import current, names
from parvis.territory.importer.changes import Changes
from parvis.territory.importer.merge import Wanted, merge
from parvis.territory.importer.sources import TerritoryError
from parvis.territory.importer.zones import Draft
from parvis.territory.models import Neighbour, PostalCode, Territory, TownHall, Zone, ZoneLink, ZoneName
from parvis.territory.quartiers import relink_all

Key = tuple[str, str]


def slugs(drafts: Iterable[Draft]) -> dict[Key, str]:
    """The readable part of each zone's address."""
    return {draft.key: slugify(fold(draft.name)) for draft in drafts}


def finer(drafts: list[Draft]) -> list[Draft]:
    """The drafts with the contours that were imported over the shipped ones."""
    rows = Zone.objects.filter(is_finer=True, ended_on=None).values_list("kind", "code", "geometry")
    known = {(kind, code): geometry for kind, code, geometry in rows}
    for draft in drafts:
        if geometry := known.get(draft.key):
            draft.shape = shapely.from_wkb(bytes(geometry))
    return drafts


def check_same(codes: list[str]) -> None:
    """Raise TerritoryError when the database already serves another territory."""
    known = Territory.objects.first()
    if known is not None and known.codes != codes:
        raise TerritoryError(
            f"Cette base sert déjà le territoire {' '.join(known.codes)} : prenez un autre dossier de données pour "
            f"{' '.join(codes)}."
        )


def write_zones(drafts: list[Draft], changes: Changes) -> tuple[dict[Key, int], int]:
    """The identifier of each zone once written, and how many changed. A zone the files no longer have is ended."""
    addresses = slugs(drafts)
    wanted: Wanted = {}
    for draft in drafts:
        wanted[draft.key] = _fields(draft, addresses[draft.key])
        # The contours of a country are held once: as shapes, then as the bytes that are written.
        draft.shape = None
    changed = merge(
        Zone.objects.from_files(), ("kind", "code"), wanted, delete=False, watch=changes.heard(changes.of_zone)
    )
    searched = {key: fields["search_name"] for key, fields in wanted.items()}
    del wanted
    ids = {(kind, code): pk for pk, kind, code in Zone.objects.from_files().values_list("pk", "kind", "code")}
    wanted_names: Wanted = {(text, ids[key]): {} for key, name in searched.items() for text in names.turns(name)}
    changed += merge(ZoneName.objects.exclude(zone__kind=Zone.Kind.QUARTIER), ("text", "zone_id"), wanted_names)
    gone = [pk for key, pk in ids.items() if key not in searched]
    ending = Zone.objects.filter(pk__in=gone, ended_on=None)
    changes.ended = list(ending.values_list("pk", flat=True))
    ended = ending.update(ended_on=timezone.localdate(), joinable=False)
    return ids, changed + ended


def _fields(draft: Draft, slug: str) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": draft.name,
        "article": draft.article,
        "slug": slug,
        "search_name": fold(draft.name),
        "population": draft.population,
        "joinable": draft.joinable,
        "is_context": draft.is_context,
        "ended_on": None,
    }
    place = dict.fromkeys(("geometry", "west", "south", "east", "north", "lon", "lat"))
    if draft.shape is not None:
        inner = shapely.point_on_surface(draft.shape)
        bounds = [float(value) for value in shapely.bounds(draft.shape)]
        place |= zip(("west", "south", "east", "north"), bounds, strict=True)
        place |= {"geometry": shapely.to_wkb(draft.shape), "lon": shapely.get_x(inner), "lat": shapely.get_y(inner)}
    return fields | place


def write_links(
    ids: dict[Key, int], links: set[tuple[Key, Key, str]], touching: set[tuple[Key, Key]], changes: Changes
) -> int:
    """Write containment and neighbours; how many rows changed. It empties `links`."""
    # One dict for all that are alike: a country has half a million.
    alike: dict[str, dict[str, str]] = {relation: {"relation": relation} for relation in ZoneLink.Relation.values}
    contained: Wanted = {}
    # Taken one by one, since there is no room for both.
    while links:
        part, whole, relation = links.pop()
        contained[ids[part], ids[whole]] = alike[relation]
    nothing: dict[str, str] = {}
    beside: Wanted = {(ids[one], ids[other]): nothing for one, other in touching}
    drawn_here = list(Zone.objects.of_kind(Zone.Kind.QUARTIER).values_list("pk", flat=True))
    known = ZoneLink.objects.exclude(part__in=drawn_here)
    changed = merge(known, ("part_id", "whole_id"), contained, watch=changes.heard(changes.of_link))
    return changed + merge(Neighbour.objects.all(), ("zone_id", "other_id"), beside)


def write_details(
    ids: dict[Key, int], postal_codes: dict[Key, list[str]], halls: dict[Key, dict[str, Any]], changes: Changes
) -> int:
    """Write postal codes and town halls; how many rows changed."""
    codes: Wanted = {(code, ids[key]): {} for key, found in postal_codes.items() for code in found}
    rows: Wanted = {(ids[key],): fields for key, fields in halls.items()}
    return merge(PostalCode.objects.all(), ("code", "zone_id"), codes) + merge(
        TownHall.objects.all(), ("zone_id",), rows, watch=changes.heard(changes.of_hall)
    )


def write_territory(*, codes: list[str], root: int, source: str, svg: str, changed: int) -> Territory:
    """The one row; its version moves when anything changed since."""
    fields = {"codes": codes, "root_id": root, "source_version": source, "map_svg": svg}
    territory = Territory.objects.first()
    if territory is None:
        return Territory.objects.create(pk=1, **fields)
    if changed or any(getattr(territory, name) != value for name, value in fields.items()):
        for name, value in fields.items():
            setattr(territory, name, value)
        territory.version += 1
        territory.save()
        # What operators drew lies in zones that may have changed.
        current.forget()
        relink_all()
    return territory
