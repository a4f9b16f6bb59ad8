"""The beat of uploaded feeds."""

import time

from celery import shared_task

from sellers.flows import uploads
from surveillance.outbox import queue

ROOM = 30.0  # seconds after which the rest is left to a task of its own


@shared_task(name=uploads.TASK)
def import_uploads() -> int:
    """One file after another; each has the time of a whole task before it."""
    done, until = 0, time.monotonic() + ROOM
    while time.monotonic() < until:
        if uploads.import_next() is None:
            return done
        done += 1
    queue.start(uploads.TASK)
    return done
