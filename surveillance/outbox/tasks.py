"""The outbox's beats."""

from datetime import timedelta

from celery import shared_task

from surveillance import clock
from surveillance.outbox import delivery
from surveillance.outbox.models import Canary


@shared_task(name="outbox.deliver")
def deliver() -> int:
    """Until nothing is due, so that a burst does not wait for the next beat; but never so long
    that the job's own time limit ends it in the middle of a message."""
    handled, until = 0, clock.now() + timedelta(minutes=1)
    while clock.now() < until and (batch := delivery.deliver(limit=20)):
        handled += batch
    return handled


@shared_task(name="outbox.recover_claims")
def recover_claims() -> int:
    return delivery.recover_claims(clock.now())


@shared_task(name="outbox.canary")
def canary() -> None:
    Canary.objects.update_or_create(pk=1, defaults={"finished_at": clock.now()})
