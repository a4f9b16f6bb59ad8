"""What a transport is: it sends one message, or says whether trying again can help."""

from typing import Protocol

from surveillance.outbox.models import OutboxMessage


class Temporary(Exception):
    """Not now; `retry_after` in seconds when the receiver said when."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Permanent(Exception):
    """Never: trying again cannot help."""


class Transport(Protocol):
    def send(self, message: OutboxMessage) -> None:
        """Hand the message over. Raises Temporary or Permanent."""
