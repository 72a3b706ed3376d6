"""Whoever changes the numbers in addresses, or sends forms to them, meets only 404 (R-SEC-1)."""

import pytest

from parvis.core.models import JournalEntry
from tests.visibility.channels import CHANNELS
from tests.visibility.harvest import canaries, may_enter
from tests.visibility.model import ROLES
from tests.visibility.test_pages import client_of
from tests.visibility.world import World


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["faraway", "member", "moderator_elsewhere"])
def test_a_form_sent_to_what_is_not_theirs_finds_nothing(world: World, role: str) -> None:
    client, acts = client_of(world, role), JournalEntry.objects.count()
    closed = [
        visit.address
        for channel in CHANNELS.values()
        for visit in channel.visits(world)
        if not may_enter(ROLES[role], channel, visit)
    ]
    assert len(closed) > 60
    for address in closed:
        response = client.post(address, {"verdict": "hide", "muted": "1", "remove": "1", "rule": "autre"})
        # A page that is only read refuses every form before it looks for anything.
        assert response.status_code in {404, 405}, address
        # Their own name stands at the top of every page.
        assert canaries(response.content.decode()) <= {world.fact("profile", role).token}, address
    assert JournalEntry.objects.count() == acts


@pytest.mark.django_db
def test_a_visitor_who_sends_a_form_must_sign_in(world: World) -> None:
    client, acts = client_of(world, "visitor"), JournalEntry.objects.count()
    for name, channel in CHANNELS.items():
        # Anyone looks for an address, in a form so that what they type is in no log.
        if (channel.members_only or channel.post_only) and name != "addresses":
            for visit in list(channel.visits(world))[:3]:
                response = client.post(visit.address)
                assert response.status_code in {302, 404, 405}, visit.address
    assert JournalEntry.objects.count() == acts
