"""PostgreSQL counts too few audiences from its sample and then reads all of one: tell it how many a value holds.

With the estimate it takes the index for each audience (measured: 1.0 ms instead of 21 on the same table).
"""

from django.db import migrations


def tell_planner(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, column in (("publications_delivery", "audience_id"), ("publications_listing", "zone_id")):
            schema_editor.execute(f"ALTER TABLE {table} ALTER {column} SET (n_distinct = 40)")


class Migration(migrations.Migration):
    dependencies = [("publications", "0001_initial")]

    operations = [migrations.RunPython(tell_planner, migrations.RunPython.noop, elidable=False)]
