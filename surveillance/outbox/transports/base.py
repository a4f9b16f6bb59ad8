"""What a transport is: it hands one letter over, or says whether trying again can help."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from surveillance.outbox.models import OutboxMessage

Part = Mapping[str, object]  # {"headers": {…}, "body": "…"}


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was said, for the delivery log: without secrets, bodies cut. `status` is that of HTTP,
    or SMTP's reply code; None when nobody answered."""

    status: int | None = None
    request: Part = field(default_factory=dict)
    response: Part = field(default_factory=dict)


class NotTaken(Exception):
    """The letter was not handed over."""

    def __init__(self, message: str, exchange: Exchange | None = None) -> None:
        super().__init__(message)
        self.exchange = exchange or Exchange()


class Temporary(NotTaken):
    """Not this letter, not now: the next one may well be taken."""


class Unavailable(Temporary):
    """Nobody there, or overloaded: the destination takes nothing now. `retry_after` in seconds
    when it said when; `everywhere`: our own way out is shut, for every destination."""

    def __init__(
        self,
        message: str,
        exchange: Exchange | None = None,
        *,
        retry_after: float | None = None,
        everywhere: bool = False,
    ) -> None:
        super().__init__(message, exchange)
        self.retry_after = retry_after
        self.everywhere = everywhere


class Permanent(NotTaken):
    """Never: trying again cannot help."""


class Gone(Permanent):
    """Never again, neither this letter nor any other to this destination."""


class Transport(Protocol):
    """Belongs to one thread. It may keep its connection from one letter to the next."""

    def send(self, message: OutboxMessage, at: datetime) -> Exchange:
        """Hand the letter over; `at` is now. Raises NotTaken."""

    def close(self) -> None:
        """End the connection, if there is one."""
