"""What a start brings up to date, and what it leaves alone."""

import pytest
from django.db.migrations.recorder import MigrationRecorder

from parvis import serve


@pytest.mark.django_db
def test_migrates_only_when_a_migration_was_not_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr(serve, "call_command", lambda name, **_options: called.append(name))
    monkeypatch.setattr(serve, "_collect_static", lambda: None)
    serve.prepare()
    assert called == []
    MigrationRecorder.Migration.objects.filter(app="publications", name__startswith="0012").delete()
    serve.prepare()
    assert called == ["migrate"]
