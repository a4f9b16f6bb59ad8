"""A calendar of working days, and arithmetic in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from surveillance.clock.instants import ONE_DAY, last_day, utc
from surveillance.clock.limits import Reason


class CalendarHorizon(ValueError):
    """A count ran into a day of which the calendar knows nothing."""

    def __init__(self, calendar: WorkingCalendar, day: date) -> None:
        self.code, self.version, self.day = calendar.code, calendar.version, day
        super().__init__(
            _(
                "Calendar %(code)s, version %(version)s, covers %(first)s to %(last)s and says "
                "nothing about %(day)s. Add the public holidays of %(year)s in a new version of "
                "this calendar, then try again."
            )
            % {
                "code": calendar.code,
                "version": calendar.version,
                "first": calendar.first_day.isoformat(),
                "last": calendar.last_day.isoformat(),
                "day": day.isoformat(),
                "year": day.year,
            }
        )


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The working days of a jurisdiction from `first_day` to `last_day`, both included.

    `weekend` holds weekdays, Monday is 0. `holidays` are public holidays and closures by name;
    `extra_working_days` are days of a weekend that are worked, by name. A day in both is off:
    an office closed by a typhoon is closed on a make-up Saturday too.
    """

    code: str
    version: int
    time_zone: str
    weekend: frozenset[int]
    holidays: Mapping[date, str] = field(hash=False)
    extra_working_days: Mapping[date, str] = field(hash=False)
    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        if not self.weekend < frozenset(range(7)):
            raise ValueError(
                f"Calendar {self.code}: weekend must hold weekdays 0 (Monday) to 6, and not all "
                f"seven; it holds {sorted(self.weekend)}."
            )
        if self.first_day > self.last_day:
            raise ValueError(
                f"Calendar {self.code}: first_day {self.first_day} is after {self.last_day}."
            )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def day_off(self, day: date) -> tuple[Reason, str] | None:
        """Why `day` is not a working day, with the holiday's name; None for a working day."""
        if not self.first_day <= day <= self.last_day:
            raise CalendarHorizon(self, day)
        if (name := self.holidays.get(day)) is not None:
            return Reason.HOLIDAY, name
        if day.weekday() in self.weekend and day not in self.extra_working_days:
            return Reason.WEEKEND, ""
        return None

    def is_working_day(self, day: date) -> bool:
        if isinstance(day, datetime):
            raise TypeError("A day is asked for, not an instant: convert it to the local date.")
        return self.day_off(day) is None


def add_working_days(day: date, n: int, calendar: WorkingCalendar) -> date:
    """The n-th working day after `day`, or before it for a negative n.

    n = 0 gives `day` itself, or the next working day if it is none.
    """
    if n == 0:
        while not calendar.is_working_day(day):
            day += ONE_DAY
    step = ONE_DAY if n > 0 else -ONE_DAY
    for _n in range(abs(n)):
        day += step
        while not calendar.is_working_day(day):
            day += step
    return day


def working_days_between(a: date, b: date, calendar: WorkingCalendar) -> int:
    """Whole working days from `a` to `b`, as `numpy.busday_count` has it.

    Working days d with a <= d < b; for b before a, minus those with b < d <= a.
    """
    if b < a:
        return -working_days_between(b + ONE_DAY, a + ONE_DAY, calendar)
    count, day = 0, a
    while day < b:
        count += calendar.is_working_day(day)
        day += ONE_DAY
    return count


def working_time_left(at: datetime, due_at: datetime, calendar: WorkingCalendar) -> int:
    """Working days left after today: 0 on the last day, 1 on the working day before it.

    Negative once working days have gone by since the last day. Whether an item is late is told
    by `at >= due_at`, not by this number: late on its very last day is 0 too.
    """
    today = utc(at).astimezone(calendar.zone).date()
    last = last_day(due_at, calendar.zone)
    if today <= last:
        return working_days_between(today + ONE_DAY, last + ONE_DAY, calendar)
    return -working_days_between(last + ONE_DAY, today + ONE_DAY, calendar)


def next_working_instant(
    at: datetime, calendar: WorkingCalendar, opens: time, closes: time
) -> datetime:
    """The first instant from `at` on, in UTC, within the hours `opens` (included) to `closes`
    (not included) of a working day."""
    if opens >= closes:
        raise ValueError(f"closes: must be later in the day than {opens}, not {closes}.")
    instant = utc(at)
    local = instant.astimezone(calendar.zone)
    day = local.date()
    if local.time() >= closes:
        day += ONE_DAY
    day = add_working_days(day, 0, calendar)
    opening = datetime.combine(day, opens, calendar.zone).astimezone(UTC)
    return max(instant, opening)
