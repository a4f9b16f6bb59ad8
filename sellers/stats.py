"""Numbers of the market, for whoever watches the installation."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from sellers.models import ContactPoint, Platform
from surveillance.operations.figures import Figure, Values
from surveillance.outbox.letter import Channel
from surveillance.outbox.models import OutboxMessage, OutboxMessageQuerySet

WEEK = timedelta(days=7)
STATES = OutboxMessage.State
OUTCOMES: dict[str, str] = {
    STATES.DELIVERED: "arrived",
    STATES.QUEUED: "waiting",
    STATES.HELD: "waiting",
    STATES.FAILED: "lost",
    STATES.BOUNCED: "lost",
}


def letters_by_platform(at: datetime) -> Values:
    """(platform, outcome) -> letters of the last 7 days to its contact points and webhooks:
    arrived, waiting, or lost (given up, refused, come back). A letter in a digest is not counted;
    the digest is. Those about sandbox demands are not."""
    letters = (
        OutboxMessage.objects.real()
        .leaving()
        .filter(created_at__gt=at - WEEK, created_at__lte=at, state__in=OUTCOMES)
    )
    found: Counter[tuple[str, ...]] = Counter()
    names = dict(Platform.objects.values_list("pk", "name"))
    hooks = letters.filter(channel=Channel.WEBHOOK).order_by()
    for organisation, state, number in _counted(hooks, "endpoint__organisation"):
        if organisation in names:
            found[names[organisation], OUTCOMES[state]] += number
    platforms: dict[str, set[str]] = defaultdict(set)
    for email, platform in ContactPoint.objects.values_list("email", "platform"):
        platforms[email].add(names[platform])
    mails = letters.filter(channel=Channel.EMAIL, address__in=list(platforms)).order_by()
    for email, state, number in _counted(mails, "address"):
        for name in platforms[email]:
            found[name, OUTCOMES[state]] += number
    return found


def _counted(letters: OutboxMessageQuerySet, by: str) -> Iterable[tuple[Any, str, int]]:
    return letters.values_list(by, "state").annotate(number=Count("pk"))


FIGURES = (
    Figure(
        "platform_letters_7_days",
        "Letters of the last 7 days by platform: arrived, waiting, or lost.",
        letters_by_platform,
        ("platform", "outcome"),
    ),
)
