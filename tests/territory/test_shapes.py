"""Shapes people draw or send: those of the issue that must be refused, each with its sentence; those that are taken."""

import json
import math

import pytest
import shapely
from shapely.geometry import box

from parvis.territory.geometry import (
    MOST_POINTS,
    NotAShape,
    buffered,
    check_point,
    shape_from_geojson,
    square_metres,
    street_shape,
    zones_over,
)
from parvis.territory.models import Zone
from tests.cast import Cast
from tests.territory.test_ground import make_street

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("territory")]

Ring = list[list[float]]
SQUARE: Ring = [[2.01, 49.11], [2.02, 49.11], [2.02, 49.12], [2.01, 49.12], [2.01, 49.11]]


def polygon(*rings: Ring, **more: object) -> str:
    return json.dumps({"type": "Polygon", "coordinates": rings, **more})


def ring_of(count: int) -> Ring:
    angles = [2 * math.pi * index / count for index in range(count)]
    return [[2.05 + 0.01 * math.cos(angle), 49.15 + 0.01 * math.sin(angle)] for angle in angles]


def moved(points: Ring, east: float, north: float) -> Ring:
    return [[lon + east, lat + north] for lon, lat in points]


BAD = [
    (polygon([[2.01, 49.11], [2.02, 49.12], [2.02, 49.11], [2.01, 49.12], [2.01, 49.11]]), "se croise lui-même"),
    (polygon(SQUARE).replace("2.01", "1" * 400), "ne sont pas des degrés"),
    ("", "n’est pas du GeoJSON"),
    ("null", "n’est pas du GeoJSON"),
    ("[" * 500_000, "imbriqué"),
    ('{"a":' * 200_000, "imbriqué"),
    ('{"type":"Polygon","coordinates":[]}', "est vide"),
    ('{"type":"FeatureCollection","features":[]}', "est vide"),
    ('{"type":"FeatureCollection","features":null}', "est vide"),
    ('{"type":"Feature","geometry":null}', "est vide"),
    (polygon(ring_of(MOST_POINTS + 1)), "trop de points"),
    (polygon(ring_of(1_000_000)), "trop long"),
    (polygon([point[::-1] for point in SQUARE]), "inversées"),
    (polygon([[*SQUARE[0][:1], math.nan], *SQUARE[1:]]), "deux nombres"),
    (polygon(SQUARE).replace("2.02", "1e999"), "deux nombres"),
    (polygon(SQUARE).replace("2.02", "Infinity"), "deux nombres"),
    (polygon(SQUARE).replace("2.02", '"2.02"'), "deux nombres"),
    (polygon(SQUARE).replace("2.02", "true"), "deux nombres"),
    (polygon([[*point, 80.0] for point in SQUARE]), "altitude"),
    (polygon([[point[0]] for point in SQUARE]), "deux nombres"),
    (polygon([[point[0] * 300_000, point[1] * 140_000] for point in SQUARE]), "Lambert-93"),
    (polygon(SQUARE, crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}), "autre système"),
    (polygon(SQUARE, crs="Lambert"), "autre système"),
    (polygon(SQUARE, moved(SQUARE, 0.03, 0)), "trou hors de son contour"),
    (polygon(moved(SQUARE, 1, 0)), "sort du territoire"),
    (polygon([SQUARE[0], [5.0, 49.11], SQUARE[2], SQUARE[3], SQUARE[0]]), "sort du territoire"),
    (polygon([SQUARE[0], SQUARE[1]]), "manque des points"),
    (polygon([SQUARE[0]] * 4), "n’a pas de surface"),
    ('{"type":"Polygon"}', "manque des coordonnées"),
    ('{"type":"Point","coordinates":[2.01,49.11]}', "surface ou une ligne"),
    ('{"type":"Curve","coordinates":[2.01,49.11]}', "que l’on sait lire"),
]


@pytest.mark.parametrize(("text", "why"), BAD, ids=[why for _text, why in BAD])
def test_a_bad_shape_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(NotAShape, match=why):
        shape_from_geojson(text)


