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

DUE = 200  # items that fall due
FEW = 10_000  # open ones, against as many as there are


class _Undo(Exception):
    pass


def deadlines() -> Measured:
    many = Item.objects.filter(started_at__isnull=False).count()
    few, all_of_them = _sweep(FEW), _sweep(many)
    return Measured(
        f"deadline sweep, {DUE:,} due",
        "≤ 2 × the time among 10,000",
        note=f"{few * 1000 / DUE:.1f} ms each among {FEW:,} open,"
        f" {all_of_them * 1000 / DUE:.1f} among {many:,}: × {all_of_them / few:.2f}",
    )


def _sweep(count: int) -> float:
    """Seconds to note DUE missed deadlines among `count` open items."""
    at = clock.now()
    seconds = 0.0
    try:
        with transaction.atomic():
            _fill(count, at)
            seconds = timing.once(lambda: sweeps.note_missed_deadlines(at))
            noted = Item.objects.filter(missed_at=at).count()
            if noted != DUE:
                raise RuntimeError(f"{noted} of {DUE} missed deadlines were noted")
            raise _Undo
    except _Undo:
        return seconds


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
