"""Addresses of people who are to be forgotten."""

from datetime import datetime

from surveillance.outbox.models import OutboxMessage


def forget_addresses(about: str, at: datetime) -> int:
    """Empty the addresses of letters to people without an account about one row; what has not
    gone out yet never will. Returns how many letters there were."""
    letters = OutboxMessage.objects.filter(about=about, user=None, endpoint=None)
    (letters.undelivered() | letters.held()).update(
        state=OutboxMessage.State.FAILED,
        failed_at=at,
        claim=None,
        last_error="the recipient has been forgotten",
    )
    return letters.update(address="", unique_key=None)
