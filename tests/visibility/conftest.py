"""The world, built once for all that only looks at it."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from parvis.core.models import Job
from tests.visibility.aimed import aim
from tests.visibility.held import hold
from tests.visibility.private import confide
from tests.visibility.talk import talk
from tests.visibility.ties import compose, tell, tie
from tests.visibility.world import World, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Every test of a module sees the same one, and none changes it."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = build()
        aim(world)
        talk(world)
        tie(world)
        hold(world)
        confide(world)
        tell(world)
        # They are on the site; when they leave is the matter of the mails.
        compose(world)
        Job.objects.filter(effect="parvis.letters.gazette.deliver").delete()
        yield world
        transaction.set_rollback(True)
