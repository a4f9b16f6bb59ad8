"""The time, and the arithmetic of limits that run in working days or hours.

Pure: no ORM, no settings. `now()` is the one place that asks for the time; every other
function takes it as an argument. Instants are aware datetimes and leave here in UTC; days are
plain dates in the time zone of a calendar.

Counting follows Regulation (EEC, Euratom) No 1182/71 (OJ L 124, 8.6.1971, p. 1):
the day of the event is not counted (Art. 3(1)), a period expressed in days ends with the expiry
of the last hour of its last day (Art. 3(2)(b)), one expressed in hours starts with the hour after
the event and runs through holidays and weekends (Art. 3(1), 3(2)(a), 3(3)), and a period
expressed in working days counts no others (Art. 3(3)). Why these readings were chosen, and what
a pause does, is written down in docs/decisions/0010-counting-limits.md.
"""

from surveillance.clock.counting import ClockStands, derive_again, due
from surveillance.clock.derivation import Due
from surveillance.clock.instants import (
    day_label,
    last_day,
    local_due_label,
    now,
    set_source,
    system_time,
)
from surveillance.clock.limits import Limit, Pause, Reason, StartRule, Step, Unit
from surveillance.clock.working_days import (
    CalendarHorizon,
    WorkingCalendar,
    add_working_days,
    next_working_instant,
    working_days_between,
    working_time_left,
)

__all__ = [
    "CalendarHorizon",
    "ClockStands",
    "Due",
    "Limit",
    "Pause",
    "Reason",
    "StartRule",
    "Step",
    "Unit",
    "WorkingCalendar",
    "add_working_days",
    "day_label",
    "derive_again",
    "due",
    "last_day",
    "local_due_label",
    "next_working_instant",
    "now",
    "set_source",
    "system_time",
    "working_days_between",
    "working_time_left",
]
