"""How long it took, in working days of each demand's own calendar.

Counted from the day of issue, which is day 0, to the day on which it happened, both in the
calendar's time zone: the same day is 0, the next working day 1. Time in which a clock stood
counts along: this is how long it took, not how much of the limit was used.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Case as SqlCase
from django.db.models import DateField, F, Func, Q, Value, When
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Item
from surveillance.calendars.models import Calendar
from surveillance.clock import WorkingCalendar, working_days_between


@dataclass(frozen=True, slots=True)
class Measure:
    """`number`: the items that are timed (cases/stats/numbers.py). `ended_at`: a field of item."""

    title: Promise
    number: str
    ended_at: str


MEASURES: Mapping[str, Measure] = {
    "acknowledge": Measure(_("to acknowledge"), "acknowledged", "takedown__acknowledged_at"),
    "answer": Measure(_("to the first answer"), "answered", "first_answered_at"),
    "removal": Measure(_("to the verified removal"), "removed", "verified_at"),
}


@dataclass(frozen=True, slots=True)
class Quantiles:
    """The smallest number of working days that half, and nine in ten, did not exceed."""

    count: int
    median: int | None
    ninetieth: int | None

    @classmethod
    def of(cls, found: Mapping[int, int]) -> "Quantiles":
        """Of {working days: how many listings}."""
        return cls(sum(found.values()), _quantile(found, 5), _quantile(found, 9))


def _quantile(found: Mapping[int, int], tenths: int) -> int | None:
    total, seen = sum(found.values()), 0
    for value, times in sorted(found.items()):
        seen += times
        if 10 * seen >= tenths * total:
            return value
    return None


class Calendars:
    """The current calendars, read once; the same two days are counted once."""

    @cached_property
    def versions(self) -> str:
        """Which versions are current, in words that compare."""
        return ", ".join(sorted(f"{c.code} v{c.version}" for c in self.by_code.values()))

    @cached_property
    def by_code(self) -> dict[str, WorkingCalendar]:
        return {row.code: row.working() for row in Calendar.objects.current()}

    @cached_property
    def _known(self) -> dict[tuple[str, date, date], int]:
        return {}

    def between(self, code: str, begun_on: date, ended_on: date) -> int:
        key = (code, begun_on, ended_on)
        if key not in self._known:
            self._known[key] = working_days_between(begun_on, ended_on, self.by_code[code])
        return self._known[key]

    def local_day(self, instant: Any) -> Cast:
        """In a query over items: the day of an instant where the demand's calendar is kept."""
        zone = SqlCase(
            *(
                When(takedown__regime__calendar_code=code, then=Value(calendar.time_zone))
                for code, calendar in self.by_code.items()
            ),
            default=Value("UTC"),
        )
        return Cast(Func(zone, instant, function="timezone"), DateField())


def taken(item: Item, measure: Measure, calendars: Calendars) -> int | None:
    """Working days that one item took; None while it has not happened."""
    ended_at: Any = item
    for name in measure.ended_at.split("__"):
        ended_at = getattr(ended_at, name)
    if ended_at is None or item.takedown.issued_at is None:
        return None
    code = item.takedown.regime.calendar_code
    zone = calendars.by_code[code].zone
    begun_on = item.takedown.issued_at.astimezone(zone).date()
    return calendars.between(code, begun_on, ended_at.astimezone(zone).date())


def grouped_days(calendars: Calendars, conditions: Mapping[str, Q]) -> dict[str, Any]:
    """What a query over items is grouped by: the calendar and the days between which it took.

    `conditions`: by measure, which items are timed; the others have no day of end.
    """
    ends = {
        f"{name}_on": SqlCase(
            When(conditions[name], then=calendars.local_day(F(measure.ended_at))),
            output_field=DateField(),
        )
        for name, measure in MEASURES.items()
    }
    begin = calendars.local_day(F("takedown__issued_at"))
    return {"calendar": F("takedown__regime__calendar_code"), "issued_on": begin, **ends}


def taken_days(row: Mapping[str, Any], calendars: Calendars) -> Iterator[tuple[str, int]]:
    """Measure and working days of what a grouped row says has happened."""
    for name in MEASURES:
        if ended_on := row[f"{name}_on"]:
            yield name, calendars.between(row["calendar"], row["issued_on"], ended_on)
