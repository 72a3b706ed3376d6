"""How many there are of each, for pages that say it: to count a country at each request costs more than the page."""

import time
from typing import Any

from django.db.models import Count, QuerySet

from parvis.core.kept import SETTLES, piece, stamp
from parvis.people.models import Voice
from parvis.territory.current import current
from parvis.territory.models import Zone, ZoneLink

# Seconds after which all is counted again, whatever happened.
LATE = 600
# Zones that are asked for by number.
FEW = 1_000


def by_kind(rows: QuerySet[Any]) -> dict[str, int]:
    """How many of `rows`, voices or zones, of each kind."""
    return dict(rows.order_by().values_list("kind").annotate(count=Count("*")))


def voices_by_kind() -> dict[str, int]:
    """How many one can find in the directory, by kind of voice."""

    def count() -> tuple[dict[str, int], float]:
        return by_kind(Voice.objects.listed_in_directory()), time.time() + LATE

    return piece(("voices by kind", stamp(SETTLES)), count)


def voices_by_departement() -> dict[str, dict[int, int]]:
    """How many one can find in each département, by kind of voice then by number of the département.

    For the map of a country, where each has thousands: who came in the last ten minutes may be missing.
    """
    territory = current()

    def count() -> tuple[dict[str, dict[int, int]], float]:
        seats: dict[str, dict[int, int]] = {}
        rows = Voice.objects.listed_in_directory().order_by().values_list("kind", "zone").filter(zone__isnull=False)
        for kind, zone, many in rows.annotate(count=Count("*")):
            seats.setdefault(kind, {})[zone] = many
        return {kind: by_departement(counts) for kind, counts in seats.items()}, time.time() + LATE

    return piece(("voices by departement", territory and territory.version), count)


def by_departement(counts: dict[int, int]) -> dict[int, int]:
    """What was counted in each zone, added up by département."""
    added: dict[int, int] = {}
    links = ZoneLink.objects.filter(whole__kind=Zone.Kind.DEPARTEMENT)
    # Beyond that it costs less to read them all.
    links = links.filter(part__in=list(counts)) if len(counts) <= FEW else links
    for part, whole in links.values_list("part", "whole"):
        if part in counts:
            added[whole] = added.get(whole, 0) + counts[part]
    return added


def zones_by_kind() -> dict[str, int]:
    """How many zones of each kind the territory has: as many as at its import."""
    territory = current()

    def count() -> tuple[dict[str, int], float]:
        return by_kind(Zone.objects.current()), time.time() + LATE

    return piece(("zones by kind", territory and territory.version), count)
