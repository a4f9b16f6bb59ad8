"""What a version of a calendar or a regime says: checked as a whole, changed by making another.

Pure values; a row is one of these with a code, a version and its maker. What is wrong is raised as
ValidationError naming the field.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, time
from enum import StrEnum
from typing import Any, NamedTuple, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from surveillance.calendars.models import Calendar, Regime
from surveillance.calendars.reference.regimes import RUNGS, Rung
from surveillance.clock import Limit, StartRule, Unit, WorkingCalendar


class DayKind(StrEnum):
    """HOLIDAY and CLOSURE are days off; WORKING is a day of the weekend that is worked."""

    HOLIDAY = "holiday"
    CLOSURE = "closure"
    WORKING = "working"


class CalendarDay(NamedTuple):
    day: date
    name: str
    kind: DayKind = DayKind.HOLIDAY


@dataclass(frozen=True, slots=True)
class CalendarContent:
    """`holidays` (closures among them) and `extra_working_days` by day; weekdays from Monday, 0."""

    time_zone: str
    weekend: frozenset[int]
    holidays: Mapping[date, str]
    extra_working_days: Mapping[date, str]
    first_day: date
    last_day: date

    @classmethod
    def of(cls, calendar: Calendar) -> Self:
        working = calendar.working()
        return cls(
            working.time_zone,
            working.weekend,
            working.holidays,
            working.extra_working_days,
            working.first_day,
            working.last_day,
        )

    def with_days(self, days: Iterable[CalendarDay]) -> Self:
        """These days as well; a day that is known takes its new name."""
        off, worked = dict(self.holidays), dict(self.extra_working_days)
        for one in days:
            target = worked if one.kind is DayKind.WORKING else off
            target[one.day] = one.name
        return replace(self, holidays=off, extra_working_days=worked)

    def without(self, days: Collection[date]) -> Self:
        """These days as the weekend has them."""
        return replace(
            self,
            holidays={day: name for day, name in self.holidays.items() if day not in days},
            extra_working_days={
                day: name for day, name in self.extra_working_days.items() if day not in days
            },
        )

    def without_years(self, years: Collection[int], kinds: Collection[DayKind]) -> Self:
        """Every day of these kinds in these years is taken out, to be put in anew."""
        off = {day for day in self.holidays if day.year in years}
        worked = {day for day in self.extra_working_days if day.year in years}
        gone = off if DayKind.HOLIDAY in kinds else set()
        return self.without(gone | (worked if DayKind.WORKING in kinds else set()))

    def reaching(self, years: Collection[int]) -> Self:
        """Known for these whole years as well. They must follow the years that are known."""
        first = min(self.first_day, date(min(years), 1, 1))
        last = max(self.last_day, date(max(years), 12, 31))
        known = {*range(self.first_day.year, self.last_day.year + 1), *years}
        if missing := sorted(set(range(first.year, last.year + 1)) - known):
            raise ValidationError(
                {
                    "years": _("%(years)s would be missing in between. Add them first.")
                    % {"years": ", ".join(map(str, missing))}
                }
            )
        return replace(self, first_day=first, last_day=last)

    def check(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError) as problem:
            raise ValidationError(
                {"time_zone": _("Write a time zone like Asia/Taipei.")}
            ) from problem
        if not self.weekend < frozenset(range(7)):
            raise ValidationError({"weekend": _("At least one day of the week must be worked.")})
        for day in sorted({*self.holidays, *self.extra_working_days}):
            if not self.first_day <= day <= self.last_day:
                raise ValidationError(
                    {
                        "day": _("%(day)s lies outside %(first)s to %(last)s, which is covered.")
                        % {"day": day, "first": self.first_day, "last": self.last_day}
                    }
                )

    def working(self, code: str, version: int) -> WorkingCalendar:
        return WorkingCalendar(
            code=code,
            version=version,
            time_zone=self.time_zone,
            weekend=self.weekend,
            holidays=self.holidays,
            extra_working_days=self.extra_working_days,
            first_day=self.first_day,
            last_day=self.last_day,
        )

    def values(self) -> dict[str, Any]:
        """As the row's fields have them."""
        return {
            "time_zone": self.time_zone,
            "weekend": sorted(self.weekend),
            "holidays": _by_iso_day(self.holidays),
            "extra_working_days": _by_iso_day(self.extra_working_days),
            "first_day": self.first_day,
            "last_day": self.last_day,
        }

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` gives an equal content back."""
        ends = {"first_day": self.first_day.isoformat(), "last_day": self.last_day.isoformat()}
        return self.values() | ends

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            data["time_zone"],
            frozenset(data["weekend"]),
            _by_day(data["holidays"]),
            _by_day(data["extra_working_days"]),
            date.fromisoformat(data["first_day"]),
            date.fromisoformat(data["last_day"]),
        )


@dataclass(frozen=True, slots=True)
class RegimeContent:
    """`reminders`: working days (or hours) before the end. `escalation`: lowest rung first."""

    limit_amount: int
    limit_unit: str
    start_rule: str
    cut_off: time | None
    day_ends_at: time | None
    calendar_code: str
    reminders: tuple[int, ...]
    escalation: tuple[Rung, ...]
    four_eyes: bool
    extension_approvals: int

    @classmethod
    def of(cls, regime: Regime) -> Self:
        own = {name: getattr(regime, name) for name in cls.__dataclass_fields__}
        ladder = tuple(Rung(step["after"], step["to"]) for step in regime.escalation)
        return cls(**own | {"reminders": tuple(regime.reminders), "escalation": ladder})

    def check(self) -> None:
        self._check_limit()
        for before in self.reminders:
            if not 0 < before < self.limit_amount:
                raise ValidationError(
                    {
                        "reminders": _(
                            "%(before)d is not within the limit: write numbers from 1 to %(last)d."
                        )
                        % {"before": before, "last": self.limit_amount - 1}
                    }
                )
        after = [rung.after for rung in self.escalation]
        if sorted(set(after)) != after:
            raise ValidationError(
                {"escalation": _("Each rung must come later than the one before it.")}
            )
        if unknown := [rung.to for rung in self.escalation if rung.to not in RUNGS]:
            raise ValidationError(
                {"escalation": _("Nobody is called %(to)s.") % {"to": unknown[0]}}
            )
        if self.extension_approvals < 1:
            raise ValidationError(
                {"extension_approvals": _("At least one person decides about more time.")}
            )

    def values(self) -> dict[str, Any]:
        """As the row's fields have them."""
        plain = asdict(self)
        ladder = [rung._asdict() for rung in self.escalation]
        return plain | {"reminders": list(self.reminders), "escalation": ladder}

    def _check_limit(self) -> None:
        try:
            self.limit()
        except ValueError as problem:
            field, _colon, text = str(problem).partition(": ")
            name = {"amount": "limit_amount"}.get(field.partition(",")[0], field.partition(",")[0])
            raise ValidationError({name: text}) from problem

    def limit(self) -> Limit:
        return Limit(
            self.limit_amount,
            Unit(self.limit_unit),
            StartRule(self.start_rule),
            self.cut_off,
            self.day_ends_at,
        )


def _by_iso_day(days: Mapping[date, str]) -> dict[str, str]:
    return {day.isoformat(): name for day, name in sorted(days.items())}


def _by_day(days: Mapping[str, str]) -> dict[date, str]:
    return {date.fromisoformat(day): name for day, name in days.items()}
