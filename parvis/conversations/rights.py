"""Who may write to whom. A refusal is a sentence; what one may not see is not refused, it does not exist."""

from enum import Enum, auto
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from parvis.conversations.models import Closing, Conversation, Side
from parvis.people.models import Block, Contact, Membership, Person, Reason, Subscription, Voice, VoiceQuerySet
from parvis.people.models.contacts import holds_office
from parvis.people.ties import known_to

Writers = Person.Writers
# Whom one may be in a conversation; a group talks in its own place.
SPEAKING = (Voice.Kind.HABITANT, Voice.Kind.ASSOCIATION, Voice.Kind.ELU, Voice.Kind.SERVICE)


class Refused(ValidationError):
    """Someone may not do this in a conversation; the message, in French, says why."""


class Overtaken(Refused):
    """A colleague answered meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            _("Un collègue vient de répondre : lisez sa réponse ci-dessus, puis envoyez ou changez la vôtre.")
        )


class Door(Enum):
    """How someone's words arrive."""

    OPEN = auto()  # among their messages
    REQUEST = auto()  # apart, until they agree to read


def voices_of(person: Person) -> VoiceQuerySet:
    """The voices in which `person` may write; their own first."""
    spoken = Voice.objects.spoken_by(person).in_office().filter(kind__in=SPEAKING)
    return spoken.order_by("-person", "search_name")


def reachable(person: Person) -> VoiceQuerySet:
    """Those to whom `person` may think of writing: whom they see or know, and the members of their groups."""
    mates = Voice.objects.filter(person__in=mates_of(person), closed_at=None)
    return (known_to(person) | mates).filter(kind__in=SPEAKING)


def mates_of(person: Person) -> Any:
    """The numbers of the people who are in a group with `person`, as a subquery."""
    mine = Subscription.objects.filter(person=person, reason=Reason.MEMBER).values("audience")
    return Subscription.objects.filter(audience__in=mine, reason=Reason.MEMBER).values("person")


def writers_of(person: Person) -> str:
    """Who may write to `person`: as they chose; until then, few to a new account and to who holds a mandate."""
    chosen, known_since = Person.objects.values_list("writers", "trusted_at").get(pk=person.pk)
    if chosen:
        return str(chosen)
    return Writers.CONTACTS if known_since is None or holds_office(person) else Writers.ALL


def door(person: Person, voice: Voice, to: Voice) -> Door:
    """How what `person` writes in `voice` would arrive at `to`. Raises Refused."""
    if not voices_of(person).filter(pk=voice.pk).exists():
        raise Refused(_("Vous ne parlez pas au nom de %(voice)s.") % {"voice": voice.name})
    if to.pk == voice.pk or Voice.objects.spoken_by(person).filter(pk=to.pk).exists():
        raise Refused(_("Vous vous écririez à vous-même."))
    if not reachable(person).filter(pk=to.pk).exists():
        raise Refused(_("Cette page n’existe pas."))
    if Block.objects.filter(person=person, voice=to).exists():
        raise Refused(_("Vous avez bloqué ce profil : débloquez-le d’abord."))
    check_open(voice, to)
    if to.person is not None:
        return _door_of(to.person, person, voice)
    if to.opened_at is None or not to.memberships.filter(role__in=Membership.SPEAKING).exists():
        raise Refused(_("Personne ne lit encore les messages adressés à cette page."))
    return Door.REQUEST if to.kind == Voice.Kind.ELU else Door.OPEN


def check_open(voice: Voice, to: Voice) -> None:
    """Refuse what an organisation no longer takes for a while, and say until when (R-MOD-9)."""
    closing = Closing.objects.current().filter(voice=to, other=voice).order_by("-until").first()
    if closing is not None:
        raise Refused(
            _("%(name)s ne reçoit plus vos messages jusqu’au %(day)s. Motif : %(reason)s")
            % {"name": to.name, "day": f"{closing.until:%d/%m/%Y}", "reason": closing.reason}
        )


def _door_of(other: Person, person: Person, voice: Voice) -> Door:
    """How it would arrive at someone, who chose who may write to them."""
    turned_away = Refused(_("Cette personne ne reçoit pas de message de votre part."))
    if not other.is_active or Block.objects.against(other, person, voice).exists():
        raise turned_away
    if voice.person_id != person.pk:
        raise Refused(_("Une organisation répond à qui lui écrit ; elle n’écrit pas la première à une personne."))
    chosen = writers_of(other)
    known = Contact.objects.of(person).between(person, other).exists()
    if known and chosen != Writers.NOBODY:
        return Door.OPEN
    if person.trusted_at is None:
        raise Refused(_("Un nouveau compte écrit d’abord aux services publics, aux associations et à ses contacts."))
    mate = mates_of(person).filter(person=other.pk).exists()
    if chosen == Writers.ALL or (chosen == Writers.KNOWN and mate):
        return Door.REQUEST
    raise turned_away


def sides(conversation: Conversation, person: Person) -> tuple[Side, Side]:
    """Theirs, and the other; Refused when they speak for neither today."""
    rows = list(conversation.sides.select_related("voice__person", "voice__zone"))
    spoken = set(Voice.objects.spoken_by(person).values_list("pk", flat=True))
    mine = next((row for row in rows if row.voice_id in spoken), None)
    if mine is None or len(rows) != 2:
        raise Refused(_("Cette conversation n’existe plus."))
    return mine, next(row for row in rows if row is not mine)


def check_reply(mine: Side, theirs: Side, person: Person) -> None:
    """Refuse what the other side cannot or does not want to receive. Raises Refused."""
    if mine.voice is None or theirs.voice is None or theirs.voice.closed_at:
        raise Refused(_("Ce compte n’existe plus : personne ne lirait votre message."))
    if mine.voice.kind == Voice.Kind.ELU and not mine.voice.mandates.current().exists():
        raise Refused(_("Ce mandat est terminé : cette conversation se lit, mais ne continue pas."))
    if Block.objects.filter(person=person, voice=theirs.voice).exists():
        raise Refused(_("Vous avez bloqué ce profil : débloquez-le d’abord."))
    other = theirs.voice.person
    if other is not None and (not other.is_active or Block.objects.against(other, person, mine.voice).exists()):
        raise Refused(_("Cette personne ne reçoit pas de message de votre part."))
    check_open(mine.voice, theirs.voice)
