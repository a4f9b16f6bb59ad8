"""A letter that came back is marked, and whoever waits for its effect is told."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from surveillance.outbox import receipts
from surveillance.outbox.bounces.notices import Bounce
from surveillance.outbox.models import OutboxMessage


def mark(bounces: Iterable[Bounce], at: datetime) -> int:
    """Each letter once, however often its notice is read. Returns how many were marked.

    A letter that is unknown, already given up, or on its way again is left as it is.
    """
    return sum(_mark(bounce, at) for bounce in bounces)


@transaction.atomic
def _mark(bounce: Bounce, at: datetime) -> bool:
    letters = OutboxMessage.objects.filter(
        pk=bounce.message_id, channel="email", state=OutboxMessage.State.DELIVERED
    )
    letter = letters.select_for_update().first()
    if letter is None:
        return False
    letter.state = OutboxMessage.State.BOUNCED
    letter.failed_at = at
    letter.last_error = bounce.words
    letter.save(update_fields=["state", "failed_at", "last_error"])
    receipts.lost([letter], at)
    return True
