"""Deliveries without a receiver: what would go out is counted, for the drill of a restore."""

import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock

from surveillance.outbox import delivery, sending
from surveillance.outbox.letter import Channel
from surveillance.outbox.models import OutboxMessage
from surveillance.outbox.transports.base import Exchange


class CountingReceiver:
    """Takes every letter, from any thread, and keeps how often it got each."""

    def __init__(self) -> None:
        self.got: Counter[uuid.UUID] = Counter()
        self._lock = Lock()

    def send(self, message: OutboxMessage, at: datetime) -> Exchange:
        with self._lock:
            self.got[message.pk] += 1
        return Exchange()

    def close(self) -> None:
        """Nothing was opened."""


@contextmanager
def rehearsed(receiver: CountingReceiver) -> Iterator[None]:
    """Within the block this process hands letters to the receiver, whatever their channel; notices
    in the application are only written, and stay out of the count."""
    real = sending.TRANSPORTS
    sending.TRANSPORTS = {
        **real,
        Channel.EMAIL: lambda: receiver,
        Channel.WEBHOOK: lambda: receiver,
    }
    try:
        yield
    finally:
        sending.TRANSPORTS = real


def deliver_all() -> int:
    """Until nothing is due. Returns how many letters were handled."""
    handled = 0
    while batch := delivery.deliver(an_hour=0):  # nothing leaves that a breaker could hold
        handled += batch
    return handled
