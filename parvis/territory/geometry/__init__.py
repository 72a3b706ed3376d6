"""Points and shapes: what is read, measured and widened. Degrees are WGS 84, longitude first."""

from parvis.territory.geometry.index import in_territory, zones_at, zones_over
from parvis.territory.geometry.reading import (
    MOST_POINTS,
    NotAShape,
    check_point,
    check_shape,
    shape_from_geojson,
    too_many,
)
from parvis.territory.geometry.widening import MOST_METRES, buffered, square_metres, street_shape

__all__ = [
    "MOST_METRES",
    "MOST_POINTS",
    "NotAShape",
    "buffered",
    "check_point",
    "check_shape",
    "in_territory",
    "shape_from_geojson",
    "square_metres",
    "street_shape",
    "too_many",
    "zones_at",
    "zones_over",
]
