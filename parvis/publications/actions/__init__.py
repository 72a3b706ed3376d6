"""Every way this module changes the world: compose, submit, decide, correct, retarget, withdraw, reply, expire."""

from parvis.publications.actions.composing import compose, correct, submit, withdraw
from parvis.publications.actions.deciding import (
    approve,
    approve_reply,
    hide,
    hide_profile,
    refuse,
    refuse_reply,
    restore,
    restore_profile,
)
from parvis.publications.actions.joining import join_publications, spread_again, spread_over
from parvis.publications.actions.keeping import forget_unreadable, save, unsave
from parvis.publications.actions.outlining import countersign, drop_draft, give_back_expired, keep_draft, send_back
from parvis.publications.actions.quartiers import change_quartier, draw_quartier, remove_quartier
from parvis.publications.actions.replying import bring_replies, open_to_replies, reply
from parvis.publications.actions.retargeting import retarget
from parvis.publications.actions.spreading import purge_expired, share_again
from parvis.publications.rights import AlreadyDecided, Refused

__all__ = [
    "AlreadyDecided",
    "Refused",
    "approve",
    "approve_reply",
    "bring_replies",
    "change_quartier",
    "compose",
    "correct",
    "countersign",
    "draw_quartier",
    "drop_draft",
    "forget_unreadable",
    "give_back_expired",
    "hide",
    "hide_profile",
    "join_publications",
    "keep_draft",
    "open_to_replies",
    "purge_expired",
    "refuse",
    "refuse_reply",
    "remove_quartier",
    "reply",
    "restore",
    "restore_profile",
    "retarget",
    "save",
    "send_back",
    "share_again",
    "spread_again",
    "spread_over",
    "submit",
    "unsave",
    "withdraw",
]
