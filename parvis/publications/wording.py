"""The sentences that say for whom and why."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from parvis.people.models import Place, Reason
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


# Named alone after « votre canton », « votre quartier ».
PROPER = (Zone.Kind.CANTON, Zone.Kind.QUARTIER)


def why(reason: int, voice_name: str, zone: Zone | None) -> str:
    """Why someone sees a publication, naming the place: « vous habitez Beauvais », « votre canton : Chantilly ».

    `zone` is None when the audience is the followers, or the members, of the voice called `voice_name`.
    """
    if zone is None and reason == Reason.MEMBER:
        return _("vous êtes membre de %(voice)s") % {"voice": voice_name}
    if zone is None:
        return _("vous suivez %(voice)s") % {"voice": voice_name}
    names = {"why": Reason(reason).label, "place": zone.name if zone.kind in PROPER else for_place(zone)}
    match reason:
        case Reason.FOLLOW:
            return _("vous suivez %(place)s") % names
        case Reason.COMMUNE:
            return _("vous habitez %(place)s") % names
        case Reason.COARSE | Reason.COARSE_ELSEWHERE:
            return _coarsely(Reason(reason), zone)
        case Reason.WORK | Reason.FAMILY | Reason.SECOND:
            return _("%(why)s est %(in_place)s") % {"why": names["why"], "in_place": zone.in_place}
    return _("%(why)s : %(place)s") % names


def _coarsely(reason: Reason, zone: Zone) -> str:
    """Why someone who gave no finer place sees what concerns a part of `zone`."""
    if reason == Reason.COARSE_ELSEWHERE:
        return _("un de vos lieux est %(in_place)s, dont une partie est concernée") % {"in_place": zone.in_place}
    match zone.kind:
        case Zone.Kind.COMMUNE | Zone.Kind.ARRONDISSEMENT:
            return _("votre commune contient cette zone")
        case Zone.Kind.QUARTIER:
            return _("votre quartier contient une partie de cette zone")
    return _("une partie de votre commune est concernée : %(place)s") % {"place": for_place(zone)}


def inside(kind: str) -> str:
    """Why someone sees what was drawn over one of their places: « votre domicile est dans la zone dessinée »."""
    match kind:
        case Place.Kind.HOME:
            return _("votre domicile est dans la zone dessinée")
        case Place.Kind.WORK:
            return _("votre lieu de travail est dans la zone dessinée")
        case Place.Kind.FAMILY:
            return _("un lieu de votre famille est dans la zone dessinée")
    return _("votre résidence secondaire est dans la zone dessinée")
