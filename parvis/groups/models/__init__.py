"""Groups, who is in them and how one enters; what is said there, and what was decided on it."""

from parvis.groups.models.attached import Ballot, Choice, File, Poll
from parvis.groups.models.groups import Group, GroupQuerySet, GroupTheme, Invitation, Member
from parvis.groups.models.members import Ban, Request
from parvis.groups.models.rulings import Ruling
from parvis.groups.models.topics import Draft, Mention, Message, Reaction, Reading, Revision, Topic

__all__ = [
    "Ballot",
    "Ban",
    "Choice",
    "Draft",
    "File",
    "Group",
    "GroupQuerySet",
    "GroupTheme",
    "Invitation",
    "Member",
    "Mention",
    "Message",
    "Poll",
    "Reaction",
    "Reading",
    "Request",
    "Revision",
    "Ruling",
    "Topic",
]
