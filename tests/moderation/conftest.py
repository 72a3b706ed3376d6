"""Things that wait for a moderator."""

from collections.abc import Callable
from typing import Any

import pytest

from parvis.people import actions as people
from parvis.people.models import Person, Role, Voice
from parvis.publications import actions
from parvis.publications.models import Publication, Reply
from tests.cast import Cast, make_person

Post = Callable[..., Publication]


@pytest.fixture
def post(territory: Cast) -> Post:
    """`post(person, "Bonjour")`: a post of an inhabitant to their commune; the first ones of an account wait."""

    def posted(person: Person, body: str, **fields: Any) -> Publication:
        home = person.home
        assert home is not None
        zones = [home.zone]
        draft = actions.compose(voice=person.voice, by=person, kind="post", place=home.zone, body=body, zones=zones)
        return actions.submit(draft, by=person, **fields)

    return posted


@pytest.fixture
def online(post: Post, chloe: Person, chorale: Voice, moderator: Person) -> Publication:
    """A post of Chloé, in Saint-Rémy, that anyone reads."""
    return actions.approve(post(chloe, "La chorale reprend mardi."), by=moderator)


@pytest.fixture
def answer(online: Publication, bruno: Person) -> Reply:
    """Bruno's first reply, which waits."""
    return actions.reply(online, voice=bruno.voice, by=bruno, body="J’y serai.")


@pytest.fixture
def east(territory: Cast, admin: Person) -> Person:
    """Moderates the intercommunalité: Bois-le-Comte and Clairval, not Saint-Rémy."""
    person = make_person("est@example.org", "Lou Ferry", territory.bois)
    people.grant_role(person, Role.Kind.MODERATOR, zone=territory.epci, by=admin)
    return person
