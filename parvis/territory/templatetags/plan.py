"""Inside a form: the plan of a commune, on which to choose parcels and draw, and the field of an address."""

from typing import Any

import shapely
from django import template
from django.conf import settings
from shapely.geometry.base import BaseGeometry

from parvis.territory.addresses import AddressSearch
from parvis.territory.models import Parcel, Street, Zone

register = template.Library()


@register.inclusion_tag("territory/plan.html")
def plan(commune: Zone, tools: str = "pick polygon circle street", target: BaseGeometry | str = "") -> dict[str, Any]:
    """The plan that fills fields of the form around it (see plan.js), with those of `tools` that the ground allows.

    `target` is what the form means so far, as the server works it out.
    """
    offered = tools.split()
    if "pick" in offered and not Parcel.objects.in_commune(commune).exists():
        offered.remove("pick")
    if "street" in offered and not Street.objects.in_commune(commune).exists():
        offered.remove("street")
    # To half a metre: the page carries it.
    drawn = shapely.to_geojson(shapely.simplify(target, 0.000005)) if isinstance(target, BaseGeometry) else ""
    return {
        "commune": commune,
        "tools": offered,
        "target": drawn,
        "tiles": settings.TILES,
        "credit": settings.TILES_CREDIT,
    }


@register.inclusion_tag("territory/address_field.html")
def address_field(search: AddressSearch) -> dict[str, Any]:
    """A text field `adresse`, the button `chercher`, and proposals as radio buttons `adresse_choisie`.

    The button sends the whole form back, to be drawn again with proposals; address.js draws them as one types.
    """
    return {"search": search}
