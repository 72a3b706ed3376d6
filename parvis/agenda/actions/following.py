"""Following an event or a place, and no longer; being told of what is announced at a place.

What one follows is nobody else's business: the journal says that something changed, never of what (R-LAW-11).
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.agenda.models import Event, Follow, Venue
from parvis.agenda.models.follows import MOST_FOLLOWED
from parvis.core import journal
from parvis.people.models import Person
from parvis.publications.actions import Refused
from parvis.publications.models import Publication


def follow_event(person: Person, event: Event) -> None:
    """Hear of what changes. Nothing the second time. Raises Refused."""
    if not Publication.objects.visible_to(person).filter(pk=event.pk).exists():
        raise Refused(_("Cet événement n’est plus en ligne."))
    _follow(person, {"event": event})


def unfollow_event(person: Person, event: Event) -> None:
    """Hear of it no longer, whatever became of it."""
    _unfollow(person, {"event": event})


def follow_venue(person: Person, venue: Venue) -> None:
    """Hear of what is announced there. Nothing the second time. Raises Refused."""
    if not Venue.objects.visible_to(None).filter(pk=venue.pk).exists():
        raise Refused(_("Ce lieu n’est pas encore dans l’annuaire."))
    _follow(person, {"venue": venue})


def unfollow_venue(person: Person, venue: Venue) -> None:
    """Hear of it no longer."""
    _unfollow(person, {"venue": venue})


@transaction.atomic
def tell_of_place(one: Follow, newest: int, *, by: None) -> bool:
    """Let whoever follows a place hear of the last announced there, at that position; whether it was not done yet."""
    told = Follow.objects.filter(pk=one.pk, heard__lt=newest).update(heard=newest)
    if told:
        journal.record("venue.announced", by=by, target=one)
    return bool(told)


def move_follows(former: Event | Venue, into: Event | Venue) -> list[Follow]:
    """Who followed one follows the other; those who did not yet. Call it in the transaction that merges them."""
    what = "event" if isinstance(former, Event) else "venue"
    known = Follow.objects.filter(**{what: into}).values("person")
    rows = list(Follow.objects.filter(**{what: former}).exclude(person__in=known))
    for row in rows:
        setattr(row, what, into)
    Follow.objects.bulk_update(rows, [what], batch_size=500)
    Follow.objects.filter(**{what: former}).delete()
    return rows


@transaction.atomic
def _follow(person: Person, what: dict[str, Any]) -> None:
    if Follow.objects.filter(person=person, **what).exists():
        return
    if Follow.objects.filter(person=person).count() >= MOST_FOLLOWED:
        raise Refused(
            _("Vous suivez déjà %(most)s événements et lieux : cessez d’en suivre un d’abord.")
            % {"most": MOST_FOLLOWED}
        )
    if Follow.objects.get_or_create(person=person, **what)[1]:
        journal.record("person.followed", by=person, target=person)


@transaction.atomic
def _unfollow(person: Person, what: dict[str, Any]) -> None:
    if Follow.objects.filter(person=person, **what).delete()[0]:
        journal.record("person.unfollowed", by=person, target=person)
