"""The geo-vault: tables that no model describes, since nothing but parvis/people/vault reads them.

On PostgreSQL they are in a schema of their own, behind functions that run as its owner: `parvis/people/vault/role.sql`
gives it to another role. Deleting a place erases its point whoever deletes it, and however.
"""

from django.db import migrations

SQLITE = """
CREATE TABLE vault_spot (
  place bigint NOT NULL PRIMARY KEY REFERENCES people_place (id) ON DELETE CASCADE,
  person bigint NOT NULL, x integer NOT NULL, y integer NOT NULL, address text NOT NULL);
CREATE INDEX vault_spot_at ON vault_spot (x, y, place, person);
CREATE INDEX vault_spot_person ON vault_spot (person);
CREATE TABLE vault_shape (
  publication bigint NOT NULL PRIMARY KEY, position bigint NOT NULL, until bigint NOT NULL, token bigint NOT NULL);
CREATE INDEX vault_shape_until ON vault_shape (until);
CREATE TABLE vault_part (
  publication bigint NOT NULL, west integer NOT NULL, south integer NOT NULL, east integer NOT NULL,
  north integer NOT NULL, rings text NOT NULL);
CREATE INDEX vault_part_shape ON vault_part (publication);
CREATE INDEX vault_part_box ON vault_part (west, east, south, north);
CREATE TABLE vault_match (
  person bigint NOT NULL, position bigint NOT NULL, publication bigint NOT NULL,
  place bigint NOT NULL REFERENCES people_place (id) ON DELETE CASCADE, until bigint NOT NULL,
  UNIQUE (publication, person, place));
CREATE INDEX vault_match_feed ON vault_match (person, position);
CREATE INDEX vault_match_place ON vault_match (place);
"""
NO_SQLITE = "".join(f"DROP TABLE vault_{name};" for name in ("match", "part", "shape", "spot"))

