"""Migrations are complete, named and reversible."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL

OURS = {
    "accounts",
    "audit",
    "calendars",
    "outbox",
    "jobs",
    "keys",
    "idempotency",
    "timemachine",
    "sellers",
    "cases",
}


@pytest.mark.django_db
def test_none_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_all_are_named_and_can_be_undone():
    loader = MigrationLoader(connection)
    ours = {key: one for key, one in loader.disk_migrations.items() if key[0] in OURS}
    assert {app for app, _name in ours} == OURS
    for (app, name), migration in ours.items():
        assert "auto" not in name, f"{app}.{name}: give it a name that says what it does"
        for operation in migration.operations:
            if isinstance(operation, RunSQL):
                assert operation.reverse_sql is not None, f"{app}.{name} cannot be undone"
            if isinstance(operation, RunPython):
                assert operation.reverse_code is not None, f"{app}.{name} cannot be undone"
