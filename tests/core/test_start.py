"""What a start brings up to date, and what it leaves alone."""

from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from parvis import serve
from parvis.publications.models import Cut


@pytest.mark.django_db(transaction=True)
def test_migrates_only_when_a_migration_was_not_applied(
    settings: Settings, tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    settings.STATIC_ROOT, settings.STATICFILES_FINDERS = tmp_path, []
    call_command("migrate", "publications", "0011", verbosity=0)
    serve.prepare()
    assert not Cut.objects.exists()
    with django_assert_max_num_queries(2):
        serve.prepare()
