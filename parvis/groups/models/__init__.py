"""Groups, who is in them and how one enters."""

from parvis.groups.models.groups import Group, GroupQuerySet, GroupTheme, Invitation, Member
from parvis.groups.models.members import Ban, Request

__all__ = ["Ban", "Group", "GroupQuerySet", "GroupTheme", "Invitation", "Member", "Request"]
