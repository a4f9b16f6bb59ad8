"""The Celery application. Every job is a sweep over rows: safe to run twice, late, or on
two machines at once. No job carries a deadline (no ETA, no countdown); rows do.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "surveillance.settings")

app = Celery("surveillance")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The schedule is static: it names tasks, so that no floor imports the one above it.
app.conf.beat_schedule = {
    "canary": {"task": "outbox.canary", "schedule": 30.0},
    "deliver": {"task": "outbox.deliver", "schedule": 20.0},
    "recover-claims": {"task": "outbox.recover_claims", "schedule": 60.0},
    "seal-audit": {"task": "audit.seal", "schedule": 10.0},
    "remind": {"task": "cases.remind", "schedule": 60.0},
    "note-missed-deadlines": {"task": "cases.note_missed_deadlines", "schedule": 60.0},
}
# A sweep that waited in the queue longer than its own interval has been replaced by the next.
for entry in app.conf.beat_schedule.values():
    entry["options"] = {"expires": entry["schedule"]}
