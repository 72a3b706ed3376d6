"""Someone leaves for good: their groups, and what they said there (R-LAW-8)."""

from django.utils.translation import gettext as _

from parvis.core import journal
from parvis.groups.actions import membership
from parvis.groups.actions.founding import archive
from parvis.groups.actions.talking import withdraw
from parvis.groups.models import File, Invitation, Member, Message, Poll, Revision, Topic
from parvis.groups.rights import Refused
from parvis.people.farewell import Farewell
from parvis.publications.models import State


def part_from_groups(left: Farewell) -> None:
    """Leave every group, and erase or unsign what was said in one’s own name. Raises Refused.

    Not while one alone looks after others; a group that nobody else is in is archived.
    """
    for member in Member.objects.filter(person=left.person).select_related("group__voice"):
        others = member.group.members.exclude(pk=member.pk)
        if member.is_animator and not others.animators().exists():
            if others.exists():
                raise Refused(
                    _("Vous êtes seul·e à animer « %(name)s » : nommez d’abord quelqu’un d’autre.")
                    % {"name": member.group.voice.name}
                )
            archive(member.group, by=left.person)
        membership.part(member)
        journal.record("group.left", by=left.person, target=member.group)
    Invitation.objects.filter(email=left.person.email).delete()
    _part_with_words(left)


def _part_with_words(left: Farewell) -> None:
    mine, topics = Message.objects.filter(voice=left.voice), Topic.objects.filter(voice=left.voice)
    if left.keeps:
        topics.filter(state=State.ONLINE).update(voice=left.nobody, author=None)
        mine.filter(state=State.ONLINE).update(voice=left.nobody, author=None)
    for message in mine.filter(state__in=[State.PENDING, State.ONLINE]).select_related("topic"):
        withdraw(message, by=left.person)
    files = [one.file for one in File.objects.filter(message__in=mine)]
    for attached in (File, Poll, Revision):
        attached.objects.filter(message__in=mine).delete()
    for file in files:
        file.delete(save=False)
    # Others may have answered or quoted them: the rows stay, empty.
    mine.update(voice=left.nobody, author=None, body="", body_html="")
    topics.update(voice=left.nobody, author=None, title=_("Sujet retiré"))
