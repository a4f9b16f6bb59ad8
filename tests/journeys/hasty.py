"""The application with a beat that strikes every second, so that a test sees many sweeps fall
together."""

from surveillance.celery import app

for entry in app.conf.beat_schedule.values():
    entry["schedule"] = 1.0
    entry["options"] = {"expires": 1.0}
__all__ = ["app"]
