"""manage.py load_reference_data: calendars and regimes as delivered; safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand

from surveillance import clock
from surveillance.calendars.publishing import publish_reference_data


class Command(BaseCommand):
    help = "Load the calendars and regimes as delivered. Rows changed since are left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        new = publish_reference_data(clock.now())
        self.stdout.write(f"calendars and regimes: {new} new versions")
