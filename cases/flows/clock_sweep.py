"""After a change of calendar: every request whose clocks agree with an older version.

A few are done in the transaction of the change itself; many are left to the sweep, which then says
how far it is as a job.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.flows import recomputing
from cases.models import TakedownRequest
from surveillance.accounts.actor import SYSTEM, Actor
from surveillance.accounts.rights import Right
from surveillance.calendars import flows as rules
from surveillance.calendars.content import CalendarContent
from surveillance.calendars.models import Calendar
from surveillance.flow import Transition
from surveillance.jobs.counts import Counts
from surveillance.jobs.flows import ENDED
from surveillance.jobs.models import Job
from surveillance.jobs.running import RunningJob, running

logger = logging.getLogger(__name__)
AT_ONCE = 50  # requests: more are a job
BATCH = 20  # requests a transaction of a job

RECOMPUTE_CLOCKS = Transition(
    "clocks.recompute",
    Right.RUN_SWEEP,
    _("Derive the clocks again"),
    _("derived the clocks of %(read)s requests again; those of %(updated)s have moved"),
    from_={Job.State.RUNNING},
    to=ENDED,
)


def change_calendar(
    calendar: Calendar,
    *,
    by: Actor,
    content: CalendarContent,
    reason: str,
    at: datetime | None = None,
) -> Calendar:
    """The new version, and in the same transaction what it does to clocks, where they are few.

    Raises what the verb raises, and ValidationError where it does not reach as far as a clock that
    runs.
    """
    with transaction.atomic():
        beyond = recomputing.preview(content.working(calendar.code, calendar.version + 1)).beyond
        if beyond:
            item, problem = beyond[0]
            raise ValidationError(f"{item.audit_reference}: {problem}")
        version = rules.change_calendar(calendar, by=by, content=content, reason=reason, at=at)
        stale = TakedownRequest.objects.real().stale(version.working())
        waiting = list(stale.order_by("pk")[: AT_ONCE + 1])
        if len(waiting) <= AT_ONCE:
            for takedown in waiting:
                recomputing.recompute(takedown, version, by=SYSTEM, at=version.changed_at)
    return version


def recompute_clocks(at: datetime) -> int:
    """Every calendar's. Returns how many limits have moved. Safe to run twice, late, or on two
    machines at once: a request is looked at under its lock, and notes the version."""
    behind = set(TakedownRequest.objects.behind().values_list("regime__calendar_code", flat=True))
    calendars = Calendar.objects.current().filter(code__in=behind)
    return sum(_by(calendar, at) for calendar in calendars.order_by("code"))


def _by(calendar: Calendar, at: datetime) -> int:
    waiting = list(TakedownRequest.objects.stale(calendar.working()).order_by("pk"))
    if len(waiting) <= AT_ONCE:
        return sum(_alone(takedown, calendar, at) for takedown in waiting)
    if Job.objects.filter(kind=RECOMPUTE_CLOCKS.verb, state=Job.State.RUNNING).exists():
        return 0  # at work on another machine; a dead one is given up within minutes
    label = gettext("Clocks by calendar %(code)s, version %(version)s") % {
        "code": calendar.code,
        "version": calendar.version,
    }
    moved = 0
    with running(RECOMPUTE_CLOCKS, label=label, by=SYSTEM, at=at, total=len(waiting)) as job:
        for batch, done in _batches(waiting):
            moved += _together(job, batch, done, calendar, at)
    return moved


def _batches(
    waiting: Sequence[TakedownRequest],
) -> Iterator[tuple[Sequence[TakedownRequest], int]]:
    """So many requests, and how many are done with them."""
    for place in range(0, len(waiting), BATCH):
        batch = waiting[place : place + BATCH]
        yield batch, place + len(batch)


def _together(
    job: RunningJob,
    batch: Sequence[TakedownRequest],
    done: int,
    calendar: Calendar,
    at: datetime,
) -> int:
    with job.step(done=done) as step:
        found = [_alone(takedown, calendar, at) for takedown in batch]
        changed = sum(count > 0 for count in found)
        step.counts = Counts(read=len(batch), updated=changed, unchanged=len(batch) - changed)
    return sum(found)


def _alone(takedown: TakedownRequest, calendar: Calendar, at: datetime) -> int:
    """One that fails is logged and holds up no other; the next sweep finds it again."""
    try:
        with transaction.atomic():
            return recomputing.recompute(takedown, calendar, by=SYSTEM, at=at)
    except Exception:
        logger.exception("the clocks of %s could not be derived again", takedown.reference)
        return 0
