"""Calendars that reach back five years: those delivered begin when their days were verified.

Earlier years repeat the fixed days of the first one. That is good enough for made-up demands and
for nothing else, so the version says so.
"""

from datetime import date, datetime
from typing import Any

from surveillance.calendars.models import Calendar
from surveillance.calendars.publishing import publish

NOTE = "generated data: earlier years repeat the days of {year}"
_KEPT = ("name", "jurisdiction", "time_zone", "weekend", "extra_working_days", "last_day", "source")


def reach_back(first_day: date, at: datetime) -> None:
    """A new version of each calendar that begins after `first_day`."""
    for calendar in Calendar.objects.current():
        if calendar.first_day > first_day:
            publish(Calendar, calendar.code, _extended(calendar, first_day), at)


def _extended(calendar: Calendar, first_day: date) -> dict[str, Any]:
    first_year = calendar.first_day.year
    repeated = {
        f"{year}{day[4:]}": name
        for day, name in calendar.holidays.items()
        if day.startswith(str(first_year)) and not day.endswith("-02-29")
        for year in range(first_day.year, first_year)
    }
    return {
        **{name: getattr(calendar, name) for name in _KEPT},
        "holidays": repeated | calendar.holidays,
        "first_day": date(first_day.year, 1, 1),
        "note": NOTE.format(year=first_year),
    }
