"""Notices that have been read."""

from collections.abc import Iterable
from datetime import datetime

from surveillance.outbox.models import OutboxMessage


def mark_read(notices: Iterable[OutboxMessage], at: datetime) -> int:
    keys = [notice.pk for notice in notices]
    return OutboxMessage.objects.filter(pk__in=keys).unread().update(read_at=at)
