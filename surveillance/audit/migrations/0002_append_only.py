"""The trail is append-only: triggers refuse UPDATE, DELETE and TRUNCATE, whoever asks."""

from django.db import migrations

TABLES = ("audit_auditentry", "audit_seal", "audit_checkpoint")

REFUSE = """
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: the audit trail is append-only', TG_OP, TG_TABLE_NAME;
END
$$;
"""
HAND_OVER = """
CREATE FUNCTION audit_hand_to_sealer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_unsealed (entry_id) VALUES (NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER hand_to_sealer AFTER INSERT ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_hand_to_sealer();
"""
TAKE_BACK = """
DROP TRIGGER hand_to_sealer ON audit_auditentry;
DROP FUNCTION audit_hand_to_sealer();
"""


def refusing(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
        CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
        """,
        f"""
        DROP TRIGGER append_only_rows ON {table};
        DROP TRIGGER append_only_table ON {table};
        """,
    )


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_tables")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION audit_is_append_only()"),
        *(refusing(table) for table in TABLES),
        migrations.RunSQL(HAND_OVER, TAKE_BACK),
    ]
