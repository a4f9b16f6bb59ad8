"""The application with a beat that strikes every second, so that a test sees many sweeps fall
together; whoever it writes to is at work."""

import django

from surveillance.celery import app

django.setup()

from tests.journeys import awake  # noqa: E402

awake.always.start()
for entry in app.conf.beat_schedule.values():
    entry["schedule"] = 1.0
    entry["options"] = {"expires": 1.0}
__all__ = ["app"]
