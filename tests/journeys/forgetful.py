"""The application with its outbox taken out, to show that the crash test then fails: a message is
taken off the list when it is claimed, as an ordinary queue does, and lives in the worker alone."""

import django

from surveillance.celery import app

django.setup()

from surveillance.outbox import claims  # noqa: E402
from surveillance.outbox.models import OutboxMessage  # noqa: E402

claim = claims.claim


def claim_and_forget(*given):
    batches = claim(*given)
    keys = [message.pk for batch in batches for message in batch.messages]
    OutboxMessage.objects.filter(pk__in=keys).update(
        state=OutboxMessage.State.DELIVERED, delivered_at=given[0]
    )
    return batches


claims.claim = claim_and_forget
__all__ = ["app"]
