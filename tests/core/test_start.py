"""What a start brings up to date, and what it leaves alone."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models.signals import pre_migrate
from pytest_django.fixtures import Settings

from parvis import serve
from parvis.publications.models import Cut


@pytest.mark.django_db(transaction=True)
def test_migrates_only_when_a_migration_was_not_applied(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT, settings.STATICFILES_FINDERS = tmp_path, []
    begun: list[str] = []

    def began(**told: Any) -> None:
        begun.append(told["app_config"].label)

    call_command("migrate", "publications", "0011", verbosity=0)
    pre_migrate.connect(began)
    try:
        serve.prepare()
        assert "publications" in begun
        assert not Cut.objects.exists()
        begun.clear()
        serve.prepare()
        assert begun == []
    finally:
        pre_migrate.disconnect(began)
