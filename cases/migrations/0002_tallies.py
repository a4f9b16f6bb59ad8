"""Tallies of the statistics, and the triggers that say which requests have changed since."""

import django.db.models.deletion
from django.db import migrations, models

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
    dependencies = [("cases", "0001_tables"), ("sellers", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="TallyBasis",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("basis", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="there_is_one_tally_basis"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TallyMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "takedown",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cases.takedownrequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("order", "order"), ("notice", "notice")], max_length=10
                    ),
                ),
                ("regime", models.CharField(max_length=40)),
                ("month", models.DateField()),
                ("name", models.CharField(max_length=30)),
                ("working_days", models.PositiveSmallIntegerField(null=True)),
                ("listings", models.PositiveIntegerField()),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="sellers.platform",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["platform", "regime", "month"], name="tally_group")
                ],
            },
        ),
        migrations.RunSQL(MARKING, NO_MARKING),
    ]
