"""Where one can live: the communes of the territory as people name them, and the cantons of each."""

from parvis.core.text import fold
from parvis.territory.models import Zone, ZoneQuerySet

# More than this and the name was too vague to offer a choice.
MOST = 40
SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


def communes_named(text: str) -> list[Zone]:
    """The communes (MOST + 1 at most) a person may mean by « Beauvais », « 60000 » or « 60057 »; exact names alone."""
    words = " ".join(SHORT.get(word, word) for word in fold(text).split())
    found = list(Zone.objects.current().joinable().named(words)[: MOST + 1])
    exact = [zone for zone in found if getattr(zone, "distance", None) == 0]
    return exact or found


def cantons_of(commune: Zone) -> ZoneQuerySet:
    """The cantons `commune` lies in, crosses or contains; several when someone must say which is theirs."""
    cantons = Zone.objects.current().of_kind(Zone.Kind.CANTON)
    return (cantons.touching(commune) | cantons.overlapping(commune)).distinct().order_by("search_name")


def parted_from(commune: Zone) -> ZoneQuerySet:
    """The communes that left `commune`: some of its people live there, and only they can say so."""
    return Zone.objects.current().joinable().filter(parted_from=commune).drawn().order_by("search_name")


def quartiers_of(commune: Zone) -> ZoneQuerySet:
    """The neighbourhoods that lie in `commune`, wholly or in part, by name."""
    return Zone.objects.current().of_kind(Zone.Kind.QUARTIER).overlapping(commune).drawn().order_by("search_name")
