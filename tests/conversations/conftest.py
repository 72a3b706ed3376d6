"""People who may write to each other."""

import pytest

from parvis.people import actions as people
from parvis.people.models import Person, Voice
from tests.circles import own, trust


@pytest.fixture
def seen(amina: Person, bruno: Person, chloe: Person) -> None:
    """All three are in the directory, and known to moderators."""
    Voice.objects.filter(person__in=[amina, bruno, chloe]).update(listed=True)
    for person in (amina, bruno, chloe):
        trust(person)


@pytest.fixture
def known(seen: None, amina: Person, bruno: Person) -> None:
    """Amina and Bruno are contacts."""
    people.ask_contact(amina, own(bruno))
    people.accept_contact(bruno, own(amina))
