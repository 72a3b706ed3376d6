"""The places of someone's life: where, as finely as they want, and what they receive because of it.

A place that changes is another place: of the former one nothing is kept, the journal included (R-PRIV-16).
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from parvis.core import journal
from parvis.people.access import hold
from parvis.people.actions.accounts import complete_sign_up
from parvis.people.actions.belonging import ELSEWHERE, Where, erase_places, write_place
from parvis.people.models import Person, Place, Voice

# How many places one person keeps.
MOST = 8


def settle(person: Person, where: Where) -> Place:
    """Live there, or move there.

    Someone who had neither home nor voice (an account made by the operator) becomes an inhabitant.
    """
    with transaction.atomic():
        hold(person)
        if not Voice.objects.filter(person=person).exists():
            complete_sign_up(person, name=person.name, commune=where.commune)
        place = write_place(person, Place.Kind.HOME, where)
        Voice.objects.filter(person=person).update(zone=where.commune, version=F("version") + 1)
        journal.record("person.moved", by=person, target=person)
    return place


def add_place(person: Person, kind: str, where: Where) -> Place:
    """One more place of their life, beside the home. ValidationError when they keep MOST already."""
    if kind not in ELSEWHERE:
        return settle(person, where)
    with transaction.atomic():
        hold(person)
        if Place.objects.filter(person=person).count() >= MOST:
            raise ValidationError(_("Vous avez déjà %(count)s lieux : supprimez-en un d’abord.") % {"count": MOST})
        place = write_place(person, kind, where)
        journal.record("person.place_added", by=person, target=person)
    return place


def change_place(place: Place, where: Where, *, by: Person) -> Place:
    """Say it more or less finely, or say another: a new place takes its part."""
    _require_own(place, by)
    if place.kind == Place.Kind.HOME:
        return settle(by, where)
    with transaction.atomic():
        hold(by)
        if not Place.objects.filter(pk=place.pk).exists():
            raise ValidationError(_("Ce lieu vient de changer dans une autre page : retrouvez-le dans la liste."))
        changed = write_place(by, place.kind, where, former=place)
        journal.record("person.place_changed", by=by, target=by)
    return changed


def remove_place(place: Place, *, by: Person) -> None:
    """Forget a place and all that came with it; nothing the second time."""
    _require_own(place, by)
    with transaction.atomic():
        hold(by)
        if not Place.objects.filter(pk=place.pk).exists():
            return
        erase_places(by, [place])
        if place.kind == Place.Kind.HOME:
            Voice.objects.filter(person=by).update(zone=None, version=F("version") + 1)
        journal.record("person.place_removed", by=by, target=by)


def _require_own(place: Place, person: Person) -> None:
    if place.person_id != person.pk:
        raise PermissionDenied(_("Ce lieu n’existe pas."))
