"""How fast a feed is imported, against bare COPY of the very rows that the import writes.

Both run in transactions that are rolled back, one behind the other in the same database with the
same indexes and triggers, so that their ratio means something on any machine. The import is
everything: reading, checking, hashing, looking for what is held, writing, the trail. COPY is
given its rows as bytes in memory.
"""

import io
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
    copy_seconds: float

    @property
    def ratio(self) -> float:
        """1 would be as fast as COPY."""
        return self.copy_seconds / self.import_seconds

    def __str__(self) -> str:
        return (
            f"{self.records:,} records, {self.rows:,} rows: import {self.import_seconds:.2f} s, "
            f"COPY {self.copy_seconds:.2f} s, ratio {self.ratio:.2f}"
        )


def measure(
    intake: Callable[[], Intake[Any]],
    stream: BinaryIO,
    tables: tuple[type[models.Model], ...] = ALERT_ROWS,
) -> Speed:
    """Import the file, then COPY what that wrote into `tables`; nothing of it stays."""
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
            _copy_again(model, content)
        copy_seconds = time.perf_counter() - started
    return Speed(counts.read, rows, import_seconds, copy_seconds)


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _last_key(model: type[models.Model]) -> int:
    return model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0


def _written_after(model: type[models.Model], key: int) -> bytes:
    content = io.BytesIO()
    table, pk = sql.Identifier(model._meta.db_table), sql.Identifier(model._meta.pk.column)
    query = sql.SQL("COPY (SELECT {} FROM {} WHERE {} > {} ORDER BY {}) TO STDOUT").format(
        _columns(model), table, pk, sql.Literal(key), pk
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for chunk in copy:
            content.write(chunk)
    return content.getvalue()


def _copy_again(model: type[models.Model], content: bytes) -> None:
    table = sql.Identifier(model._meta.db_table)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, _columns(model))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(content)


def _columns(model: type[models.Model]) -> sql.Composed:
    names = (sql.Identifier(field.column) for field in model._meta.concrete_fields)
    return sql.SQL(", ").join(names)
