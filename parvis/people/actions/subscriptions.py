"""Following a voice, and letting a place rest.

Whom one follows may tell one's opinions: the journal says that something changed, never about whom (R-LAW-11).
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parvis.core import journal
from parvis.people.models import Audience, Person, Reason, Subscription, Voice


def follow(person: Person, voice: Voice) -> None:
    """Receive what `voice` publishes for everyone; following is not a right to more."""
    if not Voice.objects.visible_to(person).filter(pk=voice.pk).exists():
        raise PermissionDenied(_("Cette page n’existe pas."))
    if voice.person_id == person.pk:
        raise ValidationError(_("C’est votre propre page."))
    with transaction.atomic():
        audience = Audience.objects.of_voice(voice)
        created = Subscription.objects.get_or_create(
            person=person, audience=audience, reason=Reason.FOLLOW, source=0, defaults={"grants": False}
        )[1]
        if created:
            journal.record("person.followed", by=person, target=person)


def unfollow(person: Person, voice: Voice) -> None:
    """No longer receive what `voice` publishes."""
    with transaction.atomic():
        gone = Subscription.objects.filter(person=person, audience__voice=voice, reason=Reason.FOLLOW).delete()[0]
        if gone:
            journal.record("person.unfollowed", by=person, target=person)


def mute(subscription: Subscription, *, by: Person) -> None:
    """Leave an audience out of one's feed, and stay in it."""
    _set_muted(subscription, by, muted=True)


def unmute(subscription: Subscription, *, by: Person) -> None:
    """Let an audience back into one's feed."""
    _set_muted(subscription, by, muted=False)


def _set_muted(subscription: Subscription, by: Person, *, muted: bool) -> None:
    if subscription.person_id != by.pk:
        raise PermissionDenied(_("Cet abonnement n’est pas le vôtre."))
    with transaction.atomic():
        if Subscription.objects.filter(pk=subscription.pk, muted=not muted).update(muted=muted):
            journal.record("subscription.muted" if muted else "subscription.unmuted", by=by, target=by)
    subscription.muted = muted
