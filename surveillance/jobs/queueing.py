"""Jobs that wait for a worker: one at a time works on an uploaded file, so that letters and sweeps
find a worker too. The queue is the rows; the broker only says that there is something to do."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from surveillance.jobs.models import Job

_LOCK = 0x10B5


def claim(at: datetime) -> Job | None:
    """The job that has waited longest, now running; None when none waits or another is at work."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0] or Job.objects.at_work_on_files(at).exists():
            return None
        job = Job.objects.waiting().select_for_update(of=("self",)).first()
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
