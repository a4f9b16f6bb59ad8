"""Which letters go out next: a batch for each destination that is free and due.

A claim is of a lane, by a conditional update (SKIP LOCKED: workers never wait for each other): so
at most one batch to a destination is under way, and its letters need no mark of their own. A
worker that dies leaves a stale claim; once that is taken back, the letters go out, ids unchanged.
"""

import time
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from surveillance.outbox import receipts
from surveillance.outbox.lanes import channel_of
from surveillance.outbox.models import Lane, OutboxMessage
from surveillance.outbox.retrying import MOST_TRIES

CLAIM_EXPIRES = timedelta(minutes=10)
# A batch that has not come to a letter by then leaves it to others: its claim may soon be gone.
GOOD_FOR = timedelta(minutes=5)
DEADLY = "each worker that sent it came to its end"
A_BATCH = 200  # letters to one of many destinations
# Of few destinations each gives more, so that its thread seldom waits for the next claim.
AT_ONCE = 1_000

# The lanes with queued letters, each found by one step through the index, however many letters
# wait in it; of those with a due letter and an open gate, the longest waiting.
_WAITING = """
WITH RECURSIVE waiting AS (
    (SELECT lane, next_attempt_at FROM outbox_outboxmessage
      WHERE state = 'queued' AND held = '' ORDER BY lane, next_attempt_at LIMIT 1)
    UNION ALL
    SELECT following.lane, following.next_attempt_at FROM waiting, LATERAL (
        SELECT lane, next_attempt_at FROM outbox_outboxmessage
         WHERE state = 'queued' AND held = '' AND lane > waiting.lane
         ORDER BY lane, next_attempt_at LIMIT 1) AS following)
SELECT lane FROM waiting
 WHERE next_attempt_at <= %(at)s AND NOT EXISTS (
    SELECT FROM outbox_lane AS known
     WHERE known.key IN (waiting.lane, split_part(waiting.lane, ':', 1))
       AND (known.claim IS NOT NULL OR known.not_before > %(at)s))
 ORDER BY next_attempt_at, lane LIMIT 1000
"""
_CLAIM_LANES = """
UPDATE outbox_lane SET claim = %(claim)s, claimed_at = %(at)s
 WHERE key IN (
    SELECT key FROM outbox_lane
     WHERE key = ANY(%(lanes)s) AND claim IS NULL
       AND (not_before IS NULL OR not_before <= %(at)s)
     ORDER BY key FOR UPDATE SKIP LOCKED)
RETURNING key, failures
"""
# Of a lane that has failed, one letter goes ahead to see whether it is well again.
_LETTERS = """
SELECT letter.id
  FROM outbox_lane, LATERAL (
    SELECT id FROM outbox_outboxmessage
     WHERE lane = outbox_lane.key AND state = 'queued' AND held = '' AND next_attempt_at <= %(at)s
     ORDER BY next_attempt_at, created_at
     LIMIT CASE WHEN failures > 0 THEN 1 ELSE %(most)s END) AS letter
 WHERE claim = %(claim)s
"""


@dataclass
class Batch:
    """Letters to one destination, in order. `failures`: of the lane, one after another so far;
    `tries_gate`: this batch is to see whether our own way out is open again."""

    lane: str
    claim: uuid.UUID
    claimed_at: datetime
    failures: int
    tries_gate: bool
    messages: list[OutboxMessage] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    @property
    def elapsed(self) -> timedelta:
        """Since the claim, by the wall: the threads that send ask no database for the time."""
        return timedelta(seconds=time.monotonic() - self.begun)


def waiting(at: datetime) -> list[str]:
    """The lanes with a due letter, the longest waiting first; not those under way or left alone."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"at": at})
        return [lane for (lane,) in cursor.fetchall()]


def claim(
    at: datetime, lanes: Iterable[str], room: Mapping[str, int], most: int = AT_ONCE
) -> list[Batch]:
    """A batch of up to `most` letters for each of up to `room` of the `lanes` of each channel.

    `lanes` may be what was waiting a moment ago: here each is asked for again, under its lock.
    """
    ailing = _ailing(room)
    chosen = _chosen(lanes, room, ailing)
    if not chosen:
        return []
    Lane.objects.bulk_create([Lane(key=key) for key in sorted(chosen)], ignore_conflicts=True)
    ours = uuid.uuid4()
    each = min(most, max(A_BATCH, AT_ONCE // len(chosen)))
    facts: dict[str, Any] = {"claim": ours, "at": at, "lanes": chosen, "most": each}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_LANES, facts)
        failures = dict(cursor.fetchall())
        cursor.execute(_LETTERS, facts)
        keys = [key for (key,) in cursor.fetchall()]
    batches = {
        key: Batch(key, ours, at, failures[key], channel_of(key) in ailing)
        for key in chosen
        if key in failures
    }
    letters = OutboxMessage.objects.filter(pk__in=keys).prefetch_related("endpoint")
    for message in letters.order_by("next_attempt_at", "created_at"):
        batches[message.lane].messages.append(message)
    return list(batches.values())


def recover_claims(at: datetime) -> int:
    """Take back what dead workers had claimed. Returns how many lanes.

    For the lane's first letter it counts as a try, so that a letter that kills its worker cannot
    do so for ever; and for the lane as a failure, so that next time this letter goes alone.
    """
    stale = Lane.objects.filter(claimed_at__lt=at - CLAIM_EXPIRES)
    with transaction.atomic():
        lanes = list(stale.select_for_update(skip_locked=True))
        for lane in lanes:
            lane.claim = lane.claimed_at = None
            lane.failures += 1
            lane.failing_since = lane.failing_since or at
            lane.save()
            _count_try(lane, at)
    return len(lanes)


def _count_try(lane: Lane, at: datetime) -> None:
    letters = OutboxMessage.objects.undelivered().filter(lane=lane.key, held="")
    first = letters.order_by("next_attempt_at", "created_at").select_for_update().first()
    if first is None:
        return
    first.attempts += 1
    if first.attempts >= MOST_TRIES:
        first.state, first.failed_at = OutboxMessage.State.FAILED, at
        first.last_error = DEADLY
        receipts.lost([first], at)
    first.save(update_fields=["attempts", "state", "failed_at", "last_error"])


def _ailing(channels: Iterable[str]) -> set[str]:
    """Those whose gate was shut last: one lane goes ahead to see."""
    gates = Lane.objects.filter(key__in=list(channels), failures__gt=0)
    return set(gates.values_list("key", flat=True))


def _chosen(lanes: Iterable[str], room: Mapping[str, int], ailing: Collection[str]) -> list[str]:
    """In the order given; an unknown channel has as much room as there is anywhere."""
    left = {channel: min(free, 1) if channel in ailing else free for channel, free in room.items()}
    chosen = []
    for lane in lanes:
        channel = channel_of(lane)
        free = left.get(channel, max(room.values()))
        if free > 0:
            left[channel] = free - 1
            chosen.append(lane)
    return chosen
