"""What came of the tries, written down: many letters in a few statements, in one transaction.

Every write is conditional on the claim of the lane: whoever has lost it records nothing but the
try itself.
"""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from surveillance.copying import copy_in
from surveillance.outbox import holding, receipts, retrying
from surveillance.outbox.lanes import channel_of
from surveillance.outbox.models import Attempt, Lane, OutboxMessage
from surveillance.outbox.sending import Done, Outcome, Result, Try
from surveillance.outbox.transports.base import Gone, Unavailable

logger = logging.getLogger(__name__)
STATE = OutboxMessage.State
MOST_OF_AN_ERROR = 2_000  # characters

_RECORD = """
UPDATE outbox_outboxmessage AS kept
   SET state = new.state, attempts = new.attempts, next_attempt_at = new.next_attempt_at,
       delivered_at = coalesce(kept.delivered_at, new.delivered_at), failed_at = new.failed_at,
       last_error = new.last_error
  FROM jsonb_to_recordset(%s::jsonb) AS new (
       id uuid, lane text, claim uuid, state text, attempts int, next_attempt_at timestamptz,
       delivered_at timestamptz, failed_at timestamptz, last_error text)
  JOIN outbox_lane ON outbox_lane.key = new.lane AND outbox_lane.claim = new.claim
 WHERE kept.id = new.id AND kept.state = 'queued'
RETURNING kept.id
"""
_FREE_LANES = """
UPDATE outbox_lane AS kept
   SET claim = NULL, claimed_at = NULL, failures = new.failures, not_before = new.not_before,
       failing_since = CASE WHEN new.failures > 0 THEN coalesce(kept.failing_since, %s) END
  FROM jsonb_to_recordset(%s::jsonb) AS new (
       key text, claim uuid, failures int, not_before timestamptz)
 WHERE kept.key = new.key AND kept.claim = new.claim
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a letter after a try."""

    state: str
    attempts: int
    next_attempt_at: datetime
    error: str = ""


def record(results: Sequence[Result], at: datetime) -> None:
    """Write down tries, then the ends of batches. What has arrived is told to who asked."""
    tries = [one for one in results if isinstance(one, Try)]
    with transaction.atomic():
        recorded = _record_letters({one: _verdict(one, at) for one in tries}, at)
        copy_in([_attempt(one) for one in tries])
        _record_gates(tries, at)
        _record_batches([one for one in results if isinstance(one, Done)], at)
        _tell([one for one in tries if one.message.pk in recorded], at)
    for one in tries:
        if one.problem is None and one.message.pk in recorded:
            logger.info(holding.ARRIVED, one.message.pk)


def _verdict(one: Try, at: datetime) -> Verdict:
    message, attempts = one.message, one.message.attempts + 1
    error = str(one.problem or "")[:MOST_OF_AN_ERROR].replace("\x00", "\ufffd")
    if one.problem is None:
        return Verdict(STATE.DELIVERED, attempts, message.next_attempt_at)
    if one.is_everywhere:  # nobody has seen the letter: that was no try of it
        return Verdict(STATE.QUEUED, message.attempts, message.next_attempt_at, error)
    is_given_up = retrying.is_given_up(attempts, at - message.queued_at)
    if one.outcome == Outcome.REFUSED or is_given_up:
        return Verdict(STATE.FAILED, attempts, message.next_attempt_at, error)
    if isinstance(one.problem, Unavailable):  # the lane waits, and the letter stays first in it
        return Verdict(STATE.QUEUED, attempts, message.next_attempt_at, error)
    return Verdict(STATE.QUEUED, attempts, at + retrying.wait(attempts, one.spread), error)


def _record_letters(verdicts: dict[Try, Verdict], at: datetime) -> set[UUID]:
    """The ids of those that were still ours to record."""
    if not verdicts:
        return set()
    values = [
        {
            "id": str(one.message.pk),
            "lane": one.batch.lane,
            "claim": str(one.batch.claim),
            "state": verdict.state,
            "attempts": verdict.attempts,
            "next_attempt_at": verdict.next_attempt_at.isoformat(),
            "delivered_at": at.isoformat() if verdict.state == STATE.DELIVERED else None,
            "failed_at": at.isoformat() if verdict.state == STATE.FAILED else None,
            "last_error": verdict.error,
        }
        for one, verdict in verdicts.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [json.dumps(values)])
        return {key for (key,) in cursor.fetchall()}


def _attempt(one: Try) -> Attempt:
    return Attempt(
        message=one.message,
        number=one.message.attempts + 1,
        started_at=one.started_at,
        milliseconds=round(one.took / timedelta(milliseconds=1)),
        outcome=one.outcome,
        status=one.exchange.status,
        reply=str(one.problem or "")[:MOST_OF_AN_ERROR].replace("\x00", "\ufffd"),
        request=dict(one.exchange.request),
        response=dict(one.exchange.response),
    )


def _record_gates(tries: Iterable[Try], at: datetime) -> None:
    """Of whole channels: shut when our own way out is, open again with the first arrival."""
    shut = {channel_of(one.batch.lane) for one in tries if one.is_everywhere}
    arrived = [one.batch for one in tries if one.problem is None and one.batch.tries_gate]
    if opened := {channel_of(batch.lane) for batch in arrived} - shut:
        Lane.objects.filter(key__in=opened).delete()
    for key in sorted(shut):
        gate, _new = Lane.objects.select_for_update().get_or_create(key=key)
        if gate.not_before is not None and gate.not_before > at:
            continue  # another thread ran into the same wall
        gate.failures += 1
        gate.failing_since = gate.failing_since or at
        gate.not_before = at + retrying.gate_wait(gate.failures)
        gate.save()


def _record_batches(ends: Sequence[Done], at: datetime) -> None:
    """A lane that is well loses its row. Letters that were not tried are queued as before."""
    well = [end.batch for end in ends if not end.failures]
    for claim in {batch.claim for batch in well}:
        keys = [batch.lane for batch in well if batch.claim == claim]
        Lane.objects.filter(claim=claim, key__in=keys).delete()
    ailing = [end for end in ends if end.failures]
    if ailing:
        values = [_lane_values(end, at) for end in ailing]
        with connection.cursor() as cursor:
            cursor.execute(_FREE_LANES, [at, json.dumps(values)])


def _lane_values(end: Done, at: datetime) -> dict[str, Any]:
    return {
        "key": end.batch.lane,
        "claim": str(end.batch.claim),
        "failures": end.failures,
        "not_before": (at + _pause(end.closed_by, at)).isoformat() if end.closed_by else None,
    }


def _pause(last: Try, at: datetime) -> timedelta:
    """As long as the last letter's own wait; once that is given up, the next goes ahead soon."""
    attempts = last.message.attempts + 1
    asked = last.problem.retry_after if isinstance(last.problem, Unavailable) else None
    if retrying.is_given_up(attempts, at - last.message.queued_at):
        attempts = 1
    return retrying.wait(attempts, last.spread, timedelta(seconds=asked) if asked else None)


def _tell(tries: Iterable[Try], at: datetime) -> None:
    lost = []
    for one in tries:
        message = one.message
        if one.problem is None:
            if message.delivered_at is None:
                receipts.arrived(message.letter, message.about, at)
        elif isinstance(one.problem, Gone) and message.endpoint_id is not None:
            receipts.gone(message.endpoint_id, str(one.problem), at)
        verdict = _verdict(one, at)
        if verdict.state == STATE.FAILED:
            message.last_error = verdict.error
            lost.append(message)
    if lost:
        receipts.lost(lost, at)
