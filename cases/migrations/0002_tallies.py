"""Triggers that say which requests have changed since the statistics tallied them."""

from django.db import migrations

MARKING = """
CREATE FUNCTION tally_mark_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_tallymark (takedown_id) SELECT DISTINCT takedown_id FROM changed;
    RETURN NULL;
END
$$;
CREATE TRIGGER tally_added AFTER INSERT ON cases_item REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION tally_mark_items();
CREATE TRIGGER tally_changed AFTER UPDATE ON cases_item REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION tally_mark_items();
CREATE TRIGGER tally_deleted AFTER DELETE ON cases_item REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION tally_mark_items();

CREATE FUNCTION tally_mark_takedown() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_tallymark (takedown_id) VALUES (NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER tally_changed AFTER UPDATE ON cases_takedownrequest FOR EACH ROW
    WHEN (OLD.acknowledged_at IS DISTINCT FROM NEW.acknowledged_at
        OR OLD.issued_at IS DISTINCT FROM NEW.issued_at
        OR OLD.case_id IS DISTINCT FROM NEW.case_id)
    EXECUTE FUNCTION tally_mark_takedown();

CREATE FUNCTION tally_mark_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_tallymark (takedown_id)
        SELECT id FROM cases_takedownrequest WHERE case_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER tally_changed AFTER UPDATE ON cases_case FOR EACH ROW
    WHEN (OLD.is_restricted IS DISTINCT FROM NEW.is_restricted)
    EXECUTE FUNCTION tally_mark_case();
"""
NO_MARKING = """
DROP TRIGGER tally_changed ON cases_case;
DROP TRIGGER tally_changed ON cases_takedownrequest;
DROP TRIGGER tally_changed ON cases_item;
DROP TRIGGER tally_added ON cases_item;
DROP TRIGGER tally_deleted ON cases_item;
DROP FUNCTION tally_mark_case();
DROP FUNCTION tally_mark_takedown();
DROP FUNCTION tally_mark_items();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_tables")]

    operations = [migrations.RunSQL(MARKING, NO_MARKING)]
