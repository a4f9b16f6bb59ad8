-- Three roles, one database, three extensions: run once by a superuser, with both passwords in the
-- environment:
--
--   OWNER_PASSWORD=… APP_PASSWORD=… psql --username=postgres --file=deploy/database.sql
--
-- surveillance_owner owns and migrates. surveillance_app is what web, workers and beat connect as:
-- it owns nothing, so the triggers and the row-level security of the tables bind it. It becomes
-- surveillance_platform, which cannot sign in, for whoever is not of the authority.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD

CREATE ROLE surveillance_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB
    PASSWORD :'owner_password';
CREATE ROLE surveillance_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB
    PASSWORD :'app_password';
CREATE ROLE surveillance_platform NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
SELECT current_setting('server_version_num')::int >= 160000 AS knows_inherit \gset
\if :knows_inherit
GRANT surveillance_platform TO surveillance_app WITH INHERIT FALSE, SET TRUE;
\else
GRANT surveillance_platform TO surveillance_app;
\endif
CREATE DATABASE surveillance OWNER surveillance_owner ENCODING 'UTF8'
    LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' TEMPLATE template0;
REVOKE TEMPORARY ON DATABASE surveillance FROM PUBLIC;

\connect surveillance
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gin;
GRANT USAGE ON SCHEMA public TO surveillance_app;
ALTER DEFAULT PRIVILEGES FOR ROLE surveillance_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO surveillance_app;
ALTER DEFAULT PRIVILEGES FOR ROLE surveillance_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO surveillance_app;
ALTER DEFAULT PRIVILEGES FOR ROLE surveillance_owner IN SCHEMA public
    GRANT EXECUTE ON FUNCTIONS TO surveillance_app;
