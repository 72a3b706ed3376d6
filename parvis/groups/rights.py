"""Who may do what in a group. A refusal is a sentence; whatever one may not see is not refused, it does not exist."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from parvis.groups.models import Group, Member
from parvis.people.models import Person, Voice, VoiceQuerySet

# Whom one may be in a group: oneself, an association, an élu, a service; a group is in none.
ENTERING = (Voice.Kind.HABITANT, Voice.Kind.ASSOCIATION, Voice.Kind.ELU, Voice.Kind.SERVICE)
# Groups that one account may look after: beyond, one looks after none (R-MOD-3).
MOST_ANIMATED = 20


class Refused(ValidationError):
    """Someone may not do this in the group; the message, in French, says why."""


def voices_of(person: Person) -> VoiceQuerySet:
    """The voices in which `person` may enter a group and write there; their own first."""
    return Voice.objects.spoken_by(person).filter(kind__in=ENTERING).order_by("-person", "search_name")


def check_voice(voice: Voice, person: Person) -> None:
    """Refuse a voice that is not theirs today."""
    if not voices_of(person).filter(pk=voice.pk).exists():
        raise Refused(_("Vous ne parlez pas au nom de %(voice)s.") % {"voice": voice.name})
    if voice.kind == Voice.Kind.ELU and not voice.mandates.current().exists():
        raise Refused(_("Ce mandat est terminé : parlez comme habitant."))


def require_animator(group: Group, person: Person) -> Group:
    """`group`, locked, for someone who looks after it today."""
    locked = Group.objects.select_for_update(of=("self",)).animated_by(person).filter(pk=group.pk).first()
    if locked is None:
        raise Refused(_("Vous n’animez pas ce groupe."))
    return locked


def require_open(group: Group) -> None:
    """Refuse to change anything in a group that is closed to new words."""
    if group.archived_at:
        raise Refused(_("Ce groupe est archivé : il se lit, mais plus rien ne s’y ajoute."))


def require_writer(group: Group, person: Person, voice: Voice) -> Member:
    """What `person` is in the group, if they may write there in `voice` today."""
    require_open(group)
    member = group.members.select_related("group", "person").filter(person=person).first()
    if member is None:
        raise Refused(_("Seuls les membres écrivent dans ce groupe."))
    if not member.may_write:
        raise Refused(_("Dans ce groupe d’information, l’animation seule écrit."))
    check_voice(voice, person)
    return member


def waits(member: Member) -> bool:
    """Whether someone reads it first (R-MOD-2): as the group says and, where anyone reads, of an unknown account."""
    group, unknown = member.group, member.trusted_at is None
    if group.access == Group.Access.PUBLIC and member.person.trusted_at is None and unknown:
        return True
    if member.is_animator:
        return False
    return group.mode == Group.Mode.MODERATED or (group.mode == Group.Mode.FIRST and unknown)


def keep_an_animator(group: Group, leaving: Member) -> None:
    """Refuse to part from the last person who looks after the group."""
    animators = group.members.filter(role=Member.Role.ANIMATOR).values_list("pk", flat=True)[:2]
    if list(animators) == [leaving.pk]:
        raise Refused(_("Il faut au moins une personne à l’animation : nommez d’abord quelqu’un d’autre."))
