"""Leaving a group, being named to look after it, being taken out."""

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.core import journal, text
from parvis.groups import rights
from parvis.groups.actions import membership
from parvis.groups.models import Ban, Group, Member
from parvis.groups.rights import Refused
from parvis.people.models import Person


@transaction.atomic
def leave(group: Group, *, by: Person) -> None:
    """Leave; the last who looks after it stays. Raises Refused."""
    Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
    member = Member.objects.filter(group=group, person=by).select_related("group").first()
    if member is None:
        return
    rights.keep_an_animator(group, member)
    membership.part(member)
    journal.record("group.left", by=by, target=group)


@transaction.atomic
def name(member: Member, *, by: Person, role: str) -> None:
    """Name someone to look after the group, or no longer. Raises Refused."""
    group = rights.require_animator(member.group, by)
    if role != Member.Role.ANIMATOR:
        rights.keep_an_animator(group, member)
    if Member.objects.filter(pk=member.pk, group=group).exclude(role=role).update(role=Member.Role(role)):
        member.role = Member.Role(role)
        membership.speak(member)
        journal.record("group.role_changed", by=by, target=group, person=member.person_id, role=role)


@transaction.atomic
def remove(member: Member, *, by: Person) -> None:
    """Take someone out, who may come back. Raises Refused."""
    _take_out(member, by)
    journal.record("group.removed", by=by, target=member.group, person=member.person_id)


@transaction.atomic
def ban(member: Member, *, by: Person, reason: str) -> None:
    """Take someone out for good, for a reason that they are told. Raises Refused."""
    reason = text.clean(reason).strip()[:1_000]
    if not reason:
        raise Refused(_("Écrivez le motif : il est communiqué à la personne."))
    person = member.person
    _take_out(member, by)
    Ban.objects.get_or_create(group=member.group, person=person, defaults={"by": by, "reason": reason})
    journal.record("group.banned", by=by, target=member.group, person=person.pk)


def _take_out(member: Member, by: Person) -> None:
    """Part from a member; who looks after the group is first named a member again."""
    group = rights.require_animator(member.group, by)
    # As they are now that nobody else decides on them: nobody is taken out, and told so, twice.
    now = group.members.filter(pk=member.pk).first()
    if now is None:
        raise Refused(_("Cette personne n’est plus dans le groupe."))
    if member.person_id == by.pk:
        raise Refused(_("Pour partir, quittez le groupe."))
    if now.is_animator:
        raise Refused(_("Cette personne anime le groupe : retirez-lui d’abord ce rôle."))
    membership.part(member)


@transaction.atomic
def unban(banned: Ban, *, by: Person) -> None:
    """Let someone come back if they wish."""
    group = rights.require_animator(banned.group, by)
    if Ban.objects.filter(pk=banned.pk, group=group).delete()[0]:
        journal.record("group.unbanned", by=by, target=group, person=banned.person_id)
