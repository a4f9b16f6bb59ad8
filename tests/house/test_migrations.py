"""Migrations are complete, named and reversible."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel, RunPython, RunSQL

from surveillance.accounts.wall import OUTSIDE_ROLE
from tests.database import as_owner

FLOORS = {"surveillance", "sellers", "cases"}
# What is written in SQL and can stay behind when it is not undone.
LEFT = """
SELECT 'function', oid::regprocedure::text FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS (
    SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid
        AND deptype = 'e')
UNION ALL SELECT 'policy', polrelid::regclass || '.' || polname FROM pg_policy
UNION ALL SELECT 'trigger', tgrelid::regclass || '.' || tgname FROM pg_trigger
WHERE NOT tgisinternal
UNION ALL SELECT 'right', oid::regclass::text FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND has_table_privilege(%s, oid, 'SELECT')
"""


@pytest.fixture(scope="module")
def ours():
    """In an order in which they can be applied."""
    models = [config for config in apps.get_app_configs() if list(config.get_models())]
    labels = {one.label for one in models if one.name.partition(".")[0] in FLOORS}
    loader = MigrationLoader(None)
    leaves = (one for one in loader.graph.leaf_nodes() if one[0] in labels)
    order = dict.fromkeys(key for leaf in leaves for key in loader.graph.forwards_plan(leaf))
    found = {key: loader.disk_migrations[key] for key in order if key[0] in labels}
    assert {app for app, _name in found} == labels
    return found


@pytest.mark.django_db
def test_none_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_all_are_named_and_can_be_undone(ours):
    for (app, name), migration in ours.items():
        assert "auto" not in name, f"{app}.{name}: give it a name that says what it does"
        for operation in migration.operations:
            if isinstance(operation, RunSQL):
                assert operation.reverse_sql is not None, f"{app}.{name} cannot be undone"
            if isinstance(operation, RunPython):
                assert operation.reverse_code is not None, f"{app}.{name} cannot be undone"


@pytest.mark.django_db
def test_what_is_written_in_sql_is_undone(ours):
    """The way back by hand: SQL is undone as it says, and tables, which Django takes down, just go.
    (`migrate … zero` renders all models at every step, which takes seconds.)"""
    with (
        as_owner(connection.settings_dict["NAME"]) as owner,
        owner.transaction(force_rollback=True),
    ):
        for (app, _name), migration in reversed(ours.items()):
            for operation in reversed(migration.operations):
                if isinstance(operation, RunSQL):
                    owner.execute(operation.reverse_sql)
                elif isinstance(operation, CreateModel):
                    owner.execute(f"DROP TABLE {app}_{operation.name_lower} CASCADE")
        assert owner.execute(LEFT, [OUTSIDE_ROLE]).fetchall() == []
