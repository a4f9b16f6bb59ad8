"""What the clock finds to do about jobs. Safe to run twice, late, or on two machines at once."""

import logging
from datetime import datetime

from surveillance.accounts.actor import SYSTEM
from surveillance.flow import FlowError
from surveillance.jobs import flows
from surveillance.jobs.models import Job

logger = logging.getLogger(__name__)
BATCH = 100


def give_up_stalled(at: datetime) -> int:
    """End the jobs whose processes were killed. Returns how many."""
    given_up = 0
    for job in Job.objects.stalled(at).order_by("progressed_at")[:BATCH]:
        try:
            flows.give_up(job, by=SYSTEM, at=at)
        except FlowError as refusal:
            logger.info("%s: %s", job.reference, refusal)  # it ended, or spoke, meanwhile
        else:
            given_up += 1
    return given_up


def forget_files() -> int:
    """Delete the uploaded files of jobs that have ended: they may hold personal data, and their
    SHA-256 says which they were. Returns how many."""
    forgotten = 0
    for job in Job.objects.ended_with_file().order_by("id")[:BATCH]:
        job.file.delete(save=False)
        forgotten += Job.objects.filter(pk=job.pk).update(file="")
    return forgotten
