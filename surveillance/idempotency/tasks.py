"""The beat that forgets answered calls."""

from celery import shared_task

from surveillance import clock
from surveillance.idempotency import calls


@shared_task(name="idempotency.forget")
def forget() -> int:
    return calls.forget(clock.now())
