"""The beats of the work: each calls its sweep (cases/flows/sweeps.py)."""

import time
from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.conf import settings

from cases.demo import playing
from cases.demo.dice import Dice
from cases.flows import answer_files, clock_sweep, sandbox_sweep, sweeps
from cases.stats import tallies
from surveillance import clock
from surveillance.calendars import flows as rules
from surveillance.outbox import queue
from surveillance.timemachine import machine

ROOM = 45.0  # seconds after which the rest is left to a task of its own, or to the next beat


def _while_much_is_due(sweep: Callable[[datetime], int]) -> int:
    """A sweep that has filled its batch may have left something: then it runs again at once."""
    handled, until = 0, time.monotonic() + ROOM
    while True:
        done = sweep(clock.now())
        handled += done
        if done < sweeps.BATCH or time.monotonic() > until:
            return handled


@shared_task(name="cases.remind")
def remind() -> int:
    return _while_much_is_due(sweeps.remind)


@shared_task(name="cases.note_missed_deadlines")
def note_missed_deadlines() -> int:
    noted = _while_much_is_due(sweeps.note_missed_deadlines)
    return noted + sweeps.note_late_appeals(clock.now())


@shared_task(name=rules.RECOMPUTE_CLOCKS)
def recompute_clocks() -> int:
    return clock_sweep.recompute_clocks(clock.now())


@shared_task(name="cases.tally")
def tally() -> int:
    return tallies.tally()


@shared_task(name="cases.play_sandbox")
def play_sandbox() -> int:
    return sandbox_sweep.play(clock.now())


@shared_task(name=answer_files.TASK)
def answer_from_files() -> int:
    """One file; the others are left to a task of their own."""
    if answer_files.answer_next() is None:
        return 0
    queue.start(answer_files.TASK)
    return 1


@shared_task(name=playing.TASK)
def play_demo() -> None:
    """Hour by hour to where the demo's clock is going. Nothing outside the demo."""
    ours = settings.DEMO and playing.play(Dice(), seconds=ROOM)
    if ours and machine.state().is_playing(clock.now()):
        queue.start(playing.TASK)
