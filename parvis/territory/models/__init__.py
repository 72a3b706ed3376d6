"""What the territory is made of: zones, and inside a commune its streets, addresses and parcels."""

from parvis.territory.models.ground import Address, AddressQuerySet, Parcel, ParcelQuerySet, Street, StreetQuerySet
from parvis.territory.models.zones import (
    KM_PER_DEGREE,
    PATHS,
    Neighbour,
    PostalCode,
    Territory,
    TownHall,
    Zone,
    ZoneLink,
    ZoneMap,
    ZoneName,
    ZoneQuerySet,
    away_from,
)

__all__ = [
    "KM_PER_DEGREE",
    "PATHS",
    "Address",
    "AddressQuerySet",
    "Neighbour",
    "Parcel",
    "ParcelQuerySet",
    "PostalCode",
    "Street",
    "StreetQuerySet",
    "Territory",
    "TownHall",
    "Zone",
    "ZoneLink",
    "ZoneMap",
    "ZoneName",
    "ZoneQuerySet",
    "away_from",
]
