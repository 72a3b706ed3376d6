"""What an update of the registers does to people: a commune joins another, is split, or lies in other zones.

The journal names zones and never who lives there (R-PRIV-16).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from parvis.core import journal
from parvis.people import vault
from parvis.people.actions.belonging import COARSELY, ELSEWHERE, Where, audiences_of
from parvis.people.models import Audience, Mandate, Person, Place, Reason, Role, Subscription, Voice
from parvis.people.places import cantons_of
from parvis.territory.importer.merge import batches
from parvis.territory.models import Zone, ZoneLink

# Homes written at once: SQLite has one writer.
PORTION = 500


@transaction.atomic
def join_people(former: Zone, successor: Zone) -> tuple[int, int]:
    """Whoever and whatever was of `former` is of `successor` from now on; how many people and open spaces.

    Nothing the second time.
    """
    people = Place.objects.filter(zone=former)
    seated = Voice.objects.filter(zone=former)
    spaces = seated.exclude(kind=Voice.Kind.HABITANT).exclude(opened_at=None).count()
    moved = people.update(zone=successor)
    _close_town_hall(former, successor)
    seated.update(zone=successor, version=F("version") + 1)
    Voice.objects.filter(scope=former).update(scope=successor, version=F("version") + 1)
    # Those of a register end there; a fictional one is nobody's to end.
    Mandate.objects.filter(zone=former, kind=Mandate.Kind.FICTIF).update(zone=successor)
    _hand_over_roles(former, successor)
    silenced = set(Subscription.objects.filter(audience__zone=former, muted=True).values_list("person", flat=True))
    belong_again([successor.pk])
    _hand_over_follows(former, successor)
    _silence(silenced, successor)
    journal.record("zone.joined", by=None, target=former, successor=successor.pk)
    return moved, spaces


@transaction.atomic
def part_people(commune: Zone, new: Sequence[Zone]) -> int:
    """`new` communes left `commune`: its people stay until they say where they live; how many are asked."""
    asked = Place.objects.filter(zone=commune, kind=Place.Kind.HOME).update(to_say_again=True)
    journal.record("zone.parted", by=None, target=commune, parts=[zone.pk for zone in new])
    return asked


@transaction.atomic
def move_zones(zones: Collection[int]) -> None:
    """Write again what people receive who live in `zones`, which lie in others than before."""
    belong_again(zones)
    journal.record("zone.moved", by=None, zones=len(zones))


def settle_quartiers(numbers: Collection[int]) -> None:
    """Make of these quartiers those who live in them: by an exact address, whom the vault finds, or by their word.

    Who had said one that is no more has said a commune. Nothing the second time.
    """
    for quartier in Zone.objects.of_kind(Zone.Kind.QUARTIER).filter(pk__in=numbers).order_by("pk"):
        if quartier.ended_on is not None:
            _leave(quartier)
        inside = vault.places_in(quartier) if quartier.ended_on is None else set()
        exact = Place.objects.filter(precision=Place.Precision.EXACT).values("pk")
        held = Subscription.objects.filter(audience__zone=quartier, audience__coarse=False, source__in=exact)
        for some in batches(sorted(set(held.values_list("source", flat=True)) ^ inside), PORTION):
            _settle(quartier, set(some), inside)
    with transaction.atomic():
        journal.record("zone.settled", by=None, zones=len(numbers))


@transaction.atomic
def _settle(quartier: Zone, places: set[int], inside: set[int]) -> None:
    """Of these exact places, give the zone to those `inside`, in its communes, and take it from the others."""
    audience = Audience.objects.of_zone(quartier)
    owners = Place.objects.filter(pk__in=places).values("person")
    # Whoever moves meanwhile waits, or has moved: nothing is written for a place that is no more.
    list(Person.objects.select_for_update().filter(pk__in=list(owners.values_list("person", flat=True))).order_by("pk"))
    Subscription.objects.filter(audience=audience, source__in=places).exclude(reason=Reason.FOLLOW).delete()
    communes = ZoneLink.objects.filter(part=quartier).values("whole")
    homes = Place.objects.filter(pk__in=places & inside, zone__in=communes, precision=Place.Precision.EXACT)
    rows = list(homes.values_list("pk", "person", "kind"))
    resting = Subscription.objects.filter(audience=audience, muted=True, person__in=[person for _pk, person, _ in rows])
    muted = set(resting.values_list("person", flat=True))
    Subscription.objects.bulk_create(
        Subscription(
            person_id=person,
            audience=audience,
            reason=ELSEWHERE.get(Place.Kind(kind), Reason.QUARTIER),
            source=pk,
            muted=person in muted,
        )
        for pk, person, kind in rows
    )


@transaction.atomic
def _leave(quartier: Zone) -> None:
    """Nobody is of a quartier that is no more."""
    said = Place.objects.filter(quartier=quartier)
    communes = set(said.values_list("zone", flat=True))
    said.update(quartier=None, precision=Place.Precision.COMMUNE)
    Subscription.objects.filter(audience__zone=quartier).exclude(reason=Reason.FOLLOW).delete()
    belong_again(communes)


def belong_again(zones: Collection[int]) -> None:
    """Make the subscriptions of whoever lives in `zones` those of a newcomer; what is muted stays so."""
    lived_in = Place.objects.filter(zone__in=zones)
    for commune in Zone.objects.filter(pk__in=lived_in.values("zone")).drawn():
        cantons = list(cantons_of(commune))
        # Whose canton is no longer one of the commune has it to say again.
        kept = cantons if len(cantons) > 1 else []
        Place.objects.filter(zone=commune).exclude(canton=None).exclude(canton__in=kept).update(canton=None)
        said = Place.objects.filter(zone=commune).order_by().values("kind", "precision", "canton", "quartier")
        for alike in list(said.distinct()):
            _belong_alike(commune, alike)


def _belong_alike(commune: Zone, alike: Mapping[str, Any]) -> None:
    """The same for the places of a commune that were said in the same way."""
    zones = Zone.objects.drawn().in_bulk([number for number in (alike["canton"], alike["quartier"]) if number])
    where = Where(commune, zones.get(alike["canton"]), zones.get(alike["quartier"]))
    wanted = audiences_of(alike["kind"], where, exact=alike["precision"] == Place.Precision.EXACT)
    places = list(Place.objects.filter(zone=commune, **alike).order_by("pk").values_list("pk", "person"))
    for start in range(0, len(places), PORTION):
        _subscribe(dict(places[start : start + PORTION]), wanted)


def _subscribe(homes: dict[int, int], wanted: dict[int, Reason]) -> None:
    """Give these places (person by place) the subscriptions `wanted` (reason by audience) and no other.

    The quartiers of an exact place stay: only its point knows them.
    """
    rows = Subscription.objects.filter(source__in=homes, reason__gte=Reason.COMMUNE)
    exact = Place.objects.filter(precision=Place.Precision.EXACT).values("pk")
    rows = rows.exclude(audience__zone__kind=Zone.Kind.QUARTIER, source__in=exact)
    held = list(rows.values_list("pk", "source", "audience", "reason", "muted"))
    muted = {(source, audience) for _pk, source, audience, _reason, is_muted in held if is_muted}
    there = {(source, audience) for _pk, source, audience, reason, _muted in held if wanted.get(audience) == reason}
    rows.filter(
        pk__in=[pk for pk, _source, audience, reason, _muted in held if wanted.get(audience) != reason]
    ).delete()
    Subscription.objects.bulk_create(
        Subscription(
            person_id=person,
            audience_id=audience,
            reason=reason,
            source=place,
            grants=reason not in COARSELY,
            muted=(place, audience) in muted,
        )
        for place, person in homes.items()
        for audience, reason in wanted.items()
        if (place, audience) not in there
    )


def _close_town_hall(former: Zone, successor: Zone) -> None:
    """The town hall that someone opened is a service of `successor`; the other is out of sight, its readers' too."""
    hall = Voice.objects.filter(town_hall_of=former).first()
    if hall is None:
        return
    if hall.opened_at is not None:
        Voice.objects.filter(pk=hall.pk).update(town_hall_of=None)
        return
    theirs = Voice.objects.filter(town_hall_of=successor, closed_at=None).first()
    if theirs is not None:
        _hand_over(Audience.objects.of_voice(hall), Audience.objects.of_voice(theirs))
    Voice.objects.filter(pk=hall.pk, closed_at=None).update(closed_at=timezone.now())


