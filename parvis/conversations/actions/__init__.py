"""Every way this module changes the world; each act is one transaction and one journal entry."""

from parvis.conversations.actions.deciding import flag, hide_line, restore_line, unflag
from parvis.conversations.actions.keeping import accept, choose, close, decline, forget, keep_draft, read, reopen
from parvis.conversations.actions.saying import answer, begin, withdraw
from parvis.conversations.rights import Refused

__all__ = [
    "Refused",
    "accept",
    "answer",
    "begin",
    "choose",
    "close",
    "decline",
    "flag",
    "forget",
    "hide_line",
    "keep_draft",
    "read",
    "reopen",
    "restore_line",
    "unflag",
    "withdraw",
]
