from django.db import migrations

SPREAD = [
    ('voice_directory', '1048576 262144 262144 1'),
    ('voice_heard_of_kind', '1048576 262144 262144 1'),
    ('voice_zone', '1048576 15 8 8 8'),
]


def weigh(apps, schema_editor):
    """What `parvis init` tells SQLite from now on, for the sites that are there already."""
    if schema_editor.connection.vendor != 'sqlite':
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute('ANALYZE sqlite_schema')
        cursor.execute('DELETE FROM sqlite_stat1')
        cursor.executemany("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('people_voice', %s, %s)", SPREAD)
        cursor.execute('ANALYZE sqlite_schema')


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0019_last_page_of_a_country'),
    ]

    operations = [
        migrations.RunPython(weigh, migrations.RunPython.noop),
    ]
