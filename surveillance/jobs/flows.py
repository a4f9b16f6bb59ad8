"""Verbs of jobs. What a job ends with is a verb of its own kind: `feed.import` for a file."""

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.flow import Transition, perform
from surveillance.jobs.models import Job, JobLine

ENDED = frozenset({Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED})

IMPORT_FEED = Transition(
    "feed.import",
    Right.IMPORT_FEED,
    _("Import"),
    _("imported %(file)s: %(new)s new, %(updated)s updated, %(rejected)s rejected"),
    from_={Job.State.RUNNING},
    to=ENDED,
)
REHEARSE_FEED = Transition(
    "feed.rehearse",
    Right.IMPORT_FEED,
    _("Rehearse"),
    _("rehearsed %(file)s: %(new)s new, %(updated)s updated, %(rejected)s rejected"),
    from_={Job.State.RUNNING},
    to=ENDED,
)
CANCEL = Transition(
    "job.cancel",
    Right.IMPORT_FEED,
    _("Cancel"),
    _("asked the job to stop"),
    from_={Job.State.QUEUED, Job.State.RUNNING},
    to={Job.State.RUNNING, Job.State.CANCELLED},
    objection=lambda job, by: (
        gettext("It has been asked to stop already.") if job.cancel_requested else ""
    ),
)


GIVE_UP = Transition(
    "job.give_up",
    Right.RUN_SWEEP,
    _("Give up"),
    _("gave the job up: it had been silent for too long"),
    from_={Job.State.RUNNING},
    to={Job.State.FAILED},
    objection=lambda job, by: (
        "" if job.is_stalled(clock.now()) else gettext("It says how far it is: it is alive.")
    ),
)


def cancel(job: Job, *, by: Actor, at: datetime | None = None) -> Job:
    """Ask the job to stop. It does so before its next batch; what it has written stays.

    A job that still waits for a worker is over at once.
    """
    with perform(CANCEL, job, by=by, at=at) as change:
        change.row.cancel_requested = True
        if change.row.state == Job.State.QUEUED:
            change.row.state = Job.State.CANCELLED
            change.row.finished_at = change.at
    return change.row


def give_up(job: Job, *, by: Actor, at: datetime | None = None) -> Job:
    """End a job whose process was killed. What it has written stays."""
    with perform(GIVE_UP, job, by=by, at=at) as change:
        change.row.finished_at = change.at
        text = gettext(
            "Its process stopped without a word, and it was given up. What was written until then"
            " stays; upload the file again, and only what is missing is written."
        )
        JobLine.objects.create(job=change.row, at=change.at, text=text)
    return change.row
