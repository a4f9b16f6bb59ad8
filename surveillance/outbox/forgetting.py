"""Addresses of people who are to be forgotten, and tries that are old."""

from datetime import datetime, timedelta

from django.db.models import Q

from surveillance.outbox.models import Attempt, Lane, OutboxMessage

LOG_IS_KEPT = timedelta(days=30)
A_STEP = 5_000


def forget_addresses(about: str, at: datetime) -> int:
    """Empty the addresses of letters to people without an account about one row; what has not
    gone out yet never will. Returns how many letters there were."""
    letters = OutboxMessage.objects.filter(about=about, user=None, endpoint=None)
    (letters.undelivered() | letters.held()).update(
        state=OutboxMessage.State.FAILED,
        failed_at=at,
        last_error="the recipient has been forgotten",
    )
    Attempt.objects.filter(message__in=letters).delete()
    Lane.objects.filter(key__in=letters.values("lane"), claim=None).delete()
    return letters.update(address="", lane="", unique_key=None)


def forget_tries(at: datetime) -> int:
    """End the delivery log after its 30 days, some thousands at a time, so that no statement runs
    long. Returns how many tries there were."""
    forgotten = 0
    old = Attempt.objects.filter(started_at__lt=at - LOG_IS_KEPT).order_by("started_at")
    while keys := list(old.values_list("pk", flat=True)[:A_STEP]):
        forgotten += Attempt.objects.filter(pk__in=keys).delete()[0]
    ailing = Lane.objects.filter(claim=None, failing_since__lt=at - LOG_IS_KEPT)
    ailing.filter(Q(not_before=None) | Q(not_before__lt=at)).delete()
    return forgotten
