"""How many people a square must hold to be counted is asked for each square: see parvis/publications/estimates.py."""

from django.db import migrations

# Nobody has ten places, so that 150 rows tell of sixteen people, and the first sixteen for most.
CROWDED = """
CREATE FUNCTION vault.crowded(boxes pg_catalog.box[], fewest int[]) RETURNS TABLE (n bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp SET jit TO off SET plan_cache_mode TO force_custom_plan
SET enable_bitmapscan TO off AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT b.rank - 1 FROM unnest($1, $2) WITH ORDINALITY b (around, wanted, rank)
  WHERE (SELECT count(DISTINCT few.person) FROM (
    SELECT p.person FROM vault.spot p WHERE p.at <@ b.around LIMIT 16) few) >= b.wanted
  OR (SELECT count(DISTINCT few.person) FROM (
    SELECT p.person FROM vault.spot p WHERE p.at <@ b.around LIMIT 150) few) >= b.wanted;
END $$;
REVOKE ALL ON FUNCTION vault.crowded(pg_catalog.box[], int[]) FROM PUBLIC;
DO $$ DECLARE one record; BEGIN
  -- Where role.sql gave the vault to a role of its own, whose functions the program may call.
  FOR one IN SELECT f.proowner::regrole AS owner, granted.grantee::regrole AS program
    FROM pg_proc f, aclexplode(f.proacl) granted
    WHERE f.oid = 'vault.crowded(pg_catalog.box[])'::regprocedure AND granted.grantee <> f.proowner LOOP
    EXECUTE format('ALTER FUNCTION vault.crowded(pg_catalog.box[], int[]) OWNER TO %s', one.owner);
    EXECUTE format('GRANT EXECUTE ON FUNCTION vault.crowded(pg_catalog.box[], int[]) TO %s', one.program);
  END LOOP;
END $$;
DROP FUNCTION vault.crowded(pg_catalog.box[]);
"""


def ask_for_each(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CROWDED, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0015_voice_of_nobody'),
    ]

    operations = [
        migrations.RunPython(ask_for_each, migrations.RunPython.noop),
    ]
