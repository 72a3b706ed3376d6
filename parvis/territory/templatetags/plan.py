"""Inside a form: the plan of a commune, on which to choose parcels and draw, and the field of an address."""

from typing import Any

from django import template
from django.conf import settings

from parvis.territory.addresses import AddressSearch
from parvis.territory.models import Parcel, Zone

register = template.Library()


@register.inclusion_tag("territory/plan.html")
def plan(commune: Zone) -> dict[str, Any]:
    """The plan that fills the fields `shape`, `parcels` and `margin` of the form around it (see plan.js)."""
    has_parcels = Parcel.objects.in_commune(commune).exists()
    return {"commune": commune, "has_parcels": has_parcels, "tiles": settings.TILES, "credit": settings.TILES_CREDIT}


@register.inclusion_tag("territory/address_field.html")
def address_field(search: AddressSearch) -> dict[str, Any]:
    """A text field `adresse`, the button `chercher`, and proposals as radio buttons `adresse_choisie`.

    The button sends the whole form back, to be drawn again with proposals; address.js draws them as one types.
    """
    return {"search": search}