TABLES = """
CREATE SCHEMA vault;
CREATE TABLE vault.spot (
  place bigint PRIMARY KEY, person bigint NOT NULL, at pg_catalog.point NOT NULL, address text NOT NULL);
CREATE INDEX spot_at ON vault.spot USING gist (at);
CREATE INDEX spot_person ON vault.spot (person);
CREATE TABLE vault.shape (publication bigint PRIMARY KEY, position bigint NOT NULL, until bigint NOT NULL);
CREATE INDEX shape_until ON vault.shape (until);
CREATE TABLE vault.part (
  publication bigint NOT NULL REFERENCES vault.shape ON DELETE CASCADE, outline polygon NOT NULL, holes polygon[] NOT NULL);
CREATE INDEX part_shape ON vault.part (publication);
CREATE TABLE vault.match (
  person bigint NOT NULL, position bigint NOT NULL, publication bigint NOT NULL, place bigint NOT NULL,
  until bigint NOT NULL, PRIMARY KEY (publication, person, place));
CREATE INDEX match_feed ON vault.match (person, position DESC);
CREATE INDEX match_place ON vault.match (place);
"""
# Settling and delivering wait for one another: neither misses what the other has not committed yet.
FUNCTIONS = (
    (
        "remember(place bigint, person bigint, at pg_catalog.point, address text, now bigint) RETURNS void",
        """PERFORM pg_advisory_xact_lock_shared(1871031804);
  PERFORM vault.forget($1);
  INSERT INTO vault.spot VALUES ($1, $2, $3, $4);
  INSERT INTO vault.match
  SELECT DISTINCT $2, f.position, f.publication, $1, f.until
  FROM (SELECT s.* FROM vault.shape s JOIN vault.part p USING (publication)
    WHERE s.until > $5 AND p.outline @> $3 AND NOT EXISTS (SELECT FROM unnest(p.holes) hole WHERE hole @> $3)
    FOR SHARE OF s) f;""",
    ),
    (
        "forget(place bigint) RETURNS void",
        "DELETE FROM vault.match m WHERE m.place = $1; DELETE FROM vault.spot s WHERE s.place = $1;",
    ),
    (
        "addresses_of(person bigint) RETURNS TABLE (n bigint, called text)",
        "RETURN QUERY SELECT s.place, s.address FROM vault.spot s WHERE s.person = $1;",
    ),
    (
        # Number, position, end; outlines; holes, and the rank of the outline of each.
        "lay(bigint, bigint, bigint, polygon[], polygon[], int[]) RETURNS void",
        """PERFORM vault.take_back($1);
  INSERT INTO vault.shape VALUES ($1, $2, $3);
  INSERT INTO vault.part
  SELECT $1, o.outline, ARRAY(SELECT h.hole FROM unnest($5, $6) h (hole, owner) WHERE h.owner = o.rank)
  FROM unnest($4) WITH ORDINALITY o (outline, rank);""",
    ),
    (
        "deliver(publication bigint) RETURNS void",
        """PERFORM pg_advisory_xact_lock(1871031804);
  INSERT INTO vault.match
  SELECT DISTINCT p.person, s.position, s.publication, p.place, s.until
  FROM (SELECT * FROM vault.shape f WHERE f.publication = $1 FOR UPDATE) s
  JOIN vault.part r USING (publication) JOIN vault.spot p ON p.at <@ r.outline
  WHERE NOT EXISTS (SELECT FROM unnest(r.holes) hole WHERE hole @> p.at)
  ON CONFLICT DO NOTHING;""",
    ),
    (
        "take_back(publication bigint) RETURNS void",
        # The shape first: whoever matches it now is waited for, and what they wrote goes with the rest.
        "DELETE FROM vault.shape s WHERE s.publication = $1; DELETE FROM vault.match m WHERE m.publication = $1;",
    ),
    (
        "pending_for(person bigint, now bigint, most int) RETURNS TABLE (rank bigint, number bigint, n bigint)",
        """RETURN QUERY SELECT m.position, m.publication, m.place FROM vault.match m
  WHERE m.person = $1 AND m.until > $2 ORDER BY m.position DESC, m.place LIMIT $3;""",
    ),
    (
        "reached_by(publication bigint, after bigint, most int) RETURNS TABLE (number bigint)",
        """RETURN QUERY SELECT DISTINCT m.person FROM vault.match m
  WHERE m.publication = $1 AND m.person > $2 ORDER BY m.person LIMIT $3;""",
    ),
    (
        "within(outlines polygon[], holes polygon[], owners int[]) RETURNS TABLE (n bigint)",
        """RETURN QUERY SELECT DISTINCT p.place
  FROM unnest($1) WITH ORDINALITY o (outline, rank) JOIN vault.spot p ON p.at <@ o.outline
  WHERE NOT EXISTS (SELECT FROM unnest($2, $3) h (hole, owner) WHERE h.owner = o.rank AND h.hole @> p.at);""",
    ),
    # One person has a few places at most: ten thousand rows tell that they are more than a thousand; where it is crowded,
    # far fewer do. A bitmap would hold all the points of a town before the first is read.
    (
        "band(outlines polygon[], holes polygon[], owners int[]) RETURNS int SET enable_bitmapscan TO off",
        """DECLARE n int; BEGIN
  FOREACH n IN ARRAY '{1500,10000}'::int[] LOOP
    n := (SELECT count(DISTINCT found.person) FROM (
      SELECT p.person FROM unnest($1) WITH ORDINALITY o (outline, rank) JOIN vault.spot p ON p.at <@ o.outline
      WHERE NOT EXISTS (SELECT FROM unnest($2, $3) h (hole, owner) WHERE h.owner = o.rank AND h.hole @> p.at)
      LIMIT n) found);
    EXIT WHEN n >= 1000;
  END LOOP;
  RETURN CASE WHEN n < 11 THEN 0 WHEN n < 50 THEN 1 WHEN n < 200 THEN 2 WHEN n < 1000 THEN 3 ELSE 4 END;
  END;""",
    ),
    # Of the boxes, the ranks from 0 of those that hold eleven people: nobody has ten places, so a hundred rows tell, and
    # the first eleven for most.
    (
        "crowded(boxes pg_catalog.box[]) RETURNS TABLE (n bigint) SET enable_bitmapscan TO off",
        """RETURN QUERY SELECT b.rank - 1 FROM unnest($1) WITH ORDINALITY b (around, rank)
  WHERE (SELECT count(DISTINCT few.person) FROM (
    SELECT p.person FROM vault.spot p WHERE p.at <@ b.around LIMIT 11) few) = 11
  OR (SELECT count(DISTINCT few.person) FROM (
    SELECT p.person FROM vault.spot p WHERE p.at <@ b.around LIMIT 100) few) >= 11;""",
    ),
    (
        "purge(now bigint) RETURNS void",
        "DELETE FROM vault.shape s WHERE s.until <= $1; DELETE FROM vault.match m WHERE m.until <= $1;",
    ),
    ("place_gone() RETURNS trigger", "PERFORM vault.forget(OLD.id); RETURN NULL;"),
    (
        "places_gone() RETURNS trigger",
        "DELETE FROM vault.match; DELETE FROM vault.spot; DELETE FROM vault.shape; RETURN NULL;",
    ),
)
AS_OWNER = """
LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO pg_catalog, pg_temp SET jit TO off SET plan_cache_mode TO force_custom_plan"""
TRIGGERS = """
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA vault FROM PUBLIC;
CREATE TRIGGER vault_place_gone AFTER DELETE ON people_place FOR EACH ROW EXECUTE FUNCTION vault.place_gone();
CREATE TRIGGER vault_places_gone AFTER TRUNCATE ON people_place FOR EACH STATEMENT EXECUTE FUNCTION vault.places_gone();
"""
NO_POSTGRESQL = """
DROP TRIGGER vault_place_gone ON people_place;
DROP TRIGGER vault_places_gone ON people_place;
DROP SCHEMA vault CASCADE;
"""


def build(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        each(schema_editor, SQLITE)
        return
    each(schema_editor, TABLES)
    for head, body in FUNCTIONS:
        schema_editor.execute(f"CREATE FUNCTION vault.{head} {AS_OWNER} AS $$\n#variable_conflict use_column\nBEGIN\n  {body}\nEND $$", params=None)
    each(schema_editor, TRIGGERS)


def pull_down(apps, schema_editor):
    each(schema_editor, NO_SQLITE if schema_editor.connection.vendor == "sqlite" else NO_POSTGRESQL)


def each(schema_editor, statements):
    for statement in filter(str.strip, statements.split(";")):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("people", "0010_to_say_again")]

    operations = [migrations.RunPython(build, pull_down)]
