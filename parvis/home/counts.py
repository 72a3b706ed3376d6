"""How many there are of each, for pages that say it: to count a country at each request costs more than the page."""

import time

from django.db.models import Count

from parvis.core.kept import piece
from parvis.people.models import Voice
from parvis.territory.current import current
from parvis.territory.models import Zone

# Seconds after which someone who left, or chose not to be listed, is no longer counted.
LATE = 60


def voices_by_kind() -> dict[str, int]:
    """How many one can find in the directory, by kind of voice; who is new counts at once."""
    newest = Voice.objects.order_by("-pk").values_list("pk", flat=True).first()

    def count() -> tuple[dict[str, int], float]:
        kinds = Voice.objects.listed_in_directory().order_by().values_list("kind")
        return dict(kinds.annotate(Count("pk")).values_list("kind", "pk__count")), time.time() + LATE

    return piece(("voices by kind", newest), count)


def zones_by_kind() -> dict[str, int]:
    """How many zones of each kind the territory has: as many as at its import."""
    territory = current()

    def count() -> tuple[dict[str, int], float]:
        kinds = Zone.objects.current().order_by().values_list("kind")
        return dict(kinds.annotate(Count("pk")).values_list("kind", "pk__count")), time.time() + LATE

    return piece(("zones by kind", territory and territory.version), count)
