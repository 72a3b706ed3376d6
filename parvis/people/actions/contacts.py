"""Contacts, asked for and accepted; and being left alone by someone.

Whom one knows or keeps away is nobody's to learn: the journal says that something changed, never with whom
(R-LAW-11). But who holds a mandate turns nobody away without saying why (R-MOD-9). Each act does nothing the second
time.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core import journal, text
from parvis.people import heard
from parvis.people.access import hold
from parvis.people.models import Block, Contact, Mute, Person, Reason, Subscription, Voice
from parvis.people.models.contacts import holds_office
from parvis.people.ties import known_to

# Requests one account leaves unanswered, and makes in a day; an account nobody has read yet makes few (R-MOD-3).
MOST_WAITING, A_DAY, FEW_A_DAY = 50, 20, 3
# What one may be kept away from: neither a service nor an élu, whom anyone answers.
BLOCKED = (Voice.Kind.HABITANT, Voice.Kind.ASSOCIATION, Voice.Kind.GROUPE)


@transaction.atomic
def ask_contact(person: Person, voice: Voice) -> None:
    """Ask whoever speaks in `voice` to be of one's contacts; who had asked oneself is accepted. ValidationError."""
    other = _other(person, voice)
    hold(min(person, other, key=lambda one: one.pk))
    there = Contact.objects.between(person, other).first()
    if there and there.asker_id == other.pk and there.accepted_at is None and not there.withdrawn:
        _accept(there, person)
        return
    if there and there.asker_id == person.pk:
        # Asked again after a refusal that they know nothing of: it goes nowhere.
        if Contact.objects.filter(pk=there.pk, withdrawn=True).update(withdrawn=False):
            journal.record("contact.asked", by=person, target=person)
        return
    if there and there.accepted_at:
        return
    _check_pace(person)
    if there:
        there.delete()
    # Whoever does not want to be reached by them is not; they are told nothing of it.
    unwanted = Block.objects.against(other, person, None).exists()
    made = Contact.objects.create(asker=person, asked=other, declined_at=timezone.now() if unwanted else None)
    journal.record("contact.asked", by=person, target=person, **({} if unwanted else {"contact": made.pk}))


@transaction.atomic
def accept_contact(person: Person, voice: Voice) -> None:
    """Say yes to a request. ValidationError when there is none."""
    asked = Contact.objects.asked_to(person).select_for_update().filter(asker__voice=voice).first()
    if asked is not None:
        _accept(asked, person)
    elif not Contact.objects.of(person).filter(asker__voice=voice).exists():
        raise ValidationError(_("Cette demande n’existe plus."))


@transaction.atomic
def decline_contact(person: Person, voice: Voice) -> None:
    """Say no to a request, silently."""
    asked = Contact.objects.asked_to(person).filter(asker__voice=voice).first()
    if asked and Contact.objects.filter(pk=asked.pk, declined_at=None).update(declined_at=timezone.now()):
        heard.read(person, asked)
        journal.record("contact.declined", by=person, target=person)


@transaction.atomic
def withdraw_contact(person: Person, voice: Voice) -> None:
    """Take one's request back; if it was declined, it stays so."""
    mine = Contact.objects.asked_by(person).filter(asked__voice=voice)
    declined = mine.filter(declined_at__isnull=False).update(withdrawn=True)
    if mine.filter(declined_at=None).delete()[0] or declined:
        journal.record("contact.withdrawn", by=person, target=person)


@transaction.atomic
def remove_contact(person: Person, voice: Voice) -> None:
    """No longer be contacts, neither of the other."""
    if voice.person_id and Contact.objects.of(person).between(person, voice.person_id).delete()[0]:
        journal.record("contact.removed", by=person, target=person)


@transaction.atomic
def block(person: Person, voice: Voice, reason: str = "") -> None:
    """No longer be reached by `voice`, nor read it. Whoever holds a mandate says why: it is told. ValidationError."""
    if voice.kind not in BLOCKED:
        raise ValidationError(
            _("Un service public ou un élu ne se bloque pas : vous pouvez ne plus voir ce qu’il publie.")
        )
    if voice.person_id == person.pk or not known_to(person).filter(pk=voice.pk).exists():
        raise PermissionDenied(_("Cette page n’existe pas."))
    reason = text.clean(reason).strip()[:1_000]
    stated = voice.person_id is not None and holds_office(person)
    if stated and not reason:
        raise ValidationError(
            {"reason": _("Vous exercez un mandat : écrivez pourquoi. La personne le lit, et peut le contester.")}
        )
    made, is_new = Block.objects.get_or_create(
        person=person, voice=voice, defaults={"reason": reason if stated else ""}
    )
    if not is_new:
        return
    Mute.objects.get_or_create(person=person, voice=voice)
    if voice.person_id is not None:
        Contact.objects.between(person, voice.person_id).delete()
        _unfollowed(voice.person_id, person).delete()
    journal.record("block.stated" if stated else "person.blocked", by=person, target=made if stated else person)


@transaction.atomic
def unblock(person: Person, voice: Voice) -> None:
    """Let `voice` reach one again, and read it."""
    if Block.objects.filter(person=person, voice=voice).delete()[0]:
        Mute.objects.filter(person=person, voice=voice).delete()
        journal.record("person.unblocked", by=person, target=person)


def _other(person: Person, voice: Voice) -> Person:
    """The person who speaks in `voice`, for whoever may know them."""
    if not known_to(person).filter(pk=voice.pk).exists():
        raise PermissionDenied(_("Cette page n’existe pas."))
    if voice.person is None:
        raise ValidationError(_("On n’a de contacts que parmi les habitants : suivez plutôt cette page."))
    if voice.person_id == person.pk:
        raise ValidationError(_("C’est votre propre page."))
    if Block.objects.filter(person=person, voice=voice).exists():
        raise ValidationError(_("Vous avez bloqué ce profil : débloquez-le d’abord."))
    return voice.person


def _accept(asked: Contact, person: Person) -> None:
    Contact.objects.filter(pk=asked.pk).update(accepted_at=timezone.now(), declined_at=None)
    heard.read(person, asked)
    journal.record("contact.accepted", by=person, target=person, contact=asked.pk)


def _check_pace(person: Person) -> None:
    mine = Contact.objects.filter(asker=person)
    today = mine.filter(at__gt=timezone.now() - timedelta(days=1)).count()
    waiting = Contact.objects.asked_by(person)[:MOST_WAITING].count()
    if waiting >= MOST_WAITING or today >= (A_DAY if person.trusted_at else FEW_A_DAY):
        raise ValidationError(_("Vous avez déjà fait plusieurs demandes : laissez-leur le temps de venir."))


def _unfollowed(follower: int, person: Person) -> QuerySet[Subscription]:
    """What makes someone receive what `person` says in their own name."""
    return Subscription.objects.filter(person=follower, audience__voice__person=person, reason=Reason.FOLLOW)
