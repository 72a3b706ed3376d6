"""One act, one entry, one job per effect, or nothing at all."""

import pytest
from django.db import transaction

from parvis.core import journal
from parvis.core.models import Job, JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _effects(settings):
    settings.EFFECTS = "tests.core.effects.EFFECTS"


def test_one_job_per_effect():
    entry = journal.record("lamp.lit", by=None, colour="green")

    assert entry.details == {"colour": "green"}
    assert sorted(entry.jobs.values_list("effect", flat=True)) == ["tests.core.effects.note", "tests.core.effects.sing"]


def test_a_verb_without_effect_queues_nothing():
    assert not journal.record("lamp.dusted", by=None).jobs.exists()


def test_what_is_rolled_back_was_never_done():
    @transaction.atomic
    def act():
        journal.record("lamp.lit", by=None)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()

    assert not JournalEntry.objects.exists()
    assert not Job.objects.exists()
