"""The beats of long work: each calls its sweep (sweeps.py)."""

from celery import shared_task

from surveillance import clock
from surveillance.jobs import sweeps


@shared_task(name="jobs.give_up_stalled")
def give_up_stalled() -> int:
    return sweeps.give_up_stalled(clock.now())


@shared_task(name="jobs.forget_files")
def forget_files() -> int:
    return sweeps.forget_files()
