"""The ground floor: the project and what every floor stands on."""

from surveillance.celery import app as celery_app

__all__ = ["celery_app"]
