-- A role for each service, the owner of its own schema and a stranger to every other. Run by an administrator in DeepStyle's
-- database, as often as you like; where one role has owned all so far, while nothing of DeepStyle runs. Passwords are yours:
--   ALTER ROLE deepstyle_scraper PASSWORD '…';
DO $roles$
DECLARE
  service text;
  service_role text;
  statement text;
BEGIN
  -- Where PostgreSQL 14 lets everybody make tables.
  REVOKE CREATE ON SCHEMA public FROM PUBLIC;

  -- One row that all services read: which installation this is. Whoever starts first makes its tables.
  CREATE SCHEMA IF NOT EXISTS installation;
  IF to_regrole('deepstyle_services') IS NULL THEN
    CREATE ROLE deepstyle_services NOLOGIN;
  END IF;
  GRANT USAGE, CREATE ON SCHEMA installation TO deepstyle_services;
  GRANT SELECT ON ALL TABLES IN SCHEMA installation TO deepstyle_services;

  FOREACH service IN ARRAY ARRAY['scraper', 'dataset', 'detector', 'cropper', 'gan_trainer', 'gallery'] LOOP
    service_role := 'deepstyle_' || service;
    IF to_regrole(service_role) IS NULL THEN
      EXECUTE format('CREATE ROLE %I LOGIN', service_role);
    END IF;
    EXECUTE format('GRANT deepstyle_services TO %I', service_role);
    -- An administrator who is no superuser gives away only what is given to a role that it is a member of.
    EXECUTE format('GRANT %I TO CURRENT_USER', service_role);
    EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA installation GRANT SELECT ON TABLES TO deepstyle_services', service_role);

    EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', service);
    EXECUTE format('ALTER SCHEMA %I OWNER TO %I', service, service_role);
    FOR statement IN
      SELECT format('ALTER TABLE %s OWNER TO %I', oid::regclass, service_role)
        FROM pg_class WHERE relnamespace = service::regnamespace AND relkind IN ('r', 'p')
      UNION ALL
      SELECT format('ALTER ROUTINE %s OWNER TO %I', oid::regprocedure, service_role)
        FROM pg_proc WHERE pronamespace = service::regnamespace
    LOOP
      EXECUTE statement;
    END LOOP;
  END LOOP;
END
$roles$;
