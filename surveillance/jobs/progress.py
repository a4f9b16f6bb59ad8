"""How long a job will still take, in words. Pure but for the reader's language."""

from datetime import datetime, timedelta

from django.utils.translation import gettext, ngettext

from surveillance.jobs.models import Job

FIRST_ESTIMATE = 0.02  # the share of the whole after which its speed says something


def time_left(job: Job, now: datetime) -> str:
    """At the speed so far; "" when that cannot be said."""
    if job.state != Job.State.RUNNING or not job.share or job.share < FIRST_ESTIMATE:
        return ""
    taken = job.progressed_at - job.started_at
    left = taken * (1 - job.share) / job.share - (now - job.progressed_at)
    if left < timedelta(minutes=1):
        return gettext("less than a minute left")
    minutes = round(left.total_seconds() / 60)
    text = ngettext("about %(count)d minute left", "about %(count)d minutes left", minutes)
    return text % {"count": minutes}
