-- Gives the geo-vault to a role of its own, parvis_vault: from then on the program can call its functions and read
-- none of its tables. For a superuser, on the database of Parvis, after `parvis migrate`; run again, it does nothing.
--   psql -d parvis -f role.sql
DO $$
DECLARE
  program name := (SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'vault');
  one record;
BEGIN
  IF program = 'parvis_vault' THEN
    RETURN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'parvis_vault') THEN
    CREATE ROLE parvis_vault NOLOGIN;
  END IF;
  ALTER SCHEMA vault OWNER TO parvis_vault;
  FOR one IN SELECT relname FROM pg_class WHERE relnamespace = 'vault'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('ALTER TABLE vault.%I OWNER TO parvis_vault', one.relname);
    EXECUTE format('REVOKE ALL ON vault.%I FROM %I', one.relname, program);
  END LOOP;
  FOR one IN SELECT oid::regprocedure AS signature FROM pg_proc WHERE pronamespace = 'vault'::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO parvis_vault', one.signature);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %I, PUBLIC', one.signature, program);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', one.signature, program);
  END LOOP;
  EXECUTE format('GRANT USAGE ON SCHEMA vault TO %I', program);
END $$;
