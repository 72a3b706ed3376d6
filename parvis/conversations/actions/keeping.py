"""What one does for oneself: agree to read, or not; delete; choose who writes. And what an organisation may close."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.conversations import rights
from parvis.conversations.models import Closing, Conversation, Draft, Place, Side
from parvis.conversations.rights import Refused
from parvis.core import journal, text
from parvis.people import heard
from parvis.people.models import Person, Voice
from parvis.publications.actions.beginning import keep_begun

# Days for which an organisation may take no message from someone.
CLOSED_FOR = (7, 30, 90)


@transaction.atomic
def accept(conversation: Conversation, *, by: Person) -> None:
    """Agree to read who writes: their messages come among the others. Raises Refused."""
    mine, _theirs = rights.sides(conversation, by)
    if Side.objects.filter(pk=mine.pk, accepted_at=None).update(accepted_at=timezone.now(), declined_at=None):
        journal.record("conversation.accepted", by=by, target=conversation)


@transaction.atomic
def decline(conversation: Conversation, *, by: Person) -> None:
    """Not agree, silently: it leaves one's requests, and its author sees no difference. Raises Refused."""
    mine, _theirs = rights.sides(conversation, by)
    if Side.objects.filter(pk=mine.pk, accepted_at=None, declined_at=None).update(declined_at=timezone.now()):
        journal.record("conversation.declined", by=by, target=conversation)
    heard.read(by, conversation)


@transaction.atomic
def forget(conversation: Conversation, *, by: Person) -> None:
    """Delete all that was said so far, for oneself; the other keeps theirs. Raises Refused."""
    rights.sides(conversation, by)
    last = Conversation.objects.values_list("position", flat=True).get(pk=conversation.pk)
    place = Place.objects.get_or_create(person=by, conversation=conversation)[0]
    if Place.objects.filter(pk=place.pk, forgotten__lt=last).update(forgotten=last, position=last):
        journal.record("conversation.forgotten", by=by, target=conversation)
    heard.read(by, conversation)


@transaction.atomic
def read(conversation: Conversation, position: int, *, by: Person) -> None:
    """Note how far `by` read, never backwards. Left out of the journal: it is no act, and no receipt."""
    if not Conversation.objects.visible_to(by).filter(pk=conversation.pk).exists():
        return
    place, is_new = Place.objects.get_or_create(person=by, conversation=conversation, defaults={"position": position})
    if not is_new and place.position < position:
        Place.objects.filter(pk=place.pk, position__lt=position).update(position=position)
    last = Conversation.objects.values_list("position", flat=True).get(pk=conversation.pk)
    if position >= last:
        heard.read(by, conversation)


@transaction.atomic
def keep_draft(
    *, by: Person, conversation: Conversation | None = None, to: Voice | None = None, subject: str = "", body: str
) -> Draft | None:
    """Keep what one began to write, one for each conversation and one for each voice one has not written to yet."""
    if conversation is not None:
        rights.sides(conversation, by)
    where = {"conversation": conversation, "to": to}
    return keep_begun(Draft.objects, by=by, where=where, subject=subject, body=body)


@transaction.atomic
def choose(person: Person, *, writers: str, shows_reading: bool) -> None:
    """Choose who may write to one, and whether they see that one has read."""
    chosen = writers if writers in Person.Writers.values else ""
    Person.objects.filter(pk=person.pk).update(writers=chosen, shows_reading=shows_reading)
    journal.record("person.writers_chosen", by=person, target=person)


@transaction.atomic
def close(conversation: Conversation, *, by: Person, reason: str, days: int) -> Closing:
    """Take no message from the other side for so many days, for a reason that they are told (R-MOD-9, R-LAW-26).

    For an association, an élu or a service alone: a person blocks whom they want. Raises Refused.
    """
    mine, theirs = rights.sides(conversation, by)
    if mine.voice is None or theirs.voice is None or mine.voice.kind == Voice.Kind.HABITANT:
        raise Refused(_("Bloquez plutôt ce profil, depuis sa page."))
    reason = text.clean(reason).strip()[:1_000]
    if not reason:
        raise Refused(_("Écrivez pourquoi : la personne reçoit ce motif, et peut le contester."))
    if days not in CLOSED_FOR:
        raise Refused(_("Choisissez une durée de la liste."))
    now = timezone.now()
    there = Closing.objects.current().filter(voice=mine.voice, other=theirs.voice).first()
    if there is not None:
        return there
    until = now + timedelta(days=days)
    made = Closing.objects.create(voice=mine.voice, other=theirs.voice, reason=reason, by=by, until=until)
    journal.record("conversation.closed", by=by, target=made)
    return made


@transaction.atomic
def reopen(conversation: Conversation, *, by: Person) -> None:
    """Take messages from the other side again. Raises Refused."""
    mine, theirs = rights.sides(conversation, by)
    if Closing.objects.current().filter(voice=mine.voice, other=theirs.voice).update(until=timezone.now()):
        journal.record("conversation.reopened", by=by, target=conversation)
