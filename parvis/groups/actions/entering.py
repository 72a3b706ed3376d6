"""Entering a group: by oneself when it is public, on request, or invited."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core import journal, text
from parvis.groups import rights
from parvis.groups.actions import membership
from parvis.groups.models import Ban, Group, Invitation, Request
from parvis.groups.rights import Refused
from parvis.people.models import Person, Voice

INVITATION_LASTS = timedelta(days=30)
# Invitations that one group leaves open, and requests one account (R-MOD-3).
MOST_INVITED, MOST_ASKED = 200, 20


def _may_enter(group: Group, person: Person, voice: Voice) -> None:
    """Refuse whoever is kept out, speaks in a voice that is not theirs, or comes too late."""
    rights.require_open(group)
    rights.check_voice(voice, person)
    if Ban.objects.filter(group=group, person=person).exists():
        raise Refused(_("L’animation de ce groupe a décidé que vous n’y reviendriez pas."))


@transaction.atomic
def join(group: Group, *, by: Person, voice: Voice) -> None:
    """Enter a public group. Nothing the second time. Raises Refused."""
    _may_enter(group, by, voice)
    if group.access != Group.Access.PUBLIC:
        raise Refused(_("On entre dans ce groupe sur demande."))
    if membership.enter(group, by, voice):
        journal.record("group.joined", by=by, target=group)


@transaction.atomic
def ask(group: Group, *, by: Person, voice: Voice, words: str = "") -> Request:
    """Ask to enter; the request waits for an animator. The same one the second time. Raises Refused."""
    _may_enter(group, by, voice)
    if group.access != Group.Access.REQUEST:
        raise Refused(_("On n’entre pas dans ce groupe sur demande."))
    if group.members.filter(person=by).exists():
        raise Refused(_("Vous êtes déjà dans ce groupe."))
    if Request.objects.waiting().filter(person=by).count() >= MOST_ASKED:
        raise Refused(_("Plusieurs de vos demandes attendent une réponse : laissez-leur le temps de venir."))
    made, is_new = Request.objects.get_or_create(
        group=group, person=by, answered_at=None, defaults={"voice": voice, "words": text.clean(words).strip()[:500]}
    )
    if is_new:
        journal.record("group.asked", by=by, target=group, request=made.pk)
    return made


@transaction.atomic
def take_back(group: Group, *, by: Person) -> None:
    """Take one's request back."""
    if Request.objects.waiting().filter(group=group, person=by).delete()[0]:
        journal.record("group.request_withdrawn", by=by, target=group)


@transaction.atomic
def answer(asked: Request, *, by: Person, accepted: bool, words: str = "") -> None:
    """Let someone in, or not, and say why. Of two animators, one answers. Raises Refused."""
    group = rights.require_animator(asked.group, by)
    words = text.clean(words).strip()[:500]
    if not accepted and not words:
        raise Refused(_("Dites en un mot pourquoi : la réponse est lue par la personne."))
    done = Request.objects.waiting().filter(pk=asked.pk, group=group)
    if not done.update(answered_at=timezone.now(), answered_by=by, accepted=accepted, answer=words):
        raise Refused(_("Cette demande a déjà reçu une réponse."))
    if accepted:
        _may_enter(group, asked.person, asked.voice)
        membership.enter(group, asked.person, asked.voice)
    journal.record("group.request_answered", by=by, target=group, request=asked.pk, accepted=accepted)


@transaction.atomic
def invite(group: Group, *, by: Person, email: str) -> Invitation:
    """Keep a place for whoever owns `email`; the answer never tells whether an account does (R-SEC-16)."""
    group = rights.require_animator(group, by)
    rights.require_open(group)
    if Invitation.objects.open().filter(group=group).count() >= MOST_INVITED:
        raise Refused(_("Beaucoup d’invitations attendent déjà : laissez-leur le temps d’être lues."))
    now = timezone.now()
    own = Invitation.objects.filter(group=group, email=email.lower(), by=by, closed_at=None)
    own.filter(expires_at__lte=now).update(closed_at=now)
    made, is_new = own.get_or_create(
        defaults={"group": group, "email": email.lower(), "by": by, "expires_at": now + INVITATION_LASTS}
    )
    if is_new:
        journal.record("group.invited", by=by, target=group, invitation=made.pk)
    return made


@transaction.atomic
def accept(group: Group, *, by: Person, voice: Voice) -> None:
    """Take the place that was kept: once, while who invited still animates (R-SEC-18). Raises Refused."""
    _may_enter(group, by, voice)
    if not Invitation.objects.reaching(by).filter(group=group).exists():
        raise Refused(_("Cette invitation n’est plus valable."))
    if membership.enter(group, by, voice):
        journal.record("group.joined", by=by, target=group)


@transaction.atomic
def decline(group: Group, *, by: Person) -> None:
    """Leave the place that was kept."""
    kept = Invitation.objects.filter(group=group, email=by.email, closed_at=None)
    if kept.update(closed_at=timezone.now()):
        journal.record("group.invitation_declined", by=by, target=group)