def _hand_over_roles(former: Zone, successor: Zone) -> None:
    """Who moderates `former` moderates `successor`, once."""
    roles = Role.objects.current().filter(zone=former)
    there = Role.objects.current().filter(zone=successor).values("person")
    roles.filter(person__in=there).update(ended_at=timezone.now())
    Role.objects.filter(zone=former).update(zone=successor)


def _hand_over_follows(former: Zone, successor: Zone) -> None:
    """Who follows `former` follows `successor`, but for those who live there and receive it anyway."""
    audience = Audience.objects.of_zone(successor)
    _hand_over(Audience.objects.of_zone(former), audience)
    at_home = Place.objects.filter(zone=successor).values("person")
    Subscription.objects.filter(audience=audience, reason=Reason.FOLLOW, person__in=at_home).delete()


def _hand_over(former: Audience, successor: Audience) -> None:
    """Move the followers of one audience to the other."""
    follows = Subscription.objects.filter(reason=Reason.FOLLOW)
    there = set(follows.filter(audience=successor).values_list("person", flat=True))
    follows.filter(audience=former, person__in=there).delete()
    follows.filter(audience=former).update(audience=successor)


def _silence(persons: Collection[int], zone: Zone) -> None:
    """Leave out of their feeds what is said to `zone`, as these persons had asked for the one before it."""
    theirs = Person.objects.filter(pk__in=persons, places__zone=zone).values("pk")
    Subscription.objects.filter(audience__zone=zone, person__in=theirs).update(muted=True)
