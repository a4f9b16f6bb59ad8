"""Deliveries without a receiver: what would go out is counted, for the drill of a restore."""

import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from surveillance.outbox import delivery
from surveillance.outbox.letter import Channel
from surveillance.outbox.models import OutboxMessage


class CountingReceiver:
    """Takes every letter, and keeps how often it got each."""

    def __init__(self) -> None:
        self.got: Counter[uuid.UUID] = Counter()

    def send(self, message: OutboxMessage) -> None:
        self.got[message.pk] += 1


@contextmanager
def rehearsed(receiver: CountingReceiver) -> Iterator[None]:
    """Within the block this process hands letters to the receiver, whatever their channel; notices
    in the application are only written, and stay out of the count."""
    real = delivery.TRANSPORTS
    delivery.TRANSPORTS = {**real, Channel.EMAIL: receiver, Channel.WEBHOOK: receiver}
    try:
        yield
    finally:
        delivery.TRANSPORTS = real


def deliver_all() -> int:
    """Until nothing is due. Returns how many letters were handled."""
    handled = 0
    while batch := delivery.deliver():
        handled += batch
    return handled
