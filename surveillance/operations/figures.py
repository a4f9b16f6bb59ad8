"""Figures by which an installation is watched: read from the database when they are asked for, so
that they are the same whichever process answers.

Upper floors register theirs in `ready()`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveillance.audit.models import Unsealed
from surveillance.jobs.models import Job
from surveillance.outbox import breaker, holding
from surveillance.outbox.lanes import channel_of
from surveillance.outbox.models import Lane, OutboxMessage
from surveillance.web.health import CANARY_LIMIT, MESSAGE_LIMIT, health

# Values of the labels -> the value; () when there are no labels, nothing while it is unknown.
Values = Mapping[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """`name` in Prometheus' writing, with its unit; `meaning` in words. With a `title` a single
    value stands on the page of health; `rows` is the route, with its query, of what it counts, and
    a value above `most` is a fault."""

    name: str
    meaning: str
    read: Callable[[datetime], Values]
    labels: tuple[str, ...] = ()
    title: str | Promise = ""
    rows: tuple[str, str] = ("", "")
    most: float | None = None


_registered: dict[str, Figure] = {}


def register(*figures: Figure) -> None:
    for figure in figures:
        _registered[figure.name] = figure


def registered() -> Iterator[Figure]:
    yield from _registered.values()


def named(name: str) -> Figure:
    return _registered[name]


def single(value: float | None) -> Values:
    return {} if value is None else {(): value}


def _canary_age(at: datetime) -> Values:
    return single(health(at).canary_age)


def _oldest_undelivered_age(at: datetime) -> Values:
    return single(health(at).oldest_undelivered_age or 0.0)


def _messages(at: datetime) -> Values:
    rows = (
        OutboxMessage.objects.not_arrived()
        .order_by()
        .values_list("channel", "state")
        .annotate(Count("pk"))
    )
    return {(channel, state): number for channel, state, number in rows}


def _destinations_failing(at: datetime) -> Values:
    """By channel; "gate" is our own way out of one, our mail server."""
    failing: Counter[tuple[str, ...]] = Counter()
    for key in Lane.objects.filter(failures__gt=0).values_list("key", flat=True):
        failing[channel_of(key) if ":" in key else "gate",] += 1
    return failing


def _held(at: datetime) -> Values:
    return single(holding.held().count())


def _held_by_breaker(at: datetime) -> Values:
    return single(holding.by_breaker().count())


def _left_within_the_hour(at: datetime) -> Values:
    return single(OutboxMessage.objects.left_since(at - breaker.HOUR).count())


def _jobs(at: datetime) -> Values:
    running = Job.objects.filter(state=Job.State.RUNNING).count()
    stalled = Job.objects.stalled(at).count()
    return {("running",): running - stalled, ("stalled",): stalled}


def _unsealed(at: datetime) -> Values:
    return single(Unsealed.objects.count())


OWN = (
    Figure(
        "canary_age_seconds",
        "Seconds since a job last went from beat through the broker and a worker to its end.",
        _canary_age,
        title=_("Last finished job"),
        most=CANARY_LIMIT.total_seconds(),
    ),
    Figure(
        "oldest_undelivered_message_age_seconds",
        "How long the message that is due longest has waited; 0 when none is due.",
        _oldest_undelivered_age,
        title=_("Oldest letter that is due"),
        most=MESSAGE_LIMIT.total_seconds(),
    ),
    Figure(
        "messages",
        "Messages that have not arrived: queued, given up as failed, or come back (bounced).",
        _messages,
        ("channel", "state"),
    ),
    Figure(
        "held_messages",
        "Letters that a restore or the breaker holds until somebody decides.",
        _held,
        title=_("Letters held back"),
        most=0,
    ),
    Figure(
        "held_by_breaker_messages",
        "Of the held, those that were more than LETTERS_AN_HOUR.",
        _held_by_breaker,
    ),
    Figure(
        "messages_left_within_an_hour",
        "Letters that left in the last hour: what the breaker counts.",
        _left_within_the_hour,
        title=_("Letters that left in the last hour"),
    ),
    Figure(
        "destinations_failing",
        "Addresses and webhooks that took nothing last; gate: our own mail server.",
        _destinations_failing,
        ("channel",),
    ),
    Figure(
        "jobs",
        "Long jobs: running, or stalled (silent since their process was killed).",
        _jobs,
        ("state",),
    ),
    Figure("unsealed_audit_entries", "Audit entries that wait for the sealer.", _unsealed),
)
