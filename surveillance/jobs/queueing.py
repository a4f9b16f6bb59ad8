"""Jobs that wait for a worker: of each sort one at a time, so that letters and sweeps find a worker
too. The queue is the rows; the broker only says that there is something to do."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from surveillance.jobs.models import Job, JobQuerySet

_LOCK = 0x10B5


def claim(at: datetime, jobs: JobQuerySet | None = None) -> Job | None:
    """The job that has waited longest, now running; None when none waits or another is at work.

    `jobs`: the sort that is meant; else those for which a file was uploaded.
    """
    among = Job.objects.on_files() if jobs is None else jobs
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0] or among.at_work(at).exists():
            return None
        job = among.waiting().select_for_update(of=("self",)).first()
        if job is None:
            return None
        Job.objects.filter(pk=job.pk).update(
            state=Job.State.RUNNING,
            started_at=at,
            progressed_at=at,
            changed_at=at,
            version=F("version") + 1,
        )
    job.refresh_from_db()
    return job
