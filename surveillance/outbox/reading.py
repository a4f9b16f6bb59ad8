"""Notices that have been read."""

from collections.abc import Iterable
from datetime import datetime

from surveillance.accounts.wall import beyond_the_wall
from surveillance.outbox.models import OutboxMessage


def mark_read(notices: Iterable[OutboxMessage], at: datetime) -> int:
    keys = [notice.pk for notice in notices]
    with beyond_the_wall():
        return OutboxMessage.objects.filter(pk__in=keys).unread().update(read_at=at)
