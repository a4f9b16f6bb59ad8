"""Who wants to know what became of letters registers here, in `ready()`.

All are called in the transaction that records it: what they write stands or falls with the mark.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from surveillance.outbox.models import OutboxMessage

Receipt = Callable[[str, datetime], None]  # the letter's `about` and when it arrived
Gone = Callable[[int, str, datetime], None]  # the endpoint's key and what it said
Lost = Callable[[Sequence[OutboxMessage], datetime], None]  # given up, refused, or came back

_receipts: dict[str, Receipt] = {}
_gone: list[Gone] = []
_lost: list[Lost] = []


def register(letter: str, receipt: Receipt) -> None:
    _receipts[letter] = receipt


def register_gone(told: Gone) -> None:
    """`told` of endpoints that will never take a letter again (410)."""
    _gone.append(told)


def register_lost(told: Lost) -> None:
    """`told` of letters that did not arrive and will not be tried again by themselves."""
    _lost.append(told)


def arrived(letter: str, about: str, at: datetime) -> None:
    if receipt := _receipts.get(letter):
        receipt(about, at)


def gone(endpoint_id: int, said: str, at: datetime) -> None:
    for told in _gone:
        told(endpoint_id, said, at)


def lost(messages: Sequence[OutboxMessage], at: datetime) -> None:
    for told in _lost:
        told(messages, at)
