"""Every way this module changes the world: found, change and archive a group; enter, leave and keep out."""

from parvis.groups.actions.entering import accept, answer, ask, decline, invite, join, take_back
from parvis.groups.actions.founding import archive, change, found, reopen
from parvis.groups.actions.leaving import ban, leave, name, remove, unban
from parvis.groups.rights import Refused

__all__ = [
    "Refused",
    "accept",
    "answer",
    "archive",
    "ask",
    "ban",
    "change",
    "decline",
    "found",
    "invite",
    "join",
    "leave",
    "name",
    "remove",
    "reopen",
    "take_back",
    "unban",
]
