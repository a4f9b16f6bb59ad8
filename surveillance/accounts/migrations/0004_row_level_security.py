"""The second wall: who is acting, as the policies ask for it, and the walls of people."""

from django.db import migrations

from surveillance.accounts.policies import seen, wall

# Roles belong to the server and are made by whoever administers it (deploy/database.sql).
ROLE_IS_THERE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'surveillance_platform') THEN
        RAISE EXCEPTION 'the role surveillance_platform is missing'
            USING HINT = 'As a superuser: CREATE ROLE surveillance_platform NOLOGIN;'
                ' GRANT surveillance_platform TO surveillance_app; (deploy/database.sql)';
    END IF;
END
$$;
"""
ACTING = """
CREATE FUNCTION acting_organisation() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.organisation', true), '')::bigint;
CREATE FUNCTION acting_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.user', true), '')::bigint;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_search_pairs")]

    operations = [
        migrations.RunSQL(ROLE_IS_THERE, migrations.RunSQL.noop),
        migrations.RunSQL(
            ACTING, "DROP FUNCTION acting_organisation(); DROP FUNCTION acting_user();"
        ),
        wall("accounts_organisation"),
        seen("accounts_organisation", "own", "id = acting_organisation()"),
        seen("accounts_organisation", "authorities", "kind = 'authority'"),
        wall("accounts_office"),
        seen(
            "accounts_office",
            "of_organisations_seen",
            "EXISTS (SELECT FROM accounts_organisation organisation"
            " WHERE organisation.id = accounts_office.organisation_id)",
        ),
        wall("accounts_user"),
        seen("accounts_user", "colleagues", "organisation_id = acting_organisation()"),
    ]
