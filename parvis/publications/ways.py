"""Why a publication is in someone's feed, read again from what is true now (R-LAW-23), and what to do about it."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.people import vault
from parvis.people.models import Person, Place, Reason, Subscription
from parvis.publications.models import Publication
from parvis.publications.wording import for_place, inside, why


@dataclass(frozen=True)
class Button:
    """One thing one can do in one click; without an `action`, a page to go to."""

    address: str
    action: str
    label: str


@dataclass(frozen=True)
class Way:
    """One way by which a publication comes into a feed, and what one can do about it."""

    reason: str
    muted: bool
    buttons: list[Button] = field(default_factory=list)


def ways_to(person: Person, publication: Publication) -> list[Way]:
    """Every way by which it reaches `person`, the strongest first: their exact places, then their audiences."""
    drawn = [way_to(place) for place in drawn_over(person).get(publication.pk, [])]
    mine = Subscription.objects.filter(person=person, audience__deliveries__publication=publication)
    shown = mine.select_related("audience__voice", "audience__zone").defer("audience__zone__geometry")
    return drawn + [way_by(one) for one in shown.order_by("muted", "reason", "audience")]


def drawn_over(person: Person) -> dict[int, list[Place]]:
    """The exact places of `person` on which each publication falls, by its number; their home first."""
    pending = vault.pending_for(person) if person.is_located else []
    places = Place.objects.filter(person=person).in_bulk() if pending else {}
    found: dict[int, list[Place]] = {}
    for one in pending:
        if place := places.get(one.place):
            found.setdefault(one.publication, []).append(place)
    kinds = list(Place.Kind.values)
    return {number: sorted(several, key=lambda place: kinds.index(place.kind)) for number, several in found.items()}


def way_to(place: Place) -> Way:
    """What falls on an exact place, and where to change that place."""
    change = Button(reverse("place", args=[place.pk]), "", _("Changer ce lieu"))
    return Way(inside(place.kind), muted=False, buttons=[change])


def way_by(one: Subscription) -> Way:
    """What one subscription brings, and the button that stops or restores it."""
    voice, zone = one.audience.voice, one.audience.zone
    reason = why(one.reason, one.audience.followed, zone)
    if voice is not None and one.reason == Reason.MEMBER:
        return Way(reason, one.muted)
    if voice is not None:
        label = _("Ne plus suivre %(name)s") % {"name": voice.name}
        return Way(reason, one.muted, [Button(reverse("follow", args=[voice.pk]), "unfollow", label)])
    if one.audience.theme:
        label = _("Ne plus suivre %(name)s") % {"name": one.audience.followed}
        return Way(reason, one.muted, [Button(reverse("follow_theme", args=[one.audience.theme]), "unfollow", label)])
    assert zone is not None
    buttons = []
    if one.reason == Reason.FOLLOW:
        label = _("Ne plus suivre %(name)s") % {"name": zone.name}
        buttons.append(Button(reverse("follow_commune", args=[zone.pk]), "unfollow", label))
    if one.muted or one.reason != Reason.FOLLOW:
        everywhere = one.reason == Reason.TERRITOIRE
        place = {"place": _("tout le territoire") if everywhere else for_place(zone)}
        if one.muted:
            act, words = "unmute", _("Recevoir de nouveau ce qui est pour %(place)s")
        elif one.audience.coarse:
            act, words = "mute", _("Ne plus recevoir ce qui touche en partie %(place)s")
        else:
            act, words = "mute", _("Ne plus recevoir ce qui est pour %(place)s")
        buttons.append(Button(reverse("mute", args=[one.pk]), act, words % place))
    return Way(reason, one.muted, buttons)
