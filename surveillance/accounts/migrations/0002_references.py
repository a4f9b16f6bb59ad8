"""Search extensions, and references from a sequence per kind and year."""

from django.db import migrations

# They stay when this is undone: who administers the database has made them (deploy/database.sql)
# and owns them.
EXTENSIONS = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;
"""
# The application's role owns nothing, so the function makes next year's sequence as its owner.
# A kind has up to five letters, as TESTC has.
NEXT_REFERENCE = """
CREATE FUNCTION next_reference(kind text, year integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text := format('reference_%s_%s', kind, year);
BEGIN
    IF kind !~ '^[a-z]{1,5}$' THEN
        RAISE EXCEPTION 'no such kind of reference: %', kind;
    END IF;
    IF to_regclass(name) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext(name));
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', name);
    END IF;
    RETURN nextval(name::regclass);
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_tables")]

    operations = [
        migrations.RunSQL(EXTENSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(NEXT_REFERENCE, "DROP FUNCTION next_reference(text, integer)"),
    ]
