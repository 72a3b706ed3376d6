"""What maps and address fields ask for: public facts of one commune, and nothing of anyone."""

import json
import math
import re
from hashlib import blake2b

import numpy as np
import shapely
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_POST
from shapely.geometry.base import BaseGeometry

from parvis.territory.addresses import AddressSearch
from parvis.territory.current import current
from parvis.territory.geometry import street_shape
from parvis.territory.models import Address, Parcel, ParcelQuerySet, Street, Zone

COMMUNES = (Zone.Kind.COMMUNE, Zone.Kind.ARRONDISSEMENT)
# Of one answer: a village whole, a part of a town.
MOST_PARCELS, MOST_DOORS, MOST_STREETS, MOST_CODES = 5_000, 5_000, 300, 100
NUMBER = r"(-?\d{1,3}(?:\.\d{1,9})?)"
BOX = re.compile(",".join([NUMBER] * 4))
SECONDS = 600


def _etag(request: HttpRequest, **_path: str) -> str | None:
    """What is asked, of the territory as it is: its version moves with every import."""
    territory = current()
    if territory is None:
        return None
    asked = f"{territory.root_id} {territory.version} {request.get_full_path()}"
    return f'W/"{blake2b(asked.encode(), digest_size=16).hexdigest()}"'


@gzip_page
@condition(etag_func=_etag)
def parcels(request: HttpRequest, insee: str) -> HttpResponse:
    """GeoJSON of the parcels of a commune, in `box` (west,south,east,north) or of `codes`.

    With them the names of `streets` and the `doors` there. `truncated` says that there are more than MOST_PARCELS or
    MOST_DOORS: ask for a smaller box.
    """
    zone = _commune(insee)
    box = _box(request.GET.get("box", ""))
    found = Parcel.objects.in_commune(zone)
    if codes := request.GET.get("codes"):
        found = found.coded(codes.split(",")[:MOST_CODES])
    elif box:
        found = found.within_box(*box)
    features, truncated = _features(found)
    doors = [] if codes else _doors(zone, box)
    truncated |= len(doors) > MOST_DOORS
    body = (
        f'{{"type":"FeatureCollection","truncated":{json.dumps(truncated)},"streets":{_street_names(zone, box)},'
        f'"doors":{json.dumps(doors[:MOST_DOORS])},"features":[{",".join(features)}]}}'
    )
    return _json(body)


@gzip_page
@condition(etag_func=_etag)
def outline(_request: HttpRequest, insee: str) -> HttpResponse:
    """GeoJSON of the contour of a commune, and of the zones that operators drew there."""
    zone = _commune(insee)
    inside = Zone.objects.current().of_kind(Zone.Kind.QUARTIER).overlapping(zone).order_by("name")
    features = [
        _feature(one.code, shapely.from_wkb(bytes(one.geometry)), name=one.name, kind=one.kind)
        for one in [Zone.objects.get(pk=zone.pk), *inside[:MOST_STREETS]]
        if one.geometry
    ]
    return _json(f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}')


@gzip_page
@condition(etag_func=_etag)
def street(_request: HttpRequest, insee: str, number: str) -> HttpResponse:
    """GeoJSON of the line of one street."""
    found = Street.objects.in_commune(_commune(insee)).filter(pk=number).first()
    if found is None:
        raise Http404
    return _json(_feature(str(found.pk), street_shape(found), name=str(found)))


@sensitive_post_parameters("adresse")
@require_POST
def addresses(request: HttpRequest) -> HttpResponse:
    """Proposals for what is typed in an address field, as radio buttons: a piece of page for the field's script.

    In the body of the request, since any proxy writes addresses in its log (R-PRIV-1).
    """
    zone = _commune(request.GET.get("commune", ""))
    search = AddressSearch(zone, request.POST.get("adresse", ""), streets="rues" in request.GET)
    response = render(request, "territory/address_proposals.html", {"search": search})
    # What someone types is not kept, here or on the way.
    patch_cache_control(response, private=True, no_store=True)
    return response


def _commune(insee: str) -> Zone:
    found = Zone.objects.current().of_kind(*COMMUNES).drawn().filter(code=insee).first()
    if found is None:
        raise Http404
    return found


def _box(text: str) -> tuple[float, float, float, float] | None:
    found = BOX.fullmatch(text)
    if found is None:
        return None
    west, south, east, north = map(float, found.groups())
    return west, south, east, north


def _features(found: ParcelQuerySet) -> tuple[list[str], bool]:
    """One feature for each, to the centimetre or so; and whether some are left out."""
    rows = list(found.values_list("code", "area", "geometry")[: MOST_PARCELS + 1])
    shapes = shapely.from_wkb([bytes(geometry) for _code, _area, geometry in rows[:MOST_PARCELS]])
    drawn: list[str] = []
    if rows:
        drawn = list(shapely.to_geojson(shapely.transform(shapes, lambda points: np.round(points, 7))))
    features = [
        f'{{"type":"Feature","id":"{code}","properties":{{"area":{json.dumps(area)}}},"geometry":{text}}}'
        for (code, area, _geometry), text in zip(rows, drawn, strict=False)
    ]
    return features, len(rows) > MOST_PARCELS


def _doors(zone: Zone, box: tuple[float, float, float, float] | None) -> list[tuple[float, float, str, int]]:
    """The doors there: [lon, lat, « 12 bis », number of the street]; one more than MOST_DOORS when there are more."""
    streets = Street.objects.in_commune(zone)
    found = Address.objects.all()
    if box:
        west, south, east, north = box
        streets = streets.within_box(*box)
        found = found.filter(lon__range=(west, east), lat__range=(south, north))
    rows = found.filter(street__in=streets).values_list("lon", "lat", "number", "suffix", "street")
    return [
        (round(lon, 6), round(lat, 6), f"{number} {suffix}".strip(), street)
        for lon, lat, number, suffix, street in rows[: MOST_DOORS + 1]
    ]


def _street_names(zone: Zone, box: tuple[float, float, float, float] | None) -> str:
    """The names to write on a map, as JSON: [name, lon, lat], the longest streets first."""
    found = Street.objects.in_commune(zone)
    if box:
        found = found.within_box(*box)
    rows = sorted(
        found.values_list("name", "lon", "lat", "west", "south", "east", "north"),
        key=lambda row: -math.hypot(row[5] - row[3], row[6] - row[4]),
    )
    return json.dumps([row[:3] for row in rows[:MOST_STREETS]])


def _feature(code: str, shape: BaseGeometry, **properties: str) -> str:
    return json.dumps(
        {"type": "Feature", "id": code, "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}
    )


def _json(body: str) -> HttpResponse:
    response = HttpResponse(body, content_type="application/geo+json")
    patch_cache_control(response, public=True, max_age=SECONDS)
    return response
