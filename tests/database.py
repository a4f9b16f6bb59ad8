"""The test database: made and emptied by its owner, used as the application's role.

Migrations and reference data are loaded once for as long as they stay as they are, into a template
that every test process copies. What a committing test leaves is deleted by the owner, and the
reference data comes back from a copy that stands in a schema of its own. The cast is raised once,
too: most tests begin with it, and copying its rows takes a tenth of the time.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import TransactionTestCase
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from surveillance import clock, references
from tests.cast import MONDAY, raise_cast

ROOT = Path(__file__).resolve().parents[1]
KEPT = {"django_migrations"}
COPIES = "reference_copies"  # a schema the application's role does not know
CAST = "cast_copies"  # one that it reads
BLOATED = 1_000_000  # bytes: deleted rows are in the way of the next tests
FILLED_BY_TRIGGERS = {"audit_unsealed", "cases_tallymark"}


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


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
        name = connection.creation._get_test_db_name()
        drop(name)
        _copy_template(name)
        connection.settings_dict.update(
            NAME=name, USER=application["USER"], PASSWORD=application["PASSWORD"]
        )
    with as_owner(name) as owner:
        tables = _copy(owner, COPIES, _tables_with_rows(owner))
        with django_db_blocker.unblock():
            _keep_the_cast(owner, application["USER"], tables)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                TransactionTestCase, "_fixture_teardown", lambda case: _restore(owner, tables)
            )
            yield
    with django_db_blocker.unblock():
        connections.close_all()
    drop(name)
    connection.settings_dict["NAME"] = application["NAME"]


def _copy_template(name: str) -> None:
    """A new database as migrations and reference data leave one. Whoever comes first makes the
    template while the others wait; a template of other migrations is dropped. Its name is given
    when it is whole, so that one whose making was killed is not taken."""
    template = f"test_template_{_fingerprint()}"
    with as_owner("postgres") as owner:
        owner.execute("SET lock_timeout = 0")
        owner.execute("SELECT pg_advisory_lock(hashtext('test_template'))")
        known = [
            found
            for (found,) in owner.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'test_template_%'"
            )
        ]
        if template not in known:
            for old in known:
                drop(old)
            _make_template(owner, "test_template_in_making", template)
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def _make_template(
    owner: "psycopg.Connection[tuple[Any, ...]]", making: str, template: str
) -> None:
    owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(making)))
    connection.close()
    connection.settings_dict["NAME"] = making
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_reference_data", verbosity=0)
    for kind in references.Kind:  # or each test makes its sequences
        references.next_reference(kind, MONDAY)
    connection.close()
    owner.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(making), sql.Identifier(template)
        )
    )


def _fingerprint() -> str:
    """Of all that says how a new database looks."""
    files = [
        *ROOT.glob("*/migrations/*.py"),
        *ROOT.glob("surveillance/*/migrations/*.py"),
        *ROOT.glob("surveillance/calendars/**/*.*"),
        ROOT / "surveillance" / "accounts" / "policies.py",
        ROOT / "surveillance" / "references.py",
        ROOT / "surveillance" / "searching.py",
        ROOT / "requirements" / "run.lock",
    ]
    told = hashlib.sha256()
    for file in sorted(file for file in files if file.suffix != ".pyc"):
        told.update(file.read_bytes())
    return told.hexdigest()[:16]


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
    """Also when an earlier run was killed, or a server it started is still connected. The server's
    own vacuum may be at work there: only a drop without force may end that."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database))
    with as_owner("postgres") as owner:
        try:
            owner.execute(statement + sql.SQL(" WITH (FORCE)"))
        except psycopg.errors.InsufficientPrivilege:
            owner.execute(statement)


def _keep_the_cast(
    owner: "psycopg.Connection[tuple[Any, ...]]", reader: str, known: dict[str, list[str]]
) -> None:
    """Raise the cast, keep its rows in a schema of their own, and take it down again."""
    clock.set_source(lambda: MONDAY)
    raise_cast(MONDAY)
    clock.set_source(None)
    made = [name for name in _tables_with_rows(owner) if name not in known]
    _copied.update(_copy(owner, CAST, [name for name in made if name not in FILLED_BY_TRIGGERS]))
    for grant in ("USAGE ON SCHEMA {0}", "SELECT ON ALL TABLES IN SCHEMA {0}"):
        owner.execute(
            sql.SQL(f"GRANT {grant} TO {{1}}").format(sql.Identifier(CAST), sql.Identifier(reader))
        )
    _restore(owner, known)


_copied: dict[str, list[str]] = {}  # the tables of the cast, with their columns


def copy_cast() -> None:
    """The cast's rows into their tables, in the transaction that runs."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("; ").join(_filling(table, columns, CAST) for table, columns in _copied.items())
        )


def _copy(
    owner: "psycopg.Connection[tuple[Any, ...]]", schema: str, names: list[str]
) -> dict[str, list[str]]:
    """Copy these tables; returns their names with the columns one may write."""
    owner.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    tables = {}
    for table in names:
        owner.execute(
            sql.SQL("CREATE TABLE {} AS TABLE {}").format(
                sql.Identifier(schema, table), sql.Identifier("public", table)
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


def _filling(table: str, columns: list[str], schema: str) -> sql.Composed:
    return sql.SQL("INSERT INTO {0} ({1}) SELECT {1} FROM {2}").format(
        sql.Identifier("public", table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.Identifier(schema, table),
    )


def _restore(owner: "psycopg.Connection[tuple[Any, ...]]", tables: dict[str, list[str]]) -> None:
    """Empty every table, then bring the reference data back.

    Triggers that refuse it rest meanwhile, as do foreign keys, which asks for the owner's right to
    set session_replication_role. The application's connections are closed first: a transaction
    left open would hold its locks. To delete costs a hundredth of TRUNCATE, which makes new files.
    """
    connections.close_all()
    with owner.transaction():
        owner.execute("SET LOCAL session_replication_role = replica")
        used = [sql.Identifier("public", name) for name in _tables_with_rows(owner)]
        steps = [sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(table) for table in used]
        steps += [sql.SQL("DELETE FROM {}").format(table) for table in used]
        steps += [_filling(table, columns, COPIES) for table, columns in tables.items()]
        owner.execute(sql.SQL("; ").join(steps))
    for table in _tables_with_rows(owner, BLOATED):
        owner.execute(sql.SQL("VACUUM {}").format(sql.Identifier("public", table)))


def _tables_with_rows(owner: "psycopg.Connection[tuple[Any, ...]]", size: int = 0) -> list[str]:
    """Tables of more than `size` bytes, or that were written to since they were last vacuumed."""
    found = owner.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind = 'r' AND pg_relation_size(oid) > %s ORDER BY relname",
        [size],
    )
    return [name for (name,) in found if name not in KEPT]
