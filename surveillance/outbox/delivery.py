"""Claim, send outside any transaction, record.

Destinations go on beside each other, letters to one destination one after another. A worker that
dies between claim and record leaves stale claims, which go back to the queue with the same ids. So
nothing is lost; a receiver may see a letter twice only after a crash between its acceptance and
our mark, always with the same id. Marks are written at least every quarter of a second, and where
they lag behind, no further letter leaves.
"""

import time
from collections import Counter

from django.conf import settings

from surveillance import clock
from surveillance.outbox import breaker, claims, gathering, holding, recording
from surveillance.outbox.claims import Batch
from surveillance.outbox.lanes import channel_of
from surveillance.outbox.sending import THREADS, Crew, Done

AHEAD = 256  # lanes of a channel that are claimed at once, so that no thread waits for a claim
RECORD_EVERY = 0.25  # seconds
LOOK_EVERY = 0.5  # seconds, for destinations that nothing was waiting for before


def deliver(limit: int = 10_000, seconds: float = 60.0, an_hour: int | None = None) -> int:
    """Send what is due until nothing is, `limit` letters have been claimed, or time is up by the
    wall; what is under way then is ended. Returns how many letters were claimed: none while a
    restore is going on. `an_hour`: where the breaker holds, as LETTERS_AN_HOUR unless given."""
    if holding.everything_stands_still():
        return 0
    gathering.gather(clock.now())
    most = settings.LETTERS_AN_HOUR if an_hour is None else an_hour
    handled, until, claimant = 0, time.monotonic() + seconds, Claimant(most)
    with Crew() as crew:
        while True:
            if handled < limit and time.monotonic() < until:
                for batch in claimant.claim(limit - handled):
                    handled += len(batch.messages)
                    crew.take(batch)
            if not claimant.under_way.total():
                return handled
            # Half of what is under way may end unrecorded: the threads still have enough to do.
            crew.grow_where_slow()
            results = crew.tray.empty(RECORD_EVERY, ends=claimant.under_way.total() // 2 or 1)
            recording.record(results, clock.now())
            crew.tray.note_recorded(results)
            claimant.note_ends([one.batch for one in results if isinstance(one, Done)])


class Claimant:
    """Claims for a crew: what has room, from a list of what waits that is a moment old; of that,
    as many letters as may leave in an hour."""

    def __init__(self, most_an_hour: int) -> None:
        self.under_way = Counter[str]()  # batches by channel
        self._most_an_hour = most_an_hour
        self._letters = 0  # under way
        self._waiting: list[str] = []
        self._looks_at = 0.0  # by the wall

    def claim(self, most: int) -> list[Batch]:
        room = {channel: AHEAD - self.under_way[channel] for channel in THREADS}
        now = time.monotonic()
        if now >= self._looks_at or not self.under_way.total():
            self._waiting = claims.waiting(clock.now())
            self._looks_at = now + LOOK_EVERY
        if not self._waiting or max(room.values()) < AHEAD // 2:
            return []
        batches = claims.claim(clock.now(), self._waiting, room, most)
        breaker.hold_surplus(batches, self._letters, self._most_an_hour, clock.now())
        self._letters += sum(len(batch.messages) for batch in batches)
        taken = {batch.lane for batch in batches}
        self._waiting = [lane for lane in self._waiting if lane not in taken]
        self.under_way.update(channel_of(batch.lane) for batch in batches)
        return batches

    def note_ends(self, batches: list[Batch]) -> None:
        self.under_way.subtract(channel_of(batch.lane) for batch in batches)
        self._letters -= sum(len(batch.messages) for batch in batches)
        if batches and not self._waiting:
            self._looks_at = 0.0  # their destinations may have more
