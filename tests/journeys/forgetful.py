"""The application with its outbox taken out, to show that the crash test then fails: a message is
taken off the list when it is claimed, as an ordinary queue does, and lives in the worker alone."""

import django

from surveillance.celery import app

django.setup()

from surveillance.outbox import delivery  # noqa: E402
from surveillance.outbox.models import OutboxMessage  # noqa: E402

claim = delivery.claim


def claim_and_forget(at, limit):
    messages = claim(at, limit)
    OutboxMessage.objects.filter(pk__in=[message.pk for message in messages]).update(
        state=OutboxMessage.State.DELIVERED, delivered_at=at
    )
    return messages


delivery.claim = claim_and_forget
__all__ = ["app"]
