"""Groups of the cast, and what is said in them in the fewest words."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.groups import actions
from parvis.groups.models import Group, Topic
from parvis.people.models import Person, Voice
from tests.cast import Cast

Found = Callable[..., Group]


def own(person: Person) -> Voice:
    """The voice in which they speak for themselves."""
    return Voice.objects.get(person=person)


def signed_in(person: Person) -> Client:
    """A browser in which they are."""
    client = Client()
    client.force_login(person)
    return client


def trust(person: Person) -> None:
    """A moderator once let their words through."""
    Person.objects.filter(pk=person.pk).update(trusted_at=timezone.now())
    person.refresh_from_db()


def say(group: Group, by: Person, title: str) -> Topic:
    """A topic that they open in their own name."""
    return actions.open_topic(group, by=by, voice=own(by), title=title, body=f"Le texte de « {title} ».")


@pytest.fixture
def found(territory: Cast, amina: Person) -> Found:
    """`found(access="private", …)`: a group that Amina animates in Bois-le-Comte."""
    trust(amina)

    def made(**said: Any) -> Group:
        by = said.pop("by", amina)
        told: dict[str, Any] = {
            "voice": own(by),
            "name": "Jardins de Bois-le-Comte",
            "zone": territory.bois,
            "themes": ["nature"],
            "summary": "On y échange des graines.",
        }
        return actions.found(by=by, **(told | said))

    return made


@pytest.fixture
def garden(found: Found) -> Group:
    """A public group, animated by Amina, in which everyone writes."""
    return found()


@pytest.fixture
def orchard(found: Found) -> Group:
    """A group one enters on request."""
    return found(name="Vergers partagés", access=Group.Access.REQUEST)


@pytest.fixture
def cellar(found: Found) -> Group:
    """A private group."""
    return found(name="Cercle de la cave", access=Group.Access.PRIVATE)
