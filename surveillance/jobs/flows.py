"""Verbs of jobs. What a job ends with is a verb of its own kind: `feed.import` for a file."""

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.flow import Transition, perform
from surveillance.jobs.models import Job

ENDED = frozenset({Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED})

IMPORT_FEED = Transition(
    "feed.import",
    Right.IMPORT_FEED,
    _("Import"),
    _("imported %(file)s: %(new)s new, %(updated)s updated, %(rejected)s rejected"),
    from_={Job.State.RUNNING},
    to=ENDED,
)
CANCEL = Transition(
    "job.cancel",
    Right.IMPORT_FEED,
    _("Cancel"),
    _("asked the job to stop"),
    from_={Job.State.RUNNING},
    objection=lambda job, by: (
        gettext("It has been asked to stop already.") if job.cancel_requested else ""
    ),
)


def cancel(job: Job, *, by: Actor, at: datetime | None = None) -> Job:
    """Ask the job to stop. It does so before its next batch; what it has written stays."""
    with perform(CANCEL, job, by=by, at=at) as change:
        change.row.cancel_requested = True
    return change.row
