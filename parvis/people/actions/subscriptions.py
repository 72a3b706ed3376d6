"""Following a voice or a commune, and what one no longer wants to read.

Whom one follows or leaves out may tell one's opinions: the journal says that something changed, never about whom
(R-LAW-11). Each act does nothing the second time.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parvis.core import journal
from parvis.people.models import Audience, Block, Mute, Person, Place, Reason, Subscription, Voice
from parvis.people.models.audiences import AudienceQuerySet
from parvis.people.ties import may_follow
from parvis.territory.models import Zone


def follow(person: Person, voice: Voice) -> None:
    """Receive what `voice` publishes for everyone; following is not a right to more. Who follows reads again."""
    _check_other(person, voice)
    if not may_follow(person, voice):
        raise ValidationError(_("Cette personne ne souhaite pas être suivie."))
    if Block.objects.filter(person=person, voice=voice).exists():
        raise ValidationError(_("Vous avez bloqué ce profil : débloquez-le d’abord."))
    with transaction.atomic():
        unmute(person, voice)
        _follow(person, Audience.objects.of_voice(voice))


def unfollow(person: Person, voice: Voice) -> None:
    """No longer receive what `voice` publishes."""
    _unfollow(person, Audience.objects.filter(voice=voice))


def follow_commune(person: Person, commune: Zone) -> None:
    """Receive what is published for the people of `commune`, without living there."""
    if not Zone.objects.current().joinable().filter(pk=commune.pk).exists():
        raise PermissionDenied(_("On ne suit qu’une commune du territoire."))
    if Place.objects.filter(person=person, zone=commune).exists():
        raise ValidationError(_("Vous y habitez : vous recevez déjà ce qui la concerne."))
    with transaction.atomic():
        audience = Audience.objects.of_zone(commune)
        unmute_audience(person, audience)
        _follow(person, audience)


def unfollow_commune(person: Person, commune: Zone) -> None:
    """No longer receive what is published for `commune`, unless one lives there."""
    _unfollow(person, Audience.objects.filter(zone=commune))


def follow_theme(person: Person, theme: str) -> None:
    """Receive what organisations of this theme publish for everyone, wherever they are."""
    with transaction.atomic():
        _follow(person, Audience.objects.of_theme(theme))


def unfollow_theme(person: Person, theme: str) -> None:
    """No longer receive it, unless one follows them or lives there."""
    _unfollow(person, Audience.objects.filter(theme=theme))


def mute(person: Person, voice: Voice) -> None:
    """No longer read what `voice` says, whoever it says it to; its safety alerts still come."""
    _check_other(person, voice)
    with transaction.atomic():
        if Mute.objects.get_or_create(person=person, voice=voice)[1]:
            journal.record("person.muted", by=person, target=person)


def unmute(person: Person, voice: Voice) -> None:
    """Read `voice` again."""
    with transaction.atomic():
        if Mute.objects.filter(person=person, voice=voice).delete()[0]:
            journal.record("person.unmuted", by=person, target=person)


def mute_audience(person: Person, audience: Audience) -> None:
    """Leave what is said to an audience out of one's feed, and stay in it; its safety alerts still come."""
    _set_muted(person, audience, muted=True)


def unmute_audience(person: Person, audience: Audience) -> None:
    """Let an audience back into one's feed."""
    _set_muted(person, audience, muted=False)


def _check_other(person: Person, voice: Voice) -> None:
    """Stop at a voice one may not see, and at one's own."""
    if not Voice.objects.visible_to(person).filter(pk=voice.pk).exists():
        raise PermissionDenied(_("Cette page n’existe pas."))
    if voice.person_id == person.pk:
        raise ValidationError(_("C’est votre propre page."))


def _follow(person: Person, audience: Audience) -> None:
    created = Subscription.objects.get_or_create(
        person=person, audience=audience, reason=Reason.FOLLOW, source=0, defaults={"grants": False}
    )[1]
    if created:
        journal.record("person.followed", by=person, target=person)


def _unfollow(person: Person, audiences: AudienceQuerySet) -> None:
    with transaction.atomic():
        mine = Subscription.objects.filter(person=person, audience__in=audiences, reason=Reason.FOLLOW)
        if mine.delete()[0]:
            journal.record("person.unfollowed", by=person, target=person)


def _set_muted(person: Person, audience: Audience, *, muted: bool) -> None:
    with transaction.atomic():
        mine = Subscription.objects.filter(person=person, audience=audience, muted=not muted)
        if mine.update(muted=muted):
            journal.record("subscription.muted" if muted else "subscription.unmuted", by=person, target=person)
