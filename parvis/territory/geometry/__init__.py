"""Points and shapes: what is read, measured, widened and drawn. Degrees are WGS 84, longitude first."""

from parvis.territory.geometry.drawing import outline_svg
from parvis.territory.geometry.index import in_territory, zones_at, zones_over
from parvis.territory.geometry.reading import MOST_POINTS, NotAShape, check_point, check_shape, shape_from_geojson
from parvis.territory.geometry.widening import MOST_METRES, buffered, square_metres, street_shape

__all__ = [
    "MOST_METRES",
    "MOST_POINTS",
    "NotAShape",
    "buffered",
    "check_point",
    "check_shape",
    "in_territory",
    "outline_svg",
    "shape_from_geojson",
    "square_metres",
    "street_shape",
    "zones_at",
    "zones_over",
]
