"""Letters that are held back until somebody decides: since a restore, or by the breaker.

What waited when a backup was made may have left afterwards, and the database that knew is lost.
The same holds for what the sweeps write when they catch up with the time since. Notices within
the application are not held: they stand in this database alone, so nobody has read them. What the
breaker holds (outbox/breaker.py) is marked so: that has not left.
"""

import re
import uuid
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Case, Count, F, Q, Value, When

from surveillance.outbox import receipts
from surveillance.outbox.models import Held, Lane, OutboxMessage, OutboxMessageQuerySet, Restoration

ARRIVED = "message %s has arrived"  # in the log of deliveries; read again by `arrivals_in`
DISCARDED = "discarded while it was held back"
A_BATCH = 1000  # letters in one transaction

_ID = r"([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})"
_SIGNS = (
    re.compile(ARRIVED % _ID),
    re.compile(rf"message-id[=:]\s*<{_ID}@", re.IGNORECASE),
    re.compile(rf"^\s*<?{_ID}(?:@[^\s>]*)?>?\s*$"),
)


class HeldLetters(NamedTuple):
    letter: str
    by_breaker: bool
    number: int


def everything_stands_still() -> bool:
    """Is a restore going on? Then nothing may be sent."""
    return Restoration.objects.filter(ended_at=None).exists()


def hold_waiting() -> int:
    """Hold every letter that waits to leave the house. Returns how many."""
    Lane.objects.update(claim=None, claimed_at=None)  # nobody is on the way any more
    waiting = OutboxMessage.objects.undelivered().leaving()
    return waiting.update(state=OutboxMessage.State.HELD)


def end_restoration(at: datetime) -> None:
    """What is written from now on is sent as ever."""
    Restoration.objects.filter(ended_at=None).update(ended_at=at)


def held(before: datetime | None = None) -> OutboxMessageQuerySet:
    """Held letters, those written before an instant, or all."""
    letters = OutboxMessage.objects.held()
    return letters if before is None else letters.filter(created_at__lt=before)


def tally() -> list[HeldLetters]:
    """How many of each kind of letter are held, and why; the most first."""
    rows = held().order_by().annotate(by_breaker=Q(held=Held.BREAKER))
    counted = rows.values_list("letter", "by_breaker").annotate(number=Count("pk"))
    return [HeldLetters(*row) for row in counted.order_by("-number", "letter")]


def by_breaker() -> OutboxMessageQuerySet:
    return held().filter(held=Held.BREAKER)


def release(letters: OutboxMessageQuerySet, at: datetime) -> int:
    """Let held letters go out, with their ids and all tries before them; the breaker does not
    hold them again. Those for a digest wait for that. Returns how many."""
    return letters.held().update(
        state=OutboxMessage.State.QUEUED,
        held=Case(When(held=Held.BREAKER, then=Value("")), default=F("held")),
        queued_at=at,
        next_attempt_at=at,
        released_at=at,
        attempts=0,
        last_error="",
    )


def discard(letters: OutboxMessageQuerySet, at: datetime) -> int:
    """Held letters never go out: they count as given up. Returns how many."""
    return letters.held().update(
        state=OutboxMessage.State.FAILED, failed_at=at, last_error=DISCARDED
    )


def note_arrivals(ids: Collection[uuid.UUID], at: datetime) -> int:
    """Held letters that are known to have arrived before the restore: they count as delivered, and
    whoever waits for it is told. Returns how many were held."""
    wanted, noted = sorted(ids), 0
    for start in range(0, len(wanted), A_BATCH):
        with transaction.atomic():
            found = OutboxMessage.objects.held().filter(pk__in=wanted[start : start + A_BATCH])
            for message in found.select_for_update():
                message.state, message.delivered_at = OutboxMessage.State.DELIVERED, at
                message.save(update_fields=["state", "delivered_at"])
                receipts.arrived(message.letter, message.about, at)
                noted += 1
    return noted


def arrivals_in(lines: Iterable[str]) -> Iterator[uuid.UUID]:
    """The ids of letters that arrived, from lines of the workers' log (“message … has arrived”), of
    a mail server's log of what it accepted ("message-id=<…@"), or from a list of ids or
    Message-IDs, one a line. Other lines say nothing."""
    for line in lines:
        for sign in _SIGNS:
            if found := sign.search(line):
                yield uuid.UUID(found[1])
                break
