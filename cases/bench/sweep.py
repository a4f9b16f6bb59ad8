"""The sweep for missed deadlines: does its time follow what is due, or what exists?

Items are opened again for it in a transaction that is rolled back. What that leaves behind are dead
rows for autovacuum, so this is measured last.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction

from cases.bench import timing
from cases.bench.table import Measured
from cases.flows import sweeps
from cases.models import Item, TakedownRequest
from cases.states import TakedownState
from surveillance import clock

DUE = 1_000  # items that are made to fall due
FEW = 10_000  # open ones, against as many as there are


class _Undo(Exception):
    pass


def deadlines() -> Measured:
    many = Item.objects.filter(started_at__isnull=False).count()
    few, all_of_them = _sweep(FEW), _sweep(many)
    return Measured(
        f"deadline sweep, {DUE:,} due",
        "≤ 2 × the time among 10,000",
        note=f"{few:.2f} ms each among {FEW:,} open, {all_of_them:.2f} among {many:,}:"
        f" × {all_of_them / few:.2f}",
    )


def _sweep(count: int) -> float:
    """Milliseconds to note a missed deadline among `count` open items, those that other parts of
    the bench left overdue among them."""
    at = clock.now()
    seconds, due = 0.0, 1
    try:
        with transaction.atomic():
            _fill(count, at)
            due = Item.objects.overdue(at).not_yet_noted().count()
            seconds = timing.once(lambda: sweeps.note_missed_deadlines(at))
            noted = Item.objects.filter(missed_at=at).count()
            if noted != due:
                raise RuntimeError(f"{noted} of {due} missed deadlines were noted")
            raise _Undo
    except _Undo:
        return seconds * 1000 / due


def _fill(count: int, at: datetime) -> None:
    """The latest `count` items are open again; DUE of them, in requests that are issued, were
    due an hour ago."""
    items, requests = Item._meta.db_table, TakedownRequest._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {items} SET state = 'pending', missed_at = NULL, escalate_at = NULL,"
            f" pauses = '[]', paused_at = NULL, due_at = %s WHERE id IN (SELECT id FROM {items}"
            " WHERE started_at IS NOT NULL ORDER BY id DESC LIMIT %s)",
            [at + timedelta(days=30), count],
        )
        cursor.execute(
            f"UPDATE {items} SET due_at = %s WHERE id IN"
            f" (SELECT i.id FROM {items} i JOIN {requests} t ON t.id = i.takedown_id"
            " WHERE t.state = %s AND i.due_at > %s ORDER BY i.id DESC LIMIT %s)",
            [at - timedelta(hours=1), TakedownState.ISSUED, at, DUE],
        )
