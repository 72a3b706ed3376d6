"""Every way this module changes the world; each act is one transaction and one journal entry."""

from parvis.people.actions.accounts import (
    change_email,
    change_settings,
    complete_sign_up,
    open_account,
    set_password,
)
from parvis.people.actions.belonging import Where
from parvis.people.actions.organisations import (
    WIDE,
    add_member,
    change_role,
    create_association,
    create_service,
    create_voice,
    open_space,
    remove_member,
    unverify,
    update_profile,
    verify,
)
from parvis.people.actions.places import add_place, change_place, remove_place, settle
from parvis.people.actions.roles import end_role, grant_role, make_administrator
from parvis.people.actions.subscriptions import (
    follow,
    follow_commune,
    mute,
    mute_audience,
    unfollow,
    unfollow_commune,
    unmute,
    unmute_audience,
)
from parvis.people.actions.zones import join_people, move_zones, part_people, settle_quartiers

__all__ = [
    "WIDE",
    "Where",
    "add_member",
    "add_place",
    "change_email",
    "change_place",
    "change_role",
    "change_settings",
    "complete_sign_up",
    "create_association",
    "create_service",
    "create_voice",
    "end_role",
    "follow",
    "follow_commune",
    "grant_role",
    "join_people",
    "make_administrator",
    "move_zones",
    "mute",
    "mute_audience",
    "open_account",
    "open_space",
    "part_people",
    "remove_member",
    "remove_place",
    "set_password",
    "settle",
    "settle_quartiers",
    "unfollow",
    "unfollow_commune",
    "unmute",
    "unmute_audience",
    "unverify",
    "update_profile",
    "verify",
]
