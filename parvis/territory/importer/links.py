"""What contains what, and what touches what."""

import numpy as np
import shapely
from shapely import STRtree

from parvis.territory.importer.zones import Draft
from parvis.territory.models import Zone, ZoneLink

Key = tuple[str, str]
WITHIN, CROSSES = str(ZoneLink.Relation.WITHIN), str(ZoneLink.Relation.CROSSES)
# From the finest to the coarsest: a zone crosses those coarser than itself.
RANKS: dict[str, int] = {
    Zone.Kind.COMMUNE: 0,
    Zone.Kind.ARRONDISSEMENT: 0,
    Zone.Kind.DELEGUEE: 0,
    Zone.Kind.CANTON: 1,
    Zone.Kind.CIRCONSCRIPTION: 2,
    Zone.Kind.EPCI: 3,
    Zone.Kind.DEPARTEMENT: 4,
    Zone.Kind.REGION: 5,
    Zone.Kind.TERRITOIRE: 6,
}
PIECES = {Zone.Kind.ARRONDISSEMENT, Zone.Kind.DELEGUEE}


def closure(drafts: list[Draft], root: Key) -> set[tuple[Key, Key, str]]:
    """Every (part, whole, relation), each zone within itself.

    A commune crosses each canton it is split between, even one that lies wholly inside it; a canton or a
    circonscription crosses a commune it holds only a part of; and what overlaps the territory crosses it.
    """
    holders: dict[str, list[Draft]] = {}
    for draft in drafts:
        if draft.kind not in PIECES:
            for code in draft.extent.whole | draft.extent.partly:
                holders.setdefault(code, []).append(draft)
    found = {(draft.key, draft.key, WITHIN) for draft in drafts}
    for part in drafts:
        codes = part.extent.whole | part.extent.partly
        near = {whole.key: whole for code in codes for whole in holders.get(code, ())}
        for key, whole in near.items():
            if whole.kind != part.kind and (relation := _relation(part, codes, whole, is_root=key == root)):
                found.add((part.key, key, relation))
    return found


def _relation(part: Draft, codes: set[str], whole: Draft, *, is_root: bool) -> str:
    mine, its = part.extent, whole.extent
    if part.kind == Zone.Kind.ARRONDISSEMENT and whole.kind == Zone.Kind.CIRCONSCRIPTION:
        return _district(part.code, whole)
    if codes <= its.whole:
        return WITHIN
    if part.kind in PIECES:
        return CROSSES if part.kind == Zone.Kind.ARRONDISSEMENT else ""
    into_commune = whole.kind == Zone.Kind.COMMUNE and part.kind in {Zone.Kind.CANTON, Zone.Kind.CIRCONSCRIPTION}
    if RANKS[part.kind] > RANKS[whole.kind] and not into_commune and not is_root:
        return ""
    contains = its.whole | its.partly <= mine.whole
    if contains and part.kind != Zone.Kind.COMMUNE:
        return ""
    return CROSSES if mine.whole & (its.whole | its.partly) or mine.partly & its.whole else ""


def _district(code: str, whole: Draft) -> str:
    if code in whole.districts.whole:
        return WITHIN
    return CROSSES if code in whole.districts.partly else ""


def neighbours(drafts: list[Draft]) -> set[tuple[Key, Key]]:
    """Communes and arrondissements that share a stretch of border, in both directions."""
    kinds = {Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT}
    drawn = [draft for draft in drafts if draft.kind in kinds and draft.shape is not None]
    if not drawn:
        return set()
    contours = np.array([draft.shape for draft in drawn])
    one, other = STRtree(contours).query(contours, predicate="touches")
    one, other = one[one < other], other[one < other]
    shared = shapely.length(shapely.intersection(contours[one], contours[other])) > 0
    pairs = {(drawn[i].key, drawn[j].key) for i, j in zip(one[shared], other[shared], strict=True)}
    return pairs | {(other, one) for one, other in pairs}
