"""The outbox's beats."""

from celery import shared_task

from surveillance import clock
from surveillance.outbox import claims, delivery, forgetting
from surveillance.outbox.models import Canary


@shared_task(name="outbox.deliver")
def deliver() -> int:
    """Until nothing is due, so that a burst does not wait for the next beat; but never so long
    that the job's own time limit ends it in the middle of a message."""
    return delivery.deliver(seconds=60)


@shared_task(name="outbox.recover_claims")
def recover_claims() -> int:
    return claims.recover_claims(clock.now())


@shared_task(name="outbox.forget_tries")
def forget_tries() -> int:
    return forgetting.forget_tries(clock.now())


@shared_task(name="outbox.canary")
def canary() -> None:
    Canary.objects.update_or_create(pk=1, defaults={"finished_at": clock.now()})
