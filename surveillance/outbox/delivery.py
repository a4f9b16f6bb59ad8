"""Claim, send outside any transaction, record.

Destinations go on beside each other, letters to one destination one after another. A worker that
dies between claim and record leaves stale claims, which go back to the queue with the same ids. So
nothing is lost; a receiver may see a letter twice only after a crash between its acceptance and
our mark, always with the same id. Marks are written at least every quarter of a second.
"""

import time
from collections import Counter

from surveillance import clock
from surveillance.outbox import claims, holding, recording
from surveillance.outbox.claims import Batch
from surveillance.outbox.lanes import channel_of
from surveillance.outbox.letter import Channel
from surveillance.outbox.sending import THREADS, Crew, Done

# Lanes of one channel under way at once: none can take all threads from the others.
ROOM: dict[str, int] = {
    Channel.EMAIL: THREADS // 2,
    Channel.WEBHOOK: THREADS // 2 + THREADS // 4,
    Channel.IN_APP: 1,
}
AHEAD = 4  # lanes claimed for each that can be under way, so that no thread waits for a claim
RECORD_EVERY = 0.25  # seconds
LOOK_EVERY = 0.5  # seconds, for letters to destinations that nothing is on its way to


def deliver(limit: int = 10_000, seconds: float = 60.0) -> int:
    """Send what is due until nothing is, `limit` letters have been claimed, or time is up by the
    wall; what is under way then is ended. Returns how many letters were claimed: none while a
    restore is going on."""
    if holding.everything_stands_still():
        return 0
    handled, under_way, until = 0, Counter[str](), time.monotonic() + seconds
    looks_at = 0.0  # by the wall: when it is worth asking for more
    with Crew() as crew:
        while True:
            now = time.monotonic()
            if looks_at <= now < until and handled < limit:
                looks_at = now + LOOK_EVERY
                for batch in _claim(under_way, limit - handled):
                    handled += len(batch.messages)
                    under_way[channel_of(batch.lane)] += 1
                    crew.take(batch)
            if not under_way.total():
                return handled
            results = crew.tray.empty(RECORD_EVERY)
            recording.record(results, clock.now())
            ended = [channel_of(one.batch.lane) for one in results if isinstance(one, Done)]
            if ended:
                looks_at = 0.0  # a destination is free
            under_way.subtract(ended)


def _claim(under_way: Counter[str], most: int) -> list[Batch]:
    room: dict[str, int] = {
        channel: AHEAD * lanes - under_way[channel] for channel, lanes in ROOM.items()
    }
    if not any(free > AHEAD * ROOM[channel] // 2 for channel, free in room.items()):
        return []  # enough is under way
    return claims.claim(clock.now(), room, min(most, claims.A_BATCH))
