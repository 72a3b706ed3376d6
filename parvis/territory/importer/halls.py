"""Town halls as the files give them, cleaned of what is plainly wrong."""

import json
import math
import re
from typing import Any

import shapely
from shapely import Geometry

from parvis.core.text import typo
from parvis.territory.hours import DAYS
from parvis.territory.importer.country import shape
from parvis.territory.importer.sources import damaged
from parvis.territory.importer.zones import Draft

# Contours are simplified, so a town hall may fall a little outside its own commune; farther, it is an error.
FARTHEST_KM = 5.0
DEGREE_KM = 111.2


def town_hall(draft: Draft) -> dict[str, Any] | None:
    """The fields of its TownHall; nothing when the files hold nothing of it."""
    if draft.row is None or draft.is_context or not any(draft.row.hall):
        return None
    address, position, phone, email, website, hours, accessibility = draft.row.hall
    lon, lat = _position(_point(position), draft.shape)
    return {
        "address": typo(address.strip()),
        "lon": lon,
        "lat": lat,
        "phone": phone if sum(c.isdigit() for c in phone) >= 10 else "",
        "email": email if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email) else "",
        "website": _website(website),
        "hours": _hours(hours),
        # The files say NAC of all those they describe: it means nothing.
        "accessibility": "" if accessibility == "NAC" else accessibility,
    }


def _point(text: str) -> Geometry | None:
    try:
        return shape(bytes.fromhex(text))
    except ValueError as error:
        raise damaged("communes.csv.lzma") from error


def _position(point: Geometry | None, contour: Geometry | None) -> tuple[float | None, float | None]:
    if point is None or (contour is not None and _distance_km(point, contour) > FARTHEST_KM):
        return None, None
    return shapely.get_x(point), shapely.get_y(point)


def _distance_km(point: Geometry, contour: Geometry) -> float:
    (west, south), (east, north) = shapely.get_coordinates(shapely.shortest_line(point, contour))
    return DEGREE_KM * math.hypot((east - west) * math.cos(math.radians(south)), north - south)


def _website(text: str) -> str:
    """An address of the web, or nothing: some lines hold an e-mail address there."""
    if re.match(r"https?://\S+$", text):
        return text
    return f"https://{text}" if re.fullmatch(r"[\w.-]+\.[a-z]{2,}(/\S*)?", text) else ""


def _hours(text: str) -> list[Any]:
    """As TownHall stores them; an empty span goes, and a line without its last day is of one day."""
    try:
        hours = [
            [first, last or first, [span for span in spans if span[0] < span[1]]]
            for first, last, spans in json.loads(text or "[]")
        ]
    except (TypeError, ValueError, IndexError) as error:
        raise damaged("communes.csv.lzma") from error
    if any(day not in DAYS for first, last, _spans in hours for day in (first, last)):
        raise damaged("communes.csv.lzma")
    return hours
