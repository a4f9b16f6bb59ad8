"""Claim, send outside any transaction, record.

Destinations go on beside each other, letters to one destination one after another. A worker that
dies between claim and record leaves stale claims, which go back to the queue with the same ids. So
nothing is lost; a receiver may see a letter twice only after a crash between its acceptance and
our mark, always with the same id. Marks are written at least every quarter of a second.
"""

import queue
import time
from collections import Counter

from surveillance import clock
from surveillance.outbox import claims, recording
from surveillance.outbox.claims import Batch
from surveillance.outbox.lanes import channel_of
from surveillance.outbox.letter import Channel
from surveillance.outbox.sending import THREADS, Crew, Done, Result

# Lanes of one channel under way at once: none can take all threads from the others.
ROOM: dict[str, int] = {
    Channel.EMAIL: THREADS // 2,
    Channel.WEBHOOK: THREADS // 2 + THREADS // 4,
    Channel.IN_APP: 1,
}
AHEAD = 4  # lanes claimed for each that can be under way, so that no thread waits for a claim
RECORD_EVERY = 0.25  # seconds
RECORD_AT = 50  # results


def deliver(limit: int = 10_000, seconds: float = 60.0) -> int:
    """Send what is due until nothing is, `limit` letters have been claimed, or time is up by the
    wall; what is under way then is ended. Returns how many letters were claimed."""
    handled, under_way, until = 0, Counter[str](), time.monotonic() + seconds
    with Crew() as crew:
        while True:
            is_time = time.monotonic() < until and handled < limit
            for batch in _claim(under_way, limit - handled) if is_time else ():
                handled += len(batch.messages)
                under_way[channel_of(batch.lane)] += 1
                crew.take(batch)
            if not under_way.total():
                return handled
            results = _gathered(crew)
            recording.record(results, clock.now())
            under_way.subtract(channel_of(one.batch.lane) for one in results if _is_end(one))


def _claim(under_way: Counter[str], most: int) -> list[Batch]:
    room: dict[str, int] = {
        channel: AHEAD * lanes - under_way[channel] for channel, lanes in ROOM.items()
    }
    if not any(free > AHEAD * ROOM[channel] // 2 for channel, free in room.items()):
        return []  # enough is under way
    return claims.claim(clock.now(), room, min(most, claims.A_BATCH))


def _gathered(crew: Crew) -> list[Result]:
    """What the threads have to tell: enough for one transaction, or all of a quarter second."""
    results: list[Result] = []
    until = time.monotonic() + RECORD_EVERY
    while len(results) < RECORD_AT and (left := until - time.monotonic()) > 0:
        try:
            results.append(crew.results.get(timeout=left))
        except queue.Empty:
            break
        if _is_end(results[-1]) and crew.results.empty():
            break  # its thread is free: claim more for it
    return results


def _is_end(result: Result) -> bool:
    return isinstance(result, Done)
