"""Opening an account, living somewhere, changing one's settings."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core import journal
from parvis.people.models import Audience, Person, Place, Reason, Subscription, Voice
from parvis.people.names import clean_name, name_again, search_name, slug_of
from parvis.people.places import cantons_of
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


def open_account(*, email: str, name: str, commune: Zone, canton: Zone | None = None, gender: str = "") -> Person:
    """An account for someone who proved that `email` is theirs and accepted the charter.

    If an account holds that address already, that one: whoever reads the mailbox owns it (R-SEC-15).
    """
    try:
        with transaction.atomic():
            person = Person.objects.create_user(
                email,
                name=clean_name(name),
                charter_version=settings.CHARTER_VERSION,
                charter_accepted_at=timezone.now(),
            )
            complete_sign_up(person, name=name, commune=commune, canton=canton, gender=gender)
    except IntegrityError:
        return Person.objects.get(email=email.lower())
    return person


def complete_sign_up(
    person: Person, *, name: str, commune: Zone, canton: Zone | None = None, gender: str = ""
) -> Voice:
    """Give `person` the voice of an inhabitant, a home and the subscriptions that go with it."""
    name = clean_name(name)
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(name=name)
        person.name = name
        voice = Voice.objects.create(
            kind=Voice.Kind.HABITANT,
            person=person,
            name=name,
            search_name=search_name(name),
            slug=slug_of(name),
            gender=gender,
            zone=commune,
            # One appears in the directory only if one asks (R-PRIV-4).
            listed=False,
            opened_at=timezone.now(),
            is_fictional=person.is_demo,
        )
        name_again(voice)
        _live_in(person, commune, canton)
        journal.record("person.signed_up", by=person, target=person)
    return voice


def settle(person: Person, commune: Zone, canton: Zone | None = None) -> Place:
    """Move house. Nothing of the former home is kept, the journal included (R-PRIV-16).

    Someone who had neither home nor voice (an account made by the operator) becomes an inhabitant.
    """
    with transaction.atomic():
        if not Voice.objects.filter(person=person).exists():
            complete_sign_up(person, name=person.name, commune=commune, canton=canton)
            return Place.objects.get(person=person)
        place = _live_in(person, commune, canton)
        Voice.objects.filter(person=person).update(zone=commune, version=F("version") + 1)
        journal.record("person.moved", by=person, target=person)
    return place


def _live_in(person: Person, commune: Zone, canton: Zone | None) -> Place:
    """Replace the home of `person` and every subscription that came with the former one."""
    if not Zone.objects.current().joinable().filter(pk=commune.pk).exists():
        raise ValidationError(_("Choisissez une commune du territoire."))
    cantons = list(cantons_of(commune))
    if canton is not None and canton not in cantons:
        raise ValidationError(_("Choisissez un canton de votre commune."))
    Person.objects.select_for_update().get(pk=person.pk)
    former = Place.objects.filter(person=person).values_list("pk", flat=True)
    of_former = Subscription.objects.filter(person=person, source__in=list(former))
    # Who lets a wider zone rest still wants it so from the next street.
    muted = set(of_former.filter(muted=True).values_list("audience_id", flat=True))
    of_former.delete()
    Place.objects.filter(person=person).delete()
    place = Place.objects.create(person=person, zone=commune, canton=canton if len(cantons) > 1 else None)
    found = belongings(commune, canton)
    audiences = Audience.objects.of_zones(list(found))
    Subscription.objects.bulk_create(
        Subscription(
            person=person,
            audience=audiences[zone.pk],
            reason=reason,
            source=place.pk,
            grants=reason != Reason.COARSE,
            muted=audiences[zone.pk].pk in muted,
        )
        for zone, reason in found.items()
    )
    return place


def belongings(commune: Zone, canton: Zone | None) -> dict[Zone, Reason]:
    """Every zone that matters to who lives in `commune`, and why; coarsely when only a part of them is in it."""
    found: dict[Zone, Reason] = {}
    for link in ZoneLink.objects.filter(part=commune, whole__in=Zone.objects.current()).select_related("whole"):
        reason = REASONS.get(link.whole.kind)
        if reason is None:
            continue
        within = link.relation == ZoneLink.Relation.WITHIN
        found[link.whole] = reason if within or link.whole == canton else Reason.COARSE
    finer = (Zone.Kind.CANTON, Zone.Kind.ARRONDISSEMENT, Zone.Kind.DELEGUEE)
    for zone in Zone.objects.current().of_kind(*finer).inside(commune).exclude(pk=commune.pk):
        found[zone] = Reason.CANTON if zone == canton else Reason.COARSE
    return found


def change_settings(person: Person, *, name: str, gender: str, listed: bool) -> None:
    """What one may change of oneself: the displayed name, the French word, being listed."""
    name = clean_name(name)
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(name=name)
        Voice.objects.filter(person=person).update(
            name=name,
            search_name=search_name(name),
            slug=slug_of(name),
            gender=gender,
            listed=listed,
            version=F("version") + 1,
        )
        for voice in Voice.objects.filter(person=person):
            name_again(voice)
        journal.record("person.settings_changed", by=person, target=person)
    person.name = name


def change_email(person: Person, email: str) -> None:
    """Another address, proved theirs; their other sessions end. ValidationError when another account has it."""
    try:
        with transaction.atomic():
            Person.objects.filter(pk=person.pk).update(email=email.lower())
            journal.record("person.email_changed", by=person, target=person)
    except IntegrityError as taken:
        raise ValidationError(_("Cette adresse ne peut pas être utilisée.")) from taken
    person.email = email.lower()


def set_password(person: Person, password: str) -> None:
    """A password, beside the codes by mail; every other session of theirs ends (R-SEC-14)."""
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        journal.record("person.password_set", by=person, target=person)
