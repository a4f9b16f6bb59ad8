"""When to remind and when to climb: instants derived from a limit. Pure.

Reminders come at nine on a working day, in the zone of the demand's calendar, so inside the
recipient's working hours; the ladder's first step is the missed limit itself.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from surveillance.calendars.reference.regimes import Rung
from surveillance.clock import (
    Due,
    Limit,
    StartRule,
    Unit,
    WorkingCalendar,
    add_working_days,
    due,
    last_day,
)

OPENS = time(9)
CLOSES = time(17)
APPEAL_WITHIN = 5  # working days after a decision
DECIDE_APPEAL_WITHIN = 5  # working days after an appeal


def rungs(escalation: Iterable[dict[str, object]]) -> list[Rung]:
    """The ladder of a regime's row, lowest first."""
    return sorted(
        (Rung(after=int(str(step["after"])), to=str(step["to"])) for step in escalation),
        key=lambda rung: rung.after,
    )


def reminder_instants(
    due_at: datetime, points: Iterable[int], unit: Unit, calendar: WorkingCalendar
) -> list[datetime]:
    """`points` working days (or hours) before `due_at`, earliest first."""
    if unit is Unit.HOURS:
        return sorted(due_at - timedelta(hours=hours) for hours in points)
    last = last_day(due_at, ZoneInfo(calendar.time_zone))
    return sorted(_opening(add_working_days(last, -days, calendar), calendar) for days in points)


def next_reminder(instants: Iterable[datetime], after: datetime) -> datetime | None:
    return next((instant for instant in instants if instant > after), None)


def rung_instant(due_at: datetime, rung: Rung, calendar: WorkingCalendar) -> datetime:
    """When this rung is reached: at the limit itself, or at opening so many working days later."""
    if rung.after == 0:
        return due_at
    last = last_day(due_at, ZoneInfo(calendar.time_zone))
    return _opening(add_working_days(last, rung.after, calendar), calendar)


def of_appeal(at: datetime, working_days: int, calendar: WorkingCalendar) -> Due:
    """So many working days after a decision or an appeal, whose own day is not counted."""
    limit = Limit(working_days, Unit.WORKING_DAYS, StartRule.DAY_AFTER_RECEIPT)
    return due(at, limit, calendar)


def _opening(day: date, calendar: WorkingCalendar) -> datetime:
    return datetime.combine(day, OPENS, tzinfo=ZoneInfo(calendar.time_zone))
