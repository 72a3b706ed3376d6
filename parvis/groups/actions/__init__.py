"""Every way this module changes the world: a group and who is in it; what is said there; what is decided on it."""

from parvis.groups.actions.attaching import Question, vote
from parvis.groups.actions.deciding import (
    approve_message,
    flag,
    hide_for_now,
    hide_message,
    keep_hidden,
    refuse_message,
    restore_message,
    unflag,
)
from parvis.groups.actions.entering import accept, answer, ask, decline, invite, join, take_back
from parvis.groups.actions.founding import archive, change, found, reopen
from parvis.groups.actions.leaving import ban, leave, name, remove, unban
from parvis.groups.actions.reading import keep_draft, react, read
from parvis.groups.actions.talking import edit, open_topic, reply, withdraw
from parvis.groups.actions.tending import close, keep_answer, move, pin, reopen_topic, split
from parvis.groups.rights import Refused

__all__ = [
    "Question",
    "Refused",
    "accept",
    "answer",
    "approve_message",
    "archive",
    "ask",
    "ban",
    "change",
    "close",
    "decline",
    "edit",
    "flag",
    "found",
    "hide_for_now",
    "hide_message",
    "invite",
    "join",
    "keep_answer",
    "keep_draft",
    "keep_hidden",
    "leave",
    "move",
    "name",
    "open_topic",
    "pin",
    "react",
    "read",
    "refuse_message",
    "remove",
    "reopen",
    "reopen_topic",
    "reply",
    "restore_message",
    "split",
    "take_back",
    "unban",
    "unflag",
    "vote",
    "withdraw",
]
