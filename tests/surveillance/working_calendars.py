"""Builders for tests of the clock: a calendar, limits, and instants in words."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from surveillance.clock import Limit, StartRule, Unit, WorkingCalendar

ONE_DAY = timedelta(days=1)
SAT_SUN, FRI_SAT, SUN = frozenset({5, 6}), frozenset({4, 5}), frozenset({6})
FIRST, LAST = date(2020, 1, 1), date(2032, 12, 31)


def calendar(zone="Asia/Taipei", weekend=SAT_SUN, holidays=(), extra=(), first=FIRST, last=LAST):
    return WorkingCalendar(
        code="TEST",
        version=7,
        time_zone=zone,
        weekend=weekend,
        holidays=dict(holidays),
        extra_working_days=dict(extra),
        first_day=first,
        last_day=last,
    )


def days(n, rule=StartRule.DAY_AFTER_RECEIPT, **hours):
    return Limit(n, Unit.WORKING_DAYS, rule, **hours)


def hours(n, rule=StartRule.RECEIPT):
    return Limit(n, Unit.HOURS, rule)


def at(text, zone="Asia/Taipei"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
