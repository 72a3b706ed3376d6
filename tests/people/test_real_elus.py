"""Nobody puts words in the mouth of a real person."""

import pytest
from django.core.exceptions import ValidationError
from pytest_django.fixtures import Settings

from parvis.people import actions
from parvis.people.models import Membership, Person, Voice


def test_the_space_of_a_real_elu_does_not_open_in_the_demonstration(
    settings: Settings, elu: Voice, admin: Person, bruno: Person
) -> None:
    settings.DEMO = True
    with pytest.raises(ValidationError, match="réelle"):
        actions.open_space(elu, by=admin, person=bruno, reason="écharpe")
    assert not Membership.objects.filter(voice=elu).exists()


def test_nor_for_a_borrowed_account_elsewhere(elu: Voice, admin: Person, bruno: Person) -> None:
    bruno.is_demo = True
    with pytest.raises(ValidationError, match="réelle"):
        actions.open_space(elu, by=admin, person=bruno, reason="écharpe")
    assert not Membership.objects.filter(voice=elu).exists()
