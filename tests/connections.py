"""A second connection to the database, for tests in which two people act at once."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from django.db import connection, transaction

T = TypeVar("T")
PATIENCE = 10.0  # seconds


def at_once(act: Callable[[], object], other: Callable[[], T]) -> T:
    """`act`, and `other` on a connection of its own that begins before `act` is committed.

    Returns or raises what `other` does. Only in tests that commit (transaction=True).
    """
    with transaction.atomic():
        act()
        pool = ThreadPoolExecutor(max_workers=1)
        future = pool.submit(_with_own_connection, other)
        pool.shutdown(wait=False)
        _until_it_waits_for_us_or_is_done(future)
    return future.result(timeout=PATIENCE)


def _with_own_connection(act: Callable[[], T]) -> T:
    try:
        return act()
    finally:
        connection.close()  # the thread's own


def _until_it_waits_for_us_or_is_done(future: "Future[T]") -> None:
    end = time.monotonic() + PATIENCE
    while not future.done() and not _somebody_waits_for_us():
        assert time.monotonic() < end, "the other connection neither waits nor ends"
        time.sleep(0.01)


def _somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted"
            " AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
