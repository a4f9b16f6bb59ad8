"""Sending in threads: each takes the next batch, so that a slow destination holds up itself alone.

A thread touches no database: it sends, and puts what came of it into a queue, from which the
thread that claimed records it.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from surveillance.outbox.claims import GOOD_FOR, Batch
from surveillance.outbox.lanes import channel_of
from surveillance.outbox.letter import Channel
from surveillance.outbox.models import Attempt, OutboxMessage
from surveillance.outbox.retrying import CLOSES_AFTER, jitter
from surveillance.outbox.transports.base import (
    Exchange,
    Gone,
    NotTaken,
    Permanent,
    Temporary,
    Transport,
    Unavailable,
)
from surveillance.outbox.transports.email import Email
from surveillance.outbox.transports.in_app import InApp
from surveillance.outbox.transports.webhook import Webhook

logger = logging.getLogger(__name__)

Outcome = Attempt.Outcome
TRANSPORTS: Mapping[str, Callable[[], Transport]] = {
    Channel.EMAIL: Email,
    Channel.WEBHOOK: Webhook,
    Channel.IN_APP: InApp,
}
THREADS: dict[str, int] = {Channel.EMAIL: 8, Channel.WEBHOOK: 16, Channel.IN_APP: 1}
FIRST_THREADS = 2  # of a channel
SLOW_AFTER = 0.1  # seconds without an end, then there are more
MANY = 100  # results in one transaction
# Letters that were tried and not yet recorded: with one more for each thread, what one death may
# send again is 200 at most.
UNRECORDED = 175
PATIENCE = 10.0  # seconds that one batch may take before others get the thread


@dataclass(frozen=True, slots=True, eq=False)
class Try:
    """One try to hand one letter over. `problem`: what was raised, None for an arrival."""

    batch: Batch
    message: OutboxMessage
    started_at: datetime
    took: timedelta
    exchange: Exchange
    problem: NotTaken | None = None
    spread: float = field(default_factory=jitter)  # of the wait that follows

    @property
    def outcome(self) -> Outcome:
        if self.problem is None:
            return Outcome.ARRIVED
        return Outcome.REFUSED if isinstance(self.problem, Permanent) else Outcome.LATER

    @property
    def is_everywhere(self) -> bool:
        return isinstance(self.problem, Unavailable) and self.problem.everywhere


@dataclass(frozen=True, slots=True)
class Done:
    """The batch has come to its end: `failures` in a row at the end of it; `closed_by` the try
    after which the destination is left alone. Letters behind it were not tried."""

    batch: Batch
    failures: int
    closed_by: Try | None = None


Result = Try | Done


class Over(Exception):
    """Whoever recorded has gone: what is sent from now on would be sent again."""


class Tray:
    """Results on their way to whoever records them, who is woken for enough ends of batches or for
    many results, not for each."""

    def __init__(self) -> None:
        self._results: list[Result] = []
        self._room = threading.Semaphore(UNRECORDED)
        self._is_closed = False
        self._ends, self._enough = 0, 1
        self._lock = threading.Lock()
        self._worth_a_look = threading.Event()

    def put(self, result: Result) -> None:
        """After a try it waits, while too many are not recorded. Raises Over."""
        with self._lock:
            self._results.append(result)
            self._ends += isinstance(result, Done)
            if self._ends >= self._enough or len(self._results) >= MANY:
                self._worth_a_look.set()
        if isinstance(result, Try):
            self._room.acquire()
            if self._is_closed:
                raise Over

    def note_recorded(self, results: Iterable[Result]) -> None:
        if tries := sum(isinstance(one, Try) for one in results):
            self._room.release(tries)

    def close(self) -> None:
        """Nothing will be recorded any more: threads that wait here end their batches."""
        self._is_closed = True
        self._room.release(sum(THREADS.values()))

    def empty(self, seconds: float, ends: int = 1) -> list[Result]:
        """What has come in: after so many ends of batches, or at most so many seconds."""
        with self._lock:
            self._enough = ends
            if self._ends >= ends:
                self._worth_a_look.set()
        self._worth_a_look.wait(seconds)
        with self._lock:
            found, self._results, self._ends = self._results, [], 0
            self._worth_a_look.clear()
        return found


class Team:
    """The threads of one channel. A few at first, for threads that have work take the processor
    from each other; more when what is under way does not come to an end."""

    def __init__(self, most: int, tray: Tray) -> None:
        self._most = most
        self._tray = tray
        self._batches: queue.SimpleQueue[Batch | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._ends = self._ends_before = 0
        self._moved_at = 0.0  # by the wall
        self._is_over = False

    def take(self, batch: Batch) -> None:
        if self._batches.empty():
            self._moved_at = time.monotonic()
        self._batches.put(batch)
        if not self._threads:
            self._grow(FIRST_THREADS)

    def grow_if_slow(self) -> None:
        """To be asked every moment: twice the threads, where batches wait and none has ended."""
        now = time.monotonic()
        if self._ends != self._ends_before:
            self._ends_before, self._moved_at = self._ends, now
        elif now - self._moved_at > SLOW_AFTER and not self._batches.empty():
            self._grow(len(self._threads))
            self._moved_at = now

    def stop(self) -> None:
        """Batches that wait are left to whoever takes back their claims."""
        self._is_over = True
        for _thread in self._threads:
            self._batches.put(None)
        for thread in self._threads:
            thread.join()

    def _grow(self, by: int) -> None:
        for _number in range(min(by, self._most - len(self._threads))):
            thread = threading.Thread(target=self._work, name="outbox")
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        own: dict[str, Transport] = {}

        def transport_of(channel: str) -> Transport:
            if channel not in own:
                own[channel] = TRANSPORTS[channel]()
            return own[channel]

        try:
            while (batch := self._batches.get()) is not None and not self._is_over:
                self._send(batch, transport_of)
        finally:
            for transport in own.values():
                transport.close()

    def _send(self, batch: Batch, transport_of: Callable[[str], Transport]) -> None:
        done = Done(batch, batch.failures + 1)
        try:
            done = send_batch(batch, transport_of, self._tray.put)
        except Over:
            logger.info("the batch to %s was left", batch.lane)
        except Exception:
            logger.exception("the batch to %s broke off", batch.lane)
        finally:
            self._ends += 1
            self._tray.put(done)


class Crew:
    """A team for each channel, so that no channel can take the threads of another. A context
    manager: at its end all threads have ended."""

    def __init__(self) -> None:
        self.tray = Tray()
        self._teams = {channel: Team(most, self.tray) for channel, most in THREADS.items()}

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, *raised: object) -> None:
        self.tray.close()
        for team in self._teams.values():
            team.stop()

    def take(self, batch: Batch) -> None:
        """Letters from before there were lanes have none: any team can send them."""
        self._teams.get(channel_of(batch.lane), self._teams[Channel.EMAIL]).take(batch)

    def grow_where_slow(self) -> None:
        for team in self._teams.values():
            team.grow_if_slow()


def send_batch(
    batch: Batch, transport_of: Callable[[str], Transport], told: Callable[[Try], object]
) -> Done:
    """One letter after the other, until the destination takes no more or time is up."""
    failures, until = batch.failures, time.monotonic() + PATIENCE
    for message in batch.messages:
        if batch.elapsed > GOOD_FOR or time.monotonic() > until:
            return Done(batch, failures)
        tried = _try(batch, message, transport_of(message.channel))
        told(tried)
        failures = 0 if tried.problem is None else failures + 1
        if tried.is_everywhere:
            return Done(batch, batch.failures)
        if isinstance(tried.problem, Unavailable | Gone) or (
            isinstance(tried.problem, Temporary) and failures >= CLOSES_AFTER
        ):
            return Done(batch, failures, closed_by=tried)
    return Done(batch, failures)


def _try(batch: Batch, message: OutboxMessage, transport: Transport) -> Try:
    at, begun = batch.claimed_at + batch.elapsed, time.monotonic()
    problem: NotTaken | None = None
    exchange = Exchange()
    try:
        exchange = transport.send(message, at)
    except NotTaken as raised:
        problem, exchange = raised, raised.exchange
    except Exception as fault:  # a fault of ours must neither lose the letter nor stop the rest
        logger.exception("message %s could not be sent", message.pk)
        problem = Temporary(f"{type(fault).__name__}: {fault}")
    took = timedelta(seconds=time.monotonic() - begun)
    return Try(batch, message, at, took, exchange, problem)
