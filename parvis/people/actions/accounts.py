"""Opening an account, changing one's settings."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core import journal
from parvis.people.actions.belonging import Where, write_place
from parvis.people.models import Person, Place, Reason, Subscription, Voice
from parvis.people.names import clean_name, name_again, search_name, slug_of
from parvis.territory.models import Zone


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
        write_place(person, Place.Kind.HOME, Where(commune, canton))
        journal.record("person.signed_up", by=person, target=person)
    return voice


def change_settings(
    person: Person, *, name: str, gender: str, listed: bool, takes_followers: bool | None = None
) -> None:
    """What one may change of oneself: the displayed name, the French word, being listed, being followed.

    Who no longer wants to be followed is not, from then on.
    """
    name = clean_name(name)
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(name=name)
        if takes_followers is not None:
            Person.objects.filter(pk=person.pk).update(takes_followers=takes_followers)
        if takes_followers is False:
            Subscription.objects.filter(audience__voice__person=person, reason=Reason.FOLLOW).delete()
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
    refuse_if_lent(person)
    try:
        with transaction.atomic():
            Person.objects.filter(pk=person.pk).update(email=email.lower())
            journal.record("person.email_changed", by=person, target=person)
    except IntegrityError as taken:
        raise ValidationError(_("Cette adresse ne peut pas être utilisée.")) from taken
    person.email = email.lower()


def set_password(person: Person, password: str) -> None:
    """A password, beside the codes by mail; every other session of theirs ends (R-SEC-14)."""
    refuse_if_lent(person)
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        journal.record("person.password_set", by=person, target=person)


def refuse_if_lent(person: Person) -> None:
    """Raise ValidationError when `person` is someone the demonstration lends: the next visitor takes them as they were.

    Its mail is read by anyone, so that a code proves nothing there.
    """
    if settings.DEMO and person.is_demo:
        raise ValidationError(_("Ce compte est prêté à qui visite la démonstration : il reste comme il est."))
