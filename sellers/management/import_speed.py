"""How fast a feed is imported, against a bare INSERT of the very rows that the import writes.

Both run in transactions that are rolled back, one behind the other in the same database with the
same indexes and triggers, so that their ratio means something on any machine. The import is
everything: reading, checking, hashing, looking for what is held, writing, the trail. INSERT is
given the rows of a table as one JSON document (COPY is refused where rows are walled).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.db import connection, models, transaction
from psycopg import sql

from sellers.flows.feed_imports import Intake, import_file
from sellers.models import Alert, Picture, Product, ProductIdentifier
from surveillance.accounts.actor import SYSTEM
from surveillance.audit.models import AuditEntry
from surveillance.jobs.models import Job, JobProblem

ALERT_ROWS: tuple[type[models.Model], ...] = (
    Job,
    Product,
    Alert,
    ProductIdentifier,
    Picture,
    AuditEntry,
    JobProblem,
)


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds for the same `records`, which are `rows` in all tables together."""

    records: int
    rows: int
    import_seconds: float
    insert_seconds: float

    @property
    def ratio(self) -> float:
        """1 would be as fast as INSERT."""
        return self.insert_seconds / self.import_seconds

    def __str__(self) -> str:
        return (
            f"{self.records:,} records, {self.rows:,} rows: import {self.import_seconds:.2f} s, "
            f"INSERT {self.insert_seconds:.2f} s, ratio {self.ratio:.2f}"
        )


def measure(
    intake: Callable[[], Intake[Any]],
    stream: BinaryIO,
    tables: tuple[type[models.Model], ...] = ALERT_ROWS,
) -> Speed:
    """Import the file, then INSERT again what that wrote into `tables`; nothing of it stays."""
    with _rolled_back():
        last = {model: _last_key(model) for model in tables}
        started = time.perf_counter()
        counts = import_file(intake(), stream, by=SYSTEM).counts
        import_seconds = time.perf_counter() - started
        written = {model: _written_after(model, last[model]) for model in tables}
        rows = sum(model._base_manager.filter(pk__gt=last[model]).count() for model in tables)
    with _rolled_back():
        started = time.perf_counter()
        for model, content in written.items():
            _insert_again(model, content)
        insert_seconds = time.perf_counter() - started
    return Speed(counts.read, rows, import_seconds, insert_seconds)


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _last_key(model: type[models.Model]) -> int:
    return model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0


def _written_after(model: type[models.Model], key: int) -> str:
    table, pk = sql.Identifier(model._meta.db_table), sql.Identifier(model._meta.pk.column)
    query = sql.SQL(
        "SELECT coalesce(json_agg(written ORDER BY {pk}), '[]')::text FROM {table} written"
        " WHERE {pk} > {key}"
    ).format(table=table, pk=pk, key=sql.Literal(key))
    with connection.cursor() as cursor:
        cursor.execute(query)
        return str(cursor.fetchone()[0])


def _insert_again(model: type[models.Model], content: str) -> None:
    statement = sql.SQL(
        "INSERT INTO {table} ({columns})"
        " SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)"
    ).format(table=sql.Identifier(model._meta.db_table), columns=_columns(model))
    with connection.cursor() as cursor:
        cursor.execute(statement, [content])


def _columns(model: type[models.Model]) -> sql.Composed:
    names = (sql.Identifier(field.column) for field in model._meta.concrete_fields)
    return sql.SQL(", ").join(names)
