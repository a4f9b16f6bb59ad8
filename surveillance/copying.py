"""Inserting many rows by COPY, which costs about half of what INSERT costs."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models
from django.db.models.options import Options
from psycopg import sql


def copy_in(rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows of one model, whose keys are taken from its sequence and set.

    Values go in as they stand on the rows: nothing of `save()` or `pre_save()` runs. Raises what
    INSERT would raise (IntegrityError, DataError), with no row inserted.
    """
    if not rows:
        return
    meta = rows[0]._meta
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(meta.db_table),
        sql.SQL(", ").join(sql.Identifier(field.column) for field in meta.concrete_fields),
    )
    cells = [_cell(field) for field in meta.concrete_fields]
    with connection.cursor() as cursor:
        for row, key in zip(rows, _keys(cursor, meta, len(rows)), strict=True):
            row.pk = key
        with connection.wrap_database_errors, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([cell(row) for cell in cells])
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def _keys(cursor: Any, meta: "Options[Any]", count: int) -> list[int]:
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
        [f'"{meta.db_table}"', meta.pk.column, count],
    )
    return [key for (key,) in cursor.fetchall()]


def _cell(field: "models.Field[Any, Any]") -> Callable[[models.Model], Any]:
    """How a row's value is handed to the driver, which knows our types but JSON and files."""
    if isinstance(field, models.JSONField | models.FileField):
        return lambda row: field.get_db_prep_save(field.value_from_object(row), connection)
    return attrgetter(field.attname)
