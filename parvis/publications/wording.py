"""The sentences that say for whom and why."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from parvis.people.models import Reason
from parvis.territory.models import Zone


def for_place(zone: Zone) -> str:
    """The zone after « pour »: « Beauvais », « le canton de Chantilly », « l’Oise », « la CC Thelloise »."""
    if zone.kind == Zone.Kind.EPCI:
        return "la " + zone.short_name
    placed = zone.in_place
    return placed.removeprefix("dans ") if placed.startswith("dans ") else zone.name


def addressees(zones: Sequence[Zone]) -> str:
    """All the zones in one phrase: « Beauvais », « Beauvais et Creil », « Beauvais, Creil et 3 autres zones »."""
    named = [for_place(zone) for zone in zones]
    if len(named) <= 3:
        return _(" et ").join(filter(None, [", ".join(named[:-1]), named[-1]]))
    return _("%(first)s, %(second)s et %(count)s autres zones") % {
        "first": named[0],
        "second": named[1],
        "count": len(named) - 2,
    }


def why(reason: int, voice_name: str, zone: Zone | None) -> str:
    """Why someone sees a publication, naming the place: « vous habitez Beauvais », « votre canton : Chantilly ».

    `zone` is None when the audience is the followers, or the members, of the voice called `voice_name`.
    """
    if zone is None and reason == Reason.MEMBER:
        return _("vous êtes membre de %(voice)s") % {"voice": voice_name}
    if zone is None:
        return _("vous suivez %(voice)s") % {"voice": voice_name}
    names = {"why": Reason(reason).label, "place": zone.name if zone.kind == Zone.Kind.CANTON else for_place(zone)}
    match reason:
        case Reason.FOLLOW:
            return _("vous suivez %(place)s") % names
        case Reason.COMMUNE:
            return _("vous habitez %(place)s") % names
        case Reason.COARSE:
            return _("une partie de votre commune est concernée : %(place)s") % names
    return _("%(why)s : %(place)s") % names
