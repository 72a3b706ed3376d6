"""Steps that several acts share: someone is in, or no longer; who is inside is counted again."""

from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from parvis.groups.models import Group, Invitation, Member, Request
from parvis.people.models import Membership, Person, Reason, Subscription, Voice

COUNTED = {
    Voice.Kind.HABITANT: "habitants",
    Voice.Kind.ASSOCIATION: "associations",
    Voice.Kind.ELU: "elus",
    Voice.Kind.SERVICE: "services",
}


def enter(
    group: Group, person: Person, voice: Voice, *, role: str = Member.Role.MEMBER, at: datetime | None = None
) -> bool:
    """Make `person` a member, in `voice`; whether they were not."""
    at = at or timezone.now()
    member, is_new = Member.objects.get_or_create(
        group=group, person=person, defaults={"voice": voice, "role": role, "since": at}
    )
    if not is_new:
        return False
    # Who followed it from outside is in now: one reason is enough.
    Subscription.objects.filter(person=person, audience=group.audience_id, reason=Reason.FOLLOW).delete()
    Subscription.objects.get_or_create(person=person, audience_id=group.audience_id, reason=Reason.MEMBER, source=0)
    Invitation.objects.filter(group=group, email=person.email, closed_at=None).update(closed_at=at)
    Request.objects.filter(group=group, person=person, answered_at=None).update(answered_at=at, accepted=True)
    speak(member)
    count(group)
    return True


def part(member: Member) -> None:
    """Take someone out: at once, nothing of the group is theirs to read but what is public."""
    group, person = member.group, member.person_id
    member.delete()
    Subscription.objects.filter(person=person, audience=group.audience_id, reason=Reason.MEMBER).delete()
    Membership.objects.filter(person=person, voice=group.pk).delete()
    count(group)


def speak(member: Member) -> None:
    """Let those who look after a group, and nobody else, speak in its name outside."""
    if member.is_animator:
        Membership.objects.get_or_create(
            person_id=member.person_id, voice_id=member.group_id, defaults={"role": Membership.Role.OWNER}
        )
    else:
        Membership.objects.filter(person=member.person_id, voice=member.group_id).delete()


def count(group: Group) -> None:
    """Count again who is inside, by type. Of two who enter at once, the second waits and counts both."""
    Group.objects.select_for_update(of=("self",), no_key=True).get(pk=group.pk)
    kinds = Member.objects.filter(group=group).order_by().values_list("voice__kind").annotate(count=Count("pk"))
    found = {str(kind): number for kind, number in kinds}
    Group.objects.filter(pk=group.pk).update(**{column: found.get(kind, 0) for kind, column in COUNTED.items()})
