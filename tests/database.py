"""The test database: made and emptied by its owner, used as the application's role.

Migrations and reference data are loaded once. What a committing test leaves is truncated by the
owner, and the reference data comes back from a copy that stands in a schema of its own.
"""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

KEPT = {"django_migrations"}
COPIES = "reference_copies"  # a schema the application's role does not know


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Replaces pytest-django's: one database for each test process, gone at the end."""
    application = dict(connection.settings_dict)
    with django_db_blocker.unblock():
        connection.settings_dict.update(credentials_of_owner())
        drop(connection.creation._get_test_db_name())
        connection.creation.create_test_db(verbosity=0, serialize=False)
        name = connection.settings_dict["NAME"]
        call_command("load_reference_data", verbosity=0)
        connection.close()
        connection.settings_dict.update(USER=application["USER"], PASSWORD=application["PASSWORD"])
    with as_owner(name) as owner:
        tables = _copy_reference_data(owner)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                TransactionTestCase, "_fixture_teardown", lambda case: _restore(owner, tables)
            )
            yield
    with django_db_blocker.unblock():
        connections.close_all()
    drop(name)
    connection.settings_dict["NAME"] = application["NAME"]


def _owner_url() -> dict[str, Any]:
    return psycopg.conninfo.conninfo_to_dict(os.environ["DATABASE_OWNER_URL"])


def credentials_of_owner() -> dict[str, str]:
    found = _owner_url()
    return {"USER": str(found["user"]), "PASSWORD": str(found.get("password", ""))}


def as_owner(database: str) -> "psycopg.Connection[tuple[Any, ...]]":
    """Waits for a lock 20 seconds at most: a transaction that a test left open fails, not hangs."""
    options = {"dbname": database, "options": "-c lock_timeout=20s"}
    return psycopg.connect(**(_owner_url() | options), autocommit=True)


def drop(database: str) -> None:
    """Also when an earlier run was killed, or a server it started is still connected."""
    with as_owner("postgres") as owner:
        owner.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
        )


def _copy_reference_data(owner: "psycopg.Connection[tuple[Any, ...]]") -> dict[str, list[str]]:
    """Copy every table that holds rows; returns their names with the columns one may write."""
    owner.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(COPIES)))
    tables = {}
    for table in _tables_with_rows(owner):
        owner.execute(
            sql.SQL("CREATE TABLE {} AS TABLE {}").format(
                sql.Identifier(COPIES, table), sql.Identifier("public", table)
            )
        )
        tables[table] = [
            name
            for (name,) in owner.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
                " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
                [f'public."{table}"'],
            )
        ]
    return tables


def _restore(owner: "psycopg.Connection[tuple[Any, ...]]", tables: dict[str, list[str]]) -> None:
    """Empty every table, then bring the reference data back.

    Triggers that refuse TRUNCATE rest meanwhile, which asks for the owner's right to set
    session_replication_role. The application's connections are closed first: a transaction left
    open would hold its locks.
    """
    connections.close_all()
    with owner.transaction():
        owner.execute("SET LOCAL session_replication_role = replica")
        used = [sql.Identifier("public", name) for name in _tables_with_rows(owner)]
        if used:
            owner.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(used)))
        for table, columns in tables.items():
            owner.execute(
                sql.SQL("INSERT INTO {0} ({1}) SELECT {1} FROM {2}").format(
                    sql.Identifier("public", table),
                    sql.SQL(", ").join(map(sql.Identifier, columns)),
                    sql.Identifier(COPIES, table),
                )
            )


def _tables_with_rows(owner: "psycopg.Connection[tuple[Any, ...]]") -> list[str]:
    """Tables that were written to since they were last truncated."""
    found = owner.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind = 'r' AND pg_relation_size(oid) > 0 ORDER BY relname"
    )
    return [name for (name,) in found if name not in KEPT]
