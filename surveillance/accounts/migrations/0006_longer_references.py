"""References may be of a kind with up to five letters, as TEST is."""

from django.db import migrations

NEXT_REFERENCE = """
CREATE OR REPLACE FUNCTION next_reference(kind text, year integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text := format('reference_%%s_%%s', kind, year);
BEGIN
    IF kind !~ '^[a-z]{1,%(letters)d}$' THEN
        RAISE EXCEPTION 'no such kind of reference: %%', kind;
    END IF;
    IF to_regclass(name) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext(name));
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %%I', name);
    END IF;
    RETURN nextval(name::regclass);
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_default_views")]

    operations = [
        migrations.RunSQL(NEXT_REFERENCE % {"letters": 5}, NEXT_REFERENCE % {"letters": 3}),
    ]