def test_a_polygon_a_line_and_a_collection_are_taken() -> None:
    assert shape_from_geojson(polygon(SQUARE)).equals(box(2.01, 49.11, 2.02, 49.12))
    wgs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert shape_from_geojson(polygon(SQUARE, crs=wgs)).area
    features = [
        {"type": "Feature", "properties": {}, "geometry": json.loads(polygon(moved(SQUARE, step, 0)))}
        for step in (0, 0.005)
    ]
    both = shape_from_geojson(json.dumps({"type": "FeatureCollection", "features": features}))
    assert both.equals(box(2.01, 49.11, 2.025, 49.12))
    line = shape_from_geojson('{"type":"LineString","coordinates":[[2.01,49.11],[2.02,49.11]]}')
    with pytest.raises(NotAShape, match="donnez une marge"):
        buffered(line, 0)
    assert shape_from_geojson(polygon(ring_of(MOST_POINTS - 1))).is_valid


def test_a_margin_is_in_metres() -> None:
    square = box(2.01, 49.11, 2.02, 49.12)
    assert buffered(square, 0) == square
    east, north = 0.01 * 111_200 * math.cos(math.radians(49.115)), 0.01 * 111_200
    wide = east * north + 2 * 50 * (east + north) + math.pi * 50**2
    assert square_metres(buffered(square, 50)) == pytest.approx(wide, rel=0.005)
    assert square_metres(buffered(shapely.points(2.01, 49.11), 100)) == pytest.approx(math.pi * 100**2, rel=0.02)
    for metres in (-1, 5_001, math.nan):
        with pytest.raises(NotAShape, match="marge va de 0 à 5000"):
            buffered(square, metres)


def test_a_street_joins_its_doors_and_a_margin_holds_them(territory: Cast) -> None:
    street = make_street(territory.clairval, "Rue Haute", tuple(map(str, range(1, 9))))
    lines = street_shape(street)
    assert square_metres(lines) == 0
    assert lines.length == pytest.approx(7 * 0.00014, rel=0.01)
    around = buffered(lines, 20)
    assert all(around.contains(shapely.points(one.lon, one.lat)) for one in street.addresses.all())
    assert square_metres(around) < 4_200
    alone = make_street(territory.clairval, "Le Moulin")
    assert square_metres(buffered(street_shape(alone), 20)) == pytest.approx(math.pi * 400, rel=0.03)


def test_doors_far_apart_are_not_joined(territory: Cast) -> None:
    street = make_street(territory.clairval, "Rue Haute", ("1", "2"))
    street.addresses.filter(number=2).update(lon=2.09)
    assert street_shape(street).length == 0
    assert len(shapely.get_parts(buffered(street_shape(street), 20))) == 2


@pytest.mark.parametrize(
    ("lon", "lat", "why"),
    [
        (49.15, 2.05, "inversées"),
        (8.0, 49.15, "hors du territoire"),
        (math.nan, 49.15, "deux nombres"),
        (633_450.0, 6_925_760.0, "Lambert-93"),
    ],
)
def test_a_bad_point_is_refused_with_its_reason(lon: float, lat: float, why: str) -> None:
    check_point(2.05, 49.15)
    with pytest.raises(NotAShape, match=why):
        check_point(lon, lat)


def test_the_zones_of_a_shape_smallest_first(territory: Cast) -> None:
    across = box(2.08, 49.15, 2.12, 49.16)
    zones = zones_over(across)
    assert {zone.name for zone in zones if zone.kind == Zone.Kind.COMMUNE} == {"Clairval", "Bois-le-Comte"}
    assert zones[0].kind == Zone.Kind.COMMUNE


def test_a_shape_of_no_size_is_not_a_surface() -> None:
    with pytest.raises(NotAShape, match="mètre carré"):
        buffered(box(2.01, 49.11, 2.01 + 1e-12, 49.11 + 1e-12), 0)
