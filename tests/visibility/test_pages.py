"""Each role sees on each address exactly what the model says (R-SEC-1, R-SEC-2)."""

from functools import cache

import pytest
from django.test import Client

from parvis.moderation.queue import how_many, waiting_for
from tests.visibility import harvest
from tests.visibility.channels import CHANNELS
from tests.visibility.model import ROLES
from tests.visibility.world import World


def client_of(world: World, role: str) -> Client:
    """A browser in which `role` is signed in."""
    client = Client(raise_request_exception=False)
    if role in world.persons:
        client.force_login(world.persons[role])
    return client


def test_every_address_has_its_row() -> None:
    """A new page must say here what it shows."""
    names = {name for _route, name in harvest.routes()}
    assert not sorted(names ^ set(CHANNELS))


@pytest.mark.django_db
def test_every_row_is_tried_at_its_own_addresses(world: World) -> None:
    for name, channel in CHANNELS.items():
        visits = list(channel.visits(world))
        assert visits, name
        assert {harvest.name_of(visit.address) for visit in visits} == {name}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["visitor", "author", "administrator"])
def test_a_file_of_a_group_is_not_where_it_is_stored(world: World, role: str) -> None:
    """R-SEC-5: what goes with a message is read through its own page, with its rights, and nowhere else."""
    stored = [file.file.name for message in world.messages.values() for file in message.files.all()]
    assert stored
    client = client_of(world, role)
    assert {client.get(f"/media/{name}").status_code for name in stored} == {404}


@pytest.mark.django_db
def test_the_badge_counts_what_waits_for_each(world: World) -> None:
    waiting = {role: len(waiting_for(person)) for role, person in world.persons.items()}
    assert waiting["administrator"] > waiting["moderator"] > waiting["moderator_elsewhere"] > 0
    assert {role: how_many(person) for role, person in world.persons.items()} == waiting


# Who asks changes the values of a statement, not what it is made of: one of each kind asks PostgreSQL too.
EVERYWHERE = {"visitor", "neighbour", "author", "agent", "moderator", "administrator"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role", [role if role in EVERYWHERE else pytest.param(role, marks=pytest.mark.once) for role in ROLES]
)
def test_each_role_sees_what_the_model_says(world: World, role: str) -> None:
    client, facts = client_of(world, role), world.facts
    # Many addresses stand on the same grounds.
    rights = cache(lambda grounds: harvest.allowed(ROLES[role], grounds, facts.values()))
    found = [
        fault
        for channel in CHANNELS.values()
        if not channel.roles or role in channel.roles
        for visit in channel.visits(world)
        for fault in harvest.faults(client, ROLES[role], channel, visit, facts, rights)
    ]
    assert not found, "\n".join(found)
