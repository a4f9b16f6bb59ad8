"""The outbox's beats."""

import logging
import time

from celery import shared_task
from django.conf import settings

from surveillance import clock
from surveillance.outbox import claims, delivery, forgetting, queue
from surveillance.outbox.bounces import reading
from surveillance.outbox.bounces.mailbox import NoMailbox
from surveillance.outbox.models import Canary

logger = logging.getLogger(__name__)
TURN = 20.0  # seconds, after which what waits for a worker has its turn


@shared_task(name="outbox.deliver")
def deliver() -> int:
    """Until nothing is due, but no longer than a turn: however many letters there are, a sweep
    comes to a worker soon. What is left then is asked for again, and does not wait for a beat."""
    until = time.monotonic() + TURN
    handled = delivery.deliver(seconds=TURN)
    if time.monotonic() >= until:
        queue.poke()
    return handled


@shared_task(name="outbox.recover_claims")
def recover_claims() -> int:
    return claims.recover_claims(clock.now())


@shared_task(name="outbox.forget_tries")
def forget_tries() -> int:
    return forgetting.forget_tries(clock.now())


@shared_task(name="outbox.read_bounces")
def read_bounces() -> int:
    """How many letters came back. Nothing where no mailbox is set."""
    url = settings.BOUNCE_MAILBOX_URL
    if not url:
        return 0
    try:
        return reading.read_mailbox(url, clock.now()).marked
    except NoMailbox as problem:
        logger.warning("the mailbox of bounces cannot be read: %s", problem)
        return 0


@shared_task(name="outbox.canary")
def canary() -> None:
    Canary.objects.update_or_create(pk=1, defaults={"finished_at": clock.now()})
