"""What a place of life brings: its subscriptions, and its point in the vault; and the nothing that is left of it."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from parvis.people import vault
from parvis.people.access import hold
from parvis.people.models import Audience, Person, Place, Reason, Subscription
from parvis.people.places import cantons_of, quartiers_of
from parvis.territory.geometry import zones_at
from parvis.territory.models import Zone, ZoneLink

# Why one belongs to a zone that contains one's commune; a circonscription is a fact, not an audience.
REASONS: dict[str, Reason] = {
    Zone.Kind.COMMUNE: Reason.COMMUNE,
    Zone.Kind.ARRONDISSEMENT: Reason.COMMUNE,
    Zone.Kind.CANTON: Reason.CANTON,
    Zone.Kind.EPCI: Reason.EPCI,
    Zone.Kind.DEPARTEMENT: Reason.DEPARTEMENT,
    Zone.Kind.REGION: Reason.REGION,
    Zone.Kind.TERRITOIRE: Reason.TERRITOIRE,
}
# And to any zone of a place that is not one's home.
ELSEWHERE = {Place.Kind.WORK: Reason.WORK, Place.Kind.FAMILY: Reason.FAMILY, Place.Kind.SECOND: Reason.SECOND}

# What makes one hear of something, and gives no right.
COARSELY = (Reason.COARSE, Reason.COARSE_ELSEWHERE)


@dataclass(frozen=True)
class Where:
    """Somewhere, as finely as it was said: a commune; with it a quartier, or a point (lon, lat) and its address."""

    commune: Zone
    canton: Zone | None = None
    quartier: Zone | None = None
    # Neither is written by accident, in the message of an error for one.
    point: tuple[float, float] | None = field(default=None, repr=False)
    address: str = field(default="", repr=False)

    @property
    def precision(self) -> Place.Precision:
        """How fine that is."""
        if self.point is not None:
            return Place.Precision.EXACT
        return Place.Precision.QUARTIER if self.quartier else Place.Precision.COMMUNE


def write_place(person: Person, kind: str, where: Where, *, former: Place | None = None) -> Place:
    """Write a place with its subscriptions and its point, in the stead of `former` (of the home, for a home)."""
    cantons = _checked(where)
    hold(person)
    # Who lets a wider zone rest still wants it so from the next street.
    resting = Subscription.objects.filter(person=person, muted=True)
    muted = set(resting.values_list("audience_id", flat=True))
    home = kind == Place.Kind.HOME
    _erase(person, list(Place.objects.filter(person=person, kind=kind)) if home else [former] if former else [])
    place = Place.objects.create(
        person=person,
        kind=kind,
        precision=where.precision,
        zone=where.commune,
        canton=where.canton if len(cantons) > 1 else None,
        quartier=where.quartier if where.point is None else None,
    )
    _subscribe(place, where, muted)
    if where.point is not None:
        vault.remember(place, *where.point, where.address)
    _note_located(person)
    return place


def erase_places(person: Person, places: list[Place]) -> None:
    """Every trace of these places; the database takes their points from the vault."""
    _erase(person, places)
    _note_located(person)


def _erase(person: Person, places: list[Place]) -> None:
    numbers = [place.pk for place in places]
    Subscription.objects.filter(person=person, source__in=numbers).delete()
    Place.objects.filter(person=person, pk__in=numbers).delete()


def audiences_of(kind: str, where: Where, *, exact: bool) -> dict[int, Reason]:
    """Every audience, by its number, of who has a place there, and why; for an exact one, the vault is the finest."""
    found = belongings(kind, where)
    audiences = Audience.objects.of_zones(list(found))
    wanted = {audiences[zone.pk].pk: reason for zone, reason in found.items()}
    if not exact:
        finest = where.quartier or where.commune
        around = Reason.COARSE if kind == Place.Kind.HOME else Reason.COARSE_ELSEWHERE
        wanted[Audience.objects.coarse_of_zones([finest])[finest.pk].pk] = around
    return wanted


def belongings(kind: str, where: Where) -> dict[Zone, Reason]:
    """Every zone that matters to who has a place there, and why; coarsely when only a part of its commune is in it."""
    commune, canton = where.commune, where.canton
    elsewhere = ELSEWHERE.get(Place.Kind(kind))
    coarse = Reason.COARSE_ELSEWHERE if elsewhere else Reason.COARSE
    found: dict[Zone, Reason] = {}
    for link in ZoneLink.objects.filter(part=commune, whole__in=Zone.objects.current()).select_related("whole"):
        reason = REASONS.get(link.whole.kind)
        if reason is None:
            continue
        within = link.relation == ZoneLink.Relation.WITHIN
        found[link.whole] = (elsewhere or reason) if within or link.whole == canton else coarse
    finer = (Zone.Kind.CANTON, Zone.Kind.ARRONDISSEMENT, Zone.Kind.DELEGUEE)
    for zone in Zone.objects.current().of_kind(*finer).inside(commune).exclude(pk=commune.pk):
        found[zone] = (elsewhere or Reason.CANTON) if zone == canton else coarse
    return found | dict.fromkeys(_quartiers(where), elsewhere or Reason.QUARTIER)


def _checked(where: Where) -> list[Zone]:
    """The cantons of a commune one may live in, once all that was said of it agrees."""
    if not Zone.objects.current().joinable().filter(pk=where.commune.pk).exists():
        raise ValidationError(_("Choisissez une commune du territoire."))
    cantons = list(cantons_of(where.commune))
    if where.canton is not None and where.canton not in cantons:
        raise ValidationError(_("Choisissez un canton de votre commune."))
    if where.quartier is not None and not quartiers_of(where.commune).filter(pk=where.quartier.pk).exists():
        raise ValidationError(_("Choisissez un quartier de cette commune."))
    return cantons


def _note_located(person: Person) -> None:
    """Keep what pages ask: whether the vault holds a point of theirs."""
    person.is_located = Place.objects.filter(person=person, precision=Place.Precision.EXACT).exists()
    Person.objects.filter(pk=person.pk).update(is_located=person.is_located)


def _subscribe(place: Place, where: Where, muted: set[int]) -> None:
    """One row for the place and each zone it belongs to, and one for what crosses the finest that was said."""
    wanted = audiences_of(place.kind, where, exact=where.point is not None)
    Subscription.objects.bulk_create(
        Subscription(
            person_id=place.person_id,
            audience_id=audience,
            reason=reason,
            source=place.pk,
            grants=reason not in COARSELY,
            muted=audience in muted,
        )
        for audience, reason in wanted.items()
    )


def _quartiers(where: Where) -> list[Zone]:
    """The neighbourhoods it lies in: the one that was said, or those whose contour holds the point."""
    if where.point is not None:
        mine = set(quartiers_of(where.commune).values_list("pk", flat=True))
        return [zone for zone in zones_at(*where.point) if zone.pk in mine]
    return [where.quartier] if where.quartier else []
