"""When a person may be written to, in the own time zone. Pure."""

from dataclasses import replace
from datetime import date, datetime, time

from surveillance.clock import WorkingCalendar, next_working_instant
from surveillance.clock.working_days import CalendarHorizon
from surveillance.outbox.letter import Channel, Pace, Recipient

WAKES, SLEEPS = time(7), time(21)
OPENS, CLOSES = time(8), time(18)
_EVERY_DAY: frozenset[int] = frozenset()
_MONDAY_TO_FRIDAY = frozenset({5, 6})


def reachable_from(at: datetime, pace: Pace, recipient: Recipient) -> datetime:
    """The first instant from `at` on at which a letter of this pace may reach the recipient.

    Only mail wakes people: programs, and notices that wait until somebody looks, know no night. Of
    whom no time zone is known, no night is known either.
    """
    if recipient.channel != Channel.EMAIL or not recipient.time_zone or pace is Pace.AT_ONCE:
        return at
    if pace is Pace.BY_DAY:
        days = _week(recipient.time_zone, off=_EVERY_DAY)
        return next_working_instant(at, days, WAKES, SLEEPS)
    week = _week(recipient.time_zone, off=_MONDAY_TO_FRIDAY)
    if recipient.calendar is None:
        return next_working_instant(at, week, OPENS, CLOSES)
    days = replace(recipient.calendar, time_zone=recipient.time_zone)
    try:
        return next_working_instant(at, days, OPENS, CLOSES)
    except CalendarHorizon:  # nobody has entered the holidays of that year yet
        return next_working_instant(at, week, OPENS, CLOSES)


def _week(zone: str, *, off: frozenset[int]) -> WorkingCalendar:
    return WorkingCalendar(
        code="week",
        version=0,
        time_zone=zone,
        weekend=off,
        holidays={},
        extra_working_days={},
        first_day=date.min,
        last_day=date.max,
    )
