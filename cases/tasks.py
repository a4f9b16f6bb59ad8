"""The beats of the work: each calls its sweep (cases/flows/sweeps.py)."""

from celery import shared_task

from cases.flows import sweeps
from surveillance import clock


@shared_task(name="cases.remind")
def remind() -> int:
    return sweeps.remind(clock.now())


@shared_task(name="cases.note_missed_deadlines")
def note_missed_deadlines() -> int:
    return sweeps.note_missed_deadlines(clock.now())
