"""Which communes make each canton and each circonscription: the files do not say, their contours do.

The contours of cantons follow those of communes exactly, so one point of a commune tells its canton; a commune
split between several has a line of its own (type V or N) and crosses each of those it is split between. The
contours of circonscriptions are rougher: only communes that cantons split are taken as split.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import Geometry, STRtree

from parvis.territory.importer.country import Canton, Circonscription, Commune, Country, shape, shapes

# Below this share of the smaller of the two, a city and a circonscription only border each other.
SHARE = 0.05


@dataclass(slots=True)
class Extent:
    """Codes of the communes wholly in a zone, and of those only partly in it."""

    whole: set[str] = field(default_factory=set)
    partly: set[str] = field(default_factory=set)


def cantons(country: Country, communes: list[Commune]) -> dict[str, Extent]:
    """Extent of each canton (by line number) over `communes`, which are all those of some départements."""
    departements = {commune.departement for commune in communes}
    lines = [row for row in country.cantons.values() if row.departement in departements]
    extents = {row.pk: Extent() for row in lines if row.type == "C"}
    split = []
    for commune, line in _lines_of(communes, lines):
        if line.type == "C":
            extents[line.pk].whole.add(commune.code)
        else:
            split.append(commune)
    split_pks = {commune.pk for commune in split}
    shared = [row for row in lines if row.type == "C" and row.composition != "1"]
    reaches = {row.pk: shape(row.contour or country.communes[row.office].contour) for row in shared}
    for commune in split:
        contour = shape(commune.contour)
        for row in shared:
            # A canton seated in a whole commune, or made of parts of several, holds a part of one it touches.
            elsewhere = row.composition in {"3", "5"} or row.office not in split_pks
            if row.office == commune.pk or (elsewhere and shapely.intersects(reaches[row.pk], contour)):
                extents[row.pk].partly.add(commune.code)
    return extents


def _lines_of(communes: list[Commune], lines: list[Canton]) -> Iterable[tuple[Commune, Canton]]:
    """The line of cantons.csv each commune lies in; none in Paris and the métropole de Lyon."""
    drawn = [line for line in lines if line.contour]
    if not drawn:
        return
    tree = STRtree(np.array(shapes([line.contour for line in drawn])))
    inner = shapely.point_on_surface(shapes([commune.contour for commune in communes]))
    for index, line in zip(*tree.query(inner, predicate="within"), strict=True):
        yield communes[index], drawn[line]
    for commune in communes:
        # A few islands and new communes have no contour: only their town hall says where they are.
        if not commune.contour and (hall := shape(bytes.fromhex(commune.hall[1]))) is not None:
            nearest = tree.nearest(hall)
            if nearest is not None and drawn[nearest].departement == commune.departement:
                yield commune, drawn[nearest]


def circonscriptions(
    country: Country, communes: list[Commune], split: set[str]
) -> tuple[dict[str, Extent], dict[str, Extent]]:
    """Extent of each circonscription over `communes`, and over the arrondissements among their parts.

    `split` are the codes of the communes that several cantons share or that have arrondissements.
    """
    departements = {commune.departement for commune in communes}
    lines = [row for row in country.circonscriptions.values() if row.departement in departements and row.contour]
    pks = {commune.pk for commune in communes}
    districts = [row for row in country.communes.values() if row.type == "ARM" and row.parent in pks]
    codes = {row.code for row in districts}
    homes = {row.code: row.departement for row in communes}
    homes |= {row.code: country.communes[row.parent].departement for row in districts}
    return _shares(lines, communes, split, homes), _shares(lines, districts, codes, homes)


def _shares(
    lines: list[Circonscription], communes: list[Commune], split: set[str], homes: dict[str, str]
) -> dict[str, Extent]:
    """Extent of each circonscription over `communes`; `homes` tells the département of each."""
    extents = {line.pk: Extent() for line in lines}
    drawn = [commune for commune in communes if commune.contour]
    if not lines or not drawn:
        return extents
    areas = _make_valid(shapes([line.contour for line in lines]))
    contours = np.array(shapes([commune.contour for commune in drawn]))
    part, whole = STRtree(areas).query(contours, predicate="intersects")
    common = shapely.area(shapely.intersection(_make_valid(contours[part]), areas[whole]))
    # A whole circonscription in a large city is a small part of it: the smaller of the two areas counts.
    shares = common / np.minimum(shapely.area(contours[part]), shapely.area(areas[whole]))
    found: dict[int, dict[int, float]] = {}
    for index, line, share in zip(part, whole, shares, strict=True):
        if homes[drawn[index].code] == lines[line].departement:
            found.setdefault(index, {})[line] = share
    for index, near in found.items():
        code = drawn[index].code
        kept = [line for line, share in near.items() if share >= SHARE] if code in split else []
        if len(kept) > 1:
            for line in kept:
                extents[lines[line].pk].partly.add(code)
        else:
            extents[lines[max(near, key=near.__getitem__)].pk].whole.add(code)
    return extents


def _make_valid(geometries: "list[Geometry | None] | np.ndarray") -> np.ndarray:
    return np.asarray(shapely.make_valid(np.array(geometries)))
