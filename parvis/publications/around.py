"""What reaches the people of a place: said to it, to a part of it, or to what contains it.

A merge of index ranges, as the feed is: the newest of each way to be reached, then the few that are shown.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from parvis.core.statements import merged, prepared
from parvis.people.models import Audience
from parvis.publications.models import Delivery, Listing, Publication
from parvis.publications.models.publications import LAST_POSITION
from parvis.territory.models import Zone

# Stands for each zone in a statement that is said of several.
EACH = -1871


def newest_around(
    zone: Zone, wholes: Collection[int], kinds: Collection[str], size: int, before: int = LAST_POSITION
) -> dict[str, list[Publication]]:
    """The `size` newest of each kind, before a position, that reach `zone`, in the zones of numbers `wholes`."""
    people = Audience.objects.filter(coarse=False).order_by()
    above = Delivery.objects.filter(audience=people.filter(zone=EACH).values("pk")[:1])
    gate = Publication.objects.visible_to(None).filter(pk=OuterRef("publication"))
    ways: list[tuple[str, list[Any]]] = []
    rows: QuerySet[Any, Any]
    for rows, numbers in ((Listing.objects.filter(zone=EACH), [zone.pk]), (above, wholes)):
        for kind in kinds:
            newest = rows.filter(Exists(gate), kind=kind, position__lt=before).order_by("-position")
            # Written once and said for each: it takes Django longer to write than a database to answer.
            sql, params = newest.values_list("publication")[:size].query.sql_with_params()
            ways += [(sql, [number if param == EACH else param for param in params]) for number in numbers]
    found: dict[str, list[Publication]] = {kind: [] for kind in kinds}
    with prepared():
        # The gate was asked within: asked again, SQLite would begin by all that is online.
        for publication in Publication.objects.filter(pk__in=merged(ways)).order_by("-position").shown():
            found[publication.kind].append(publication)
    return {kind: newest[:size] for kind, newest in found.items()}
