"""The Celery application. Every job is a sweep over rows: safe to run twice, late, or on
two machines at once. No job carries a deadline (no ETA, no countdown); rows do.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "surveillance.settings")

app = Celery("surveillance")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# A job's log lines carry its own id and that of the request that poked it.
app.steps["worker"].add(DjangoStructLogInitStep)

# The schedule is static: it names tasks, so that no floor imports the one above it. A sweep that
# waited in the queue longer than its own interval has been replaced by the next.
SCHEDULE = {
    "outbox.canary": 10.0,
    "outbox.deliver": 20.0,
    "outbox.recover_claims": 60.0,
    "outbox.read_bounces": 300.0,
    "outbox.forget_tries": 3600.0,
    "webhooks.give_up_failing": 600.0,
    "audit.seal": 10.0,
    "cases.recompute_clocks": 60.0,
    "cases.remind": 60.0,
    "cases.note_missed_deadlines": 60.0,
    "cases.tally": 15.0,
    "cases.play_sandbox": 20.0,
    "cases.answer_from_files": 20.0,
    "feeds.import_uploads": 20.0,
    "jobs.give_up_stalled": 60.0,
    "jobs.forget_files": 600.0,
    "idempotency.forget": 600.0,
}
# Each change that writes a letter asks for a delivery: those must not stand before the sweeps.
app.conf.task_routes = {"outbox.deliver": {"priority": 9}}
# Those that write letters about instants that have passed: a restored database catches up by them
# before anything is sent (operations/backup/restoring.py). Each returns how much it did.
CATCH_UP = ("cases.recompute_clocks", "cases.remind", "cases.note_missed_deadlines")
app.conf.beat_schedule = {
    task: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for task, seconds in SCHEDULE.items()
}


@setup_logging.connect
def keep_logs_as_django_has_them(**options: Any) -> None:
    """Celery sets up loggers of its own unless somebody says that it is done: LOGGING did it."""
