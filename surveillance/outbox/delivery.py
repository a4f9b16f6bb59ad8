"""Claim, send outside any transaction, record.

A message is claimed by a conditional update (SKIP LOCKED: workers never wait for each other, and
none claims what another holds). A worker that dies between claim and record leaves a stale claim,
which goes back to the queue with the same id. So nothing is lost; a receiver may see one message
twice only after a crash between its acceptance and our mark, always with the same id.
"""

import logging
import random
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from surveillance import clock
from surveillance.outbox import holding, receipts
from surveillance.outbox.letter import Channel
from surveillance.outbox.models import OutboxMessage, OutboxMessageQuerySet
from surveillance.outbox.transports.base import Permanent, Temporary, Transport
from surveillance.outbox.transports.email import Email
from surveillance.outbox.transports.in_app import InApp
from surveillance.outbox.transports.webhook import Webhook

logger = logging.getLogger(__name__)

TRANSPORTS: Mapping[str, Transport] = {
    Channel.EMAIL: Email(),
    Channel.WEBHOOK: Webhook(),
    Channel.IN_APP: InApp(),
}
# Standard Webhooks 1.0.0 suggests this ladder: ten tries over about 75 hours.
RETRY_AFTER = [
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
]
CLAIM_EXPIRES = timedelta(minutes=10)  # longer than a whole batch of timeouts
JITTER = random.SystemRandom()


def deliver(limit: int = 100) -> int:
    """Send what is due, at most `limit` messages. Returns how many were handled: none while a
    restore is going on."""
    if holding.everything_stands_still():
        return 0
    messages = claim(clock.now(), limit)
    for message in messages:
        send(message)
    return len(messages)


def claim(at: datetime, limit: int) -> list[OutboxMessage]:
    """Mark up to `limit` due messages as being sent by us, and return them, oldest first."""
    ours = uuid.uuid4()
    with transaction.atomic():
        due = (
            OutboxMessage.objects.filter(state=OutboxMessage.State.QUEUED, next_attempt_at__lte=at)
            .order_by("next_attempt_at")
            .select_for_update(skip_locked=True)[:limit]
        )
        OutboxMessage.objects.filter(pk__in=[message.pk for message in due]).update(
            state=OutboxMessage.State.SENDING,
            claim=ours,
            claimed_at=at,
            attempts=F("attempts") + 1,
        )
    return list(
        OutboxMessage.objects.filter(claim=ours).select_related("endpoint").order_by("created_at")
    )


def send(message: OutboxMessage) -> None:
    """Hand one claimed message over and record how that went."""
    try:
        TRANSPORTS[message.channel].send(message)
    except Temporary as problem:
        _record_try(message, str(problem), problem.retry_after)
    except Permanent as problem:
        _record_failure(message, str(problem))
    except Exception as problem:  # a fault of ours must neither lose the letter nor stop the rest
        logger.exception("message %s could not be sent", message.pk)
        _record_try(message, f"{type(problem).__name__}: {problem}", None)
    else:
        _record_arrival(message)


def recover_claims(at: datetime) -> int:
    """Put back what a dead worker had claimed. Returns how many."""
    return OutboxMessage.objects.filter(
        state=OutboxMessage.State.SENDING, claimed_at__lt=at - CLAIM_EXPIRES
    ).update(state=OutboxMessage.State.QUEUED, claim=None, claimed_at=None, next_attempt_at=at)


def _ours(message: OutboxMessage) -> OutboxMessageQuerySet:
    """The row, as long as our claim on it holds: a recovered claim records nothing."""
    return OutboxMessage.objects.filter(pk=message.pk, claim=message.claim)


def _record_arrival(message: OutboxMessage) -> None:
    """The mark need not reach the disk before the next letter is sent: a crash that loses it is
    one after which the receiver may see the letter again."""
    at = clock.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO OFF")
        recorded = _ours(message).update(
            state=OutboxMessage.State.DELIVERED, delivered_at=at, claim=None, last_error=""
        )
        if recorded:
            receipts.arrived(message.letter, message.about, at)
    if recorded:
        logger.info(holding.ARRIVED, message.pk)


def _record_try(message: OutboxMessage, error: str, retry_after: float | None) -> None:
    if message.attempts > len(RETRY_AFTER):
        _record_failure(message, error)
        return
    wait = RETRY_AFTER[message.attempts - 1] * JITTER.uniform(1.0, 1.2)
    if retry_after is not None:
        wait = max(wait, timedelta(seconds=retry_after))
    _ours(message).update(
        state=OutboxMessage.State.QUEUED,
        next_attempt_at=clock.now() + wait,
        claim=None,
        claimed_at=None,
        last_error=error[:2000],
    )


def _record_failure(message: OutboxMessage, error: str) -> None:
    _ours(message).update(
        state=OutboxMessage.State.FAILED,
        failed_at=clock.now(),
        claim=None,
        last_error=error[:2000],
    )
