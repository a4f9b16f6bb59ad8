"""Health is the age of the last finished canary and of the oldest undelivered message.

A live worker process proves nothing: workers have been seen to stay up and stop consuming.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from surveillance.outbox.models import Canary, OutboxMessage

CANARY_LIMIT = timedelta(minutes=3)
MESSAGE_LIMIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Health:
    """Ages in seconds; None: no canary yet, nothing waiting."""

    canary_age: float | None
    oldest_undelivered_age: float | None
    undelivered: int

    @property
    def faults(self) -> list[str]:
        found = []
        if self.canary_age is None:
            found.append("no job has finished yet: is a worker running, and beat?")
        elif self.canary_age > CANARY_LIMIT.total_seconds():
            found.append(f"no job has finished for {self.canary_age:.0f} s")
        if (self.oldest_undelivered_age or 0) > MESSAGE_LIMIT.total_seconds():
            found.append(f"a message has waited for {self.oldest_undelivered_age:.0f} s")
        return found


def health(at: datetime) -> Health:
    canary = Canary.objects.first()
    due = OutboxMessage.objects.due(at)
    oldest = due.aggregate(first=Min("next_attempt_at"))["first"]
    return Health(
        canary_age=(at - canary.finished_at).total_seconds() if canary else None,
        oldest_undelivered_age=(at - oldest).total_seconds() if oldest else None,
        undelivered=due.count(),
    )
