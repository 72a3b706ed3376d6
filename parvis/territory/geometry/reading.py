"""What people draw or send, read with suspicion: each refusal says what is wrong and what to do."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

import shapely
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape as to_shape
from shapely.geometry.base import BaseGeometry

from parvis.territory.geometry.index import in_territory

# Of one drawing; the contour of a large commune has 2,000.
MOST_POINTS = 10_000
MOST_CHARACTERS = 1_000_000
# A MultiPolygon in a collection has 8 levels.
DEEPEST = 12
# The nesting of the positions of each type.
DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
WGS_84 = re.compile(r"(?i).*(CRS:?:?84|EPSG:+(\d*:)?4326)$")


class NotAShape(Exception):
    """What was drawn or sent cannot be used; the message says why, and what to do."""


def shape_from_geojson(text: str, most: int = MOST_POINTS) -> BaseGeometry:
    """The polygon or line of a GeoJSON geometry, feature or collection, valid and in the territory; else NotAShape.

    The shapes of a collection are made one, of `most` points in all.
    """
    if len(text) > MOST_CHARACTERS:
        raise NotAShape(_("Ce tracé est trop long : simplifiez-le, ou découpez-le en plusieurs."))
    if _depth(text) > DEEPEST:
        raise NotAShape(_("Ce tracé est imbriqué sur trop de niveaux : ce n’est pas du GeoJSON."))
    try:
        read = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise NotAShape(_("Ce tracé n’est pas du GeoJSON : recommencez-le sur la carte.")) from error
    shapes = [made(geometry) for geometry in geometries(read)]
    if not shapes:
        raise NotAShape(_("Ce tracé est vide : dessinez au moins une forme."))
    if sum(shapely.get_num_coordinates(shape) for shape in shapes) > most:
        raise too_many(most)
    for shape in shapes:
        check_shape(shape)
    whole = shapely.union_all(shapes) if len(shapes) > 1 else shapes[0]
    if whole.geom_type in {"Point", "MultiPoint", "GeometryCollection"}:
        raise NotAShape(_("Dessinez une surface ou une ligne : des points seuls ne disent pas jusqu’où."))
    return whole


def geometries(read: object) -> Iterator[dict[str, Any]]:
    """The geometries of what was read of GeoJSON. Raises NotAShape for a wrong type or reference system."""
    if not isinstance(read, dict):
        raise NotAShape(_("Ce tracé n’est pas du GeoJSON : recommencez-le sur la carte."))
    check_reference_system(read)
    match read.get("type"):
        case "FeatureCollection":
            inner = read.get("features")
        case "GeometryCollection":
            inner = read.get("geometries")
        case "Feature":
            inner = [read["geometry"]] if read.get("geometry") else []
        case _other:
            yield read
            return
    if not isinstance(inner, list):
        raise NotAShape(_("Ce tracé est vide : dessinez au moins une forme."))
    for part in inner:
        yield from geometries(part)


def check_reference_system(read: dict[str, Any]) -> None:
    """Raise NotAShape unless positions are in degrees, as GeoJSON has them."""
    crs = read.get("crs")
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not WGS_84.fullmatch(name[:100]):
        raise NotAShape(
            _("Ces coordonnées sont dans un autre système (%s) : exportez en WGS 84, longitude puis latitude.")
            % str(name)[:40]
        )


def made(geometry: dict[str, Any], most: int = MOST_POINTS) -> BaseGeometry:
    """The shape of one GeoJSON geometry, its positions, at most so many, checked one by one. Raises NotAShape."""
    depth = DEPTHS.get(str(geometry.get("type")))
    if depth is None:
        raise NotAShape(_("« %s » n’est pas une forme que l’on sait lire.") % str(geometry.get("type"))[:40])
    _check_positions(geometry.get("coordinates"), depth, [most])
    try:
        return to_shape(geometry)
    except (ValueError, TypeError, IndexError, ShapelyError) as error:
        raise NotAShape(_("Il manque des points à ce tracé : une surface en a au moins trois.")) from error


def check_shape(shape: BaseGeometry) -> None:
    """Raise NotAShape unless the shape holds something, crosses itself nowhere and lies in the territory."""
    if shape.is_empty:
        raise NotAShape(_("Ce tracé est vide : dessinez au moins une forme."))
    reason = shapely.is_valid_reason(shape)
    if reason != "Valid Geometry":
        raise NotAShape(_why_invalid(reason))
    check_place(shape)


def check_place(shape: BaseGeometry) -> None:
    """Raise NotAShape unless the shape lies in the territory."""
    if in_territory(shape):
        return
    if in_territory(shapely.transform(shape, lambda points: points[:, ::-1])):
        raise NotAShape(_("Latitude et longitude sont inversées : donnez la longitude d’abord."))
    raise NotAShape(_("Ce tracé sort du territoire : gardez-le à l’intérieur."))


def check_point(lon: float, lat: float) -> None:
    """Raise NotAShape unless this is a point of the territory."""
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise NotAShape(_("Cette position n’est pas faite de deux nombres."))
    _check_degrees(lon, lat)
    if in_territory(shapely.points(lon, lat)):
        return
    if abs(lon) <= 90 and in_territory(shapely.points(lat, lon)):
        raise NotAShape(_("Latitude et longitude sont inversées : donnez la longitude d’abord."))
    raise NotAShape(_("Cette position est hors du territoire."))


def _check_positions(positions: object, depth: int, left: list[int]) -> None:
    """Raise NotAShape unless `positions` are lists nested `depth` times of pairs of degrees, no more than `left`."""
    if not isinstance(positions, list):
        raise NotAShape(_("Il manque des coordonnées à ce tracé : recommencez-le sur la carte."))
    if depth:
        for inner in positions:
            _check_positions(inner, depth - 1, left)
        return
    left[0] -= 1
    if left[0] < 0:
        raise too_many(MOST_POINTS)
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in positions):
        raise NotAShape(_("Une position de ce tracé n’est pas faite de deux nombres."))
    if len(positions) > 2:
        raise NotAShape(_("Ce tracé a une altitude : exportez-le en deux dimensions."))
    if len(positions) < 2 or not all(abs(one) < math.inf for one in positions):
        raise NotAShape(_("Une position de ce tracé n’est pas faite de deux nombres."))
    _check_degrees(*positions)


def _check_degrees(lon: float, lat: float) -> None:
    if abs(lon) > 180 or abs(lat) > 180:
        raise NotAShape(
            _("Ces coordonnées ne sont pas des degrés : exportez en WGS 84 (longitude, latitude), non en Lambert-93.")
        )


def _why_invalid(reason: str) -> str:
    """In French what GEOS says, « Self-intersection[2.1 49.2] »."""
    if reason.startswith(("Self-intersection", "Ring Self-intersection")):
        return _("Ce tracé se croise lui-même : suivez le contour sans repasser sur une ligne.")
    if reason.startswith("Hole lies outside shell"):
        return _("Ce tracé a un trou hors de son contour : enlevez-le.")
    if reason.startswith(("Nested", "Holes are nested", "Interior is disconnected", "Duplicate Rings")):
        return _("Les contours de ce tracé se recouvrent : dessinez une forme simple.")
    return _("Ce tracé n’a pas de surface : il lui faut au moins trois points différents.")


def too_many(most: int) -> NotAShape:
    """What to raise of a drawing of more points."""
    return NotAShape(_("Ce tracé a trop de points (plus de %d) : simplifiez-le.") % most)


def _no_number(_constant: str) -> NoReturn:
    raise NotAShape(_("Une position de ce tracé n’est pas faite de deux nombres."))


def _depth(text: str) -> int:
    """How many brackets are open at once; those in strings count too, which no drawing has."""
    deepest = depth = 0
    for bracket in re.findall(r"[\[\]{}]", text):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest
