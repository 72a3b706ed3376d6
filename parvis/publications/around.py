"""What reaches the people of a place: said to it, to a part of it, or to what contains it.

A merge of index ranges, as the feed is: the newest of each way to be reached, then the few that are shown.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from parvis.core.statements import prepared
from parvis.people.models import Audience
from parvis.publications.models import Delivery, Listing, Publication
from parvis.publications.models.publications import LAST_POSITION
from parvis.territory.models import Zone


def newest_around(
    zone: Zone, wholes: Iterable[int], kinds: Collection[str], size: int, before: int = LAST_POSITION
) -> dict[str, list[Publication]]:
    """The `size` newest of each kind, before a position, that reach `zone`, in the zones of numbers `wholes`."""
    here = Listing.objects.filter(zone=zone)
    people = Audience.objects.filter(coarse=False).order_by()
    above = [Delivery.objects.filter(audience=people.filter(zone=number).values("pk")[:1]) for number in wholes]
    gate = Publication.objects.visible_to(None).filter(pk=OuterRef("publication"))
    ways: list[QuerySet[Any, Any]] = [
        rows.filter(Exists(gate), kind=kind, position__lt=before)
        .order_by("-position")
        .values_list("publication")[:size]
        for rows in (here, *above)
        for kind in kinds
    ]
    statements = [way.query.sql_with_params() for way in ways]
    merged = " UNION ".join(
        f"SELECT * FROM ({sql}) way{rank}"  # noqa: S608 - our own statements
        for rank, (sql, _params) in enumerate(statements)
    )
    found: dict[str, list[Publication]] = {kind: [] for kind in kinds}
    with prepared():
        with connection.cursor() as cursor:
            cursor.execute(merged, [param for _sql, params in statements for param in params])
            numbers = [number for (number,) in cursor.fetchall()]
        # The gate was asked above: asked again, SQLite would begin by all that is online.
        for publication in Publication.objects.filter(pk__in=numbers).order_by("-position").shown():
            found[publication.kind].append(publication)
    return {kind: newest[:size] for kind, newest in found.items()}
