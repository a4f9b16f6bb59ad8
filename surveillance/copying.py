"""Inserting many rows by COPY, which costs about half of what INSERT costs the database."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.db.models.options import Options
from psycopg import sql


def copy_in(rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows of one model, whose keys are taken from its sequence and set.

    As with `bulk_create`, nothing of `save()` runs. Raises what INSERT would raise (IntegrityError,
    DataError), with no row inserted.
    """
    if not rows:
        return
    meta = rows[0]._meta
    fields = meta.concrete_fields
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(meta.db_table),
        sql.SQL(", ").join(sql.Identifier(field.column) for field in fields),
    )
    with connection.cursor() as cursor:
        for row, key in zip(rows, _keys(cursor, meta, len(rows)), strict=True):
            row.pk = key
        with connection.wrap_database_errors, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([_prepared(row, field) for field in fields])
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def _keys(cursor: Any, meta: "Options[Any]", count: int) -> list[int]:
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
        [f'"{meta.db_table}"', meta.pk.column, count],
    )
    return [key for (key,) in cursor.fetchall()]


def _prepared(row: models.Model, field: "models.Field[Any, Any]") -> Any:
    return field.get_db_prep_save(field.pre_save(row, add=True), connection)
