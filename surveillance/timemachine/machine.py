"""One clock that web, worker and beat all ask, moved forward by full hours.

How far it is ahead stands in a row, so that it outlives every process and an emptied cache. Each
process looks at the row at most every `LOOK_EVERY` seconds: `clock.now()` costs nothing between.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.models import Value
from django.db.models.functions import Greatest

from surveillance import clock
from surveillance.clock.instants import Source
from surveillance.timemachine.models import TimeMachine

LOOK_EVERY = 0.2  # seconds
HOUR = timedelta(hours=1)
FURTHEST = timedelta(days=60)  # one play
_LOCK = 0x71CE


class AheadOf:
    """Tells the time of `base`, put forward by what the row says. Never goes back."""

    def __init__(self, base: Source) -> None:
        self._base = base
        self._ahead = timedelta(0)
        self._next_look = 0.0

    def __call__(self) -> datetime:
        if time.monotonic() >= self._next_look:
            self._look()
        return self._base() + self._ahead

    def move_to(self, instant: datetime) -> None:
        """For every process. An instant that has passed changes nothing."""
        self._ahead = max(self._ahead, instant - self._base())
        _row()
        TimeMachine.objects.update(ahead=Greatest("ahead", Value(self._ahead)))

    def _look(self) -> None:
        self._next_look = time.monotonic() + LOOK_EVERY
        try:
            ahead = TimeMachine.objects.values_list("ahead", flat=True).first()
        except DatabaseError:
            return  # within a transaction that has failed: as it was known last
        self._ahead = max(self._ahead, ahead or timedelta(0))


_machine = AheadOf(clock.system_time)


def install(base: Source = clock.system_time) -> None:
    """Let `clock.now()` ask the time machine."""
    global _machine
    _machine = AheadOf(base)
    clock.set_source(_machine)


def state() -> TimeMachine:
    """The row as it stands; one that has never moved where there is none yet."""
    return TimeMachine.objects.first() or TimeMachine()


def set_goal(hours: int) -> TimeMachine:
    """Ask for so many full hours more: from the goal of the play under way, or from now when
    nobody is playing, or whoever did was broken off.

    Raises ValueError for none, and for more than FURTHEST from now.
    """
    now = clock.now()
    machine = _row()
    if machine.goal is None or not machine.is_playing(now) or is_free():
        machine.begun_at = machine.goal = full_hour(now)
    machine.goal += hours * HOUR
    if hours < 1 or machine.goal - now > FURTHEST:
        raise ValueError(f"{hours} hours: at least 1, and at most {FURTHEST.days} days from now")
    machine.save(update_fields=["begun_at", "goal"])
    return machine


def stop() -> None:
    """The play under way ends with the hour that it is in."""
    TimeMachine.objects.filter(goal__gt=clock.now()).update(goal=clock.now())


@contextmanager
def at_the_controls() -> Iterator[bool]:
    """Is the machine ours within the block? One process plays at a time; the database lets go of
    the lock when that process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        ours = bool(cursor.fetchone()[0])
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def is_free() -> bool:
    """Is nobody at the controls?"""
    with at_the_controls() as ours:
        return ours


def play(step: Callable[[datetime], None], *, seconds: float | None = None) -> None:
    """Move the clock hour by hour to its goal and call `step` at each, the time standing.

    `seconds`: how long at most, by the wall. Only at the controls.
    """
    standing = clock.now()
    before = clock.set_source(lambda: standing)
    until = time.monotonic() + seconds if seconds else None
    try:
        while (until is None or time.monotonic() < until) and _has_hour(standing):
            standing = full_hour(standing) + HOUR
            _machine.move_to(standing)
            step(standing)
    finally:
        clock.set_source(before)


def full_hour(instant: datetime) -> datetime:
    """The last one that has struck."""
    return instant.replace(minute=0, second=0, microsecond=0)


def _has_hour(instant: datetime) -> bool:
    """Does another full hour fit before the goal? It may have been moved meanwhile."""
    goal = TimeMachine.objects.values_list("goal", flat=True).first()
    return goal is not None and full_hour(instant) + HOUR <= goal


def _row() -> TimeMachine:
    return TimeMachine.objects.get_or_create(pk=1)[0]
