"""Many rows in one statement, from one JSON document: a fraction of what `bulk_create` and
`bulk_update` cost. COPY costs as little, but PostgreSQL refuses it where rows are walled."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from operator import attrgetter
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.models.options import Options
from psycopg import sql

SIZE = 5_000


def copy_in(rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows of one model, SIZE in a statement. Keys that count up are taken from its
    sequence and set; others (UUIDs, another row's key) are on the rows already.

    Values go in as they stand on the rows: nothing of `save()` or `pre_save()` runs. Raises what
    INSERT would raise (IntegrityError, DataError), with no row inserted.
    """
    if not rows:
        return
    meta = rows[0]._meta
    fields = meta.concrete_fields
    statement = sql.SQL(
        "INSERT INTO {table} ({columns})"
        " SELECT {values} FROM json_to_recordset(%s) AS new ({types})"
    ).format(
        table=sql.Identifier(meta.db_table),
        columns=_listed("{0}", fields),
        values=sql.SQL(", ").join(map(_value, fields)),
        types=sql.SQL(", ").join(map(_typed, fields)),
    )
    cells = [(field.column, _cell(field)) for field in fields]
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if isinstance(meta.pk, models.AutoField):
            for row, key in zip(rows, _keys(cursor, meta, len(rows)), strict=True):
                row.pk = key
        for first in range(0, len(rows), SIZE):
            lot = rows[first : first + SIZE]
            values = [{column: cell(row) for column, cell in cells} for row in lot]
            cursor.execute(statement, [json.dumps(values, cls=_Exact)])
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def update_many(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write the attributes `names` of saved rows of one model, each row's own values.

    Values go in as they stand on the rows: nothing of `save()` or `pre_save()` runs. Raises what
    UPDATE would raise, with no row changed.
    """
    if not rows:
        return
    meta = rows[0]._meta
    changed: list[Any] = [meta.get_field(name) for name in names]
    columns = [meta.pk, *changed]
    statement = sql.SQL(
        "UPDATE {table} AS kept SET {assignments}"
        " FROM jsonb_to_recordset(%s) AS new ({columns}) WHERE kept.{key} = new.{key}"
    ).format(
        table=sql.Identifier(meta.db_table),
        key=sql.Identifier(meta.pk.column),
        assignments=_listed("{0} = new.{0}", changed),
        columns=_listed("{0} {1}", columns),
    )
    values = [{field.column: getattr(row, field.attname) for field in columns} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(values, cls=_Exact)])


def _listed(text: str, fields: Sequence[Any]) -> sql.Composed:
    """`text` for each field, with its column and type; a key's type without its sequence."""
    parts = [
        sql.SQL(text).format(
            sql.Identifier(field.column), sql.SQL(str(field.rel_db_type(connection)))
        )
        for field in fields
    ]
    return sql.SQL(", ").join(parts)


class _Exact(DjangoJSONEncoder):
    """Django's encoder cuts an instant to milliseconds; a row must not."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, (datetime, date, time)) else super().default(o)


def _keys(cursor: Any, meta: "Options[Any]", count: int) -> list[int]:
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
        [f'"{meta.db_table}"', meta.pk.column, count],
    )
    return [key for (key,) in cursor.fetchall()]


def _typed(field: Any) -> sql.Composed:
    kind = "text" if isinstance(field, models.JSONField) else field.rel_db_type(connection)
    return sql.SQL("{} {}").format(sql.Identifier(field.column), sql.SQL(str(kind)))


def _value(field: "models.Field[Any, Any]") -> sql.Composed:
    cast = "{}::jsonb" if isinstance(field, models.JSONField) else "{}"
    return sql.SQL(cast).format(sql.Identifier(field.column))


def _cell(field: "models.Field[Any, Any]") -> Callable[[models.Model], Any]:
    """A row's value for the document. A field's own JSON goes in as text, by its own encoder."""
    if isinstance(field, models.JSONField):
        return lambda row: _as_text(field.value_from_object(row), field.encoder)
    if isinstance(field, models.FileField):
        return lambda row: field.get_db_prep_save(field.value_from_object(row), connection)
    return attrgetter(field.attname)


def _as_text(value: Any, encoder: Any) -> str | None:
    return None if value is None else json.dumps(value, cls=encoder)
