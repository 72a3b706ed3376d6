"""On SQLite, points by columns of the ground: see `crowded` in parvis/people/vault/sqlite.py."""

from django.db import migrations

COLUMNS = "CREATE INDEX vault_spot_column ON vault_spot ((x + 3600000000) / 20000, y, x, person)"


def by_columns(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(COLUMNS, params=None)


def no_columns(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP INDEX vault_spot_column", params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0016_crowded'),
    ]

    operations = [
        migrations.RunPython(by_columns, no_columns),
    ]
