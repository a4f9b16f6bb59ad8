"""The calendars as delivered, each with its working days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from surveillance.calendars.public_holidays import (
    CODES,
    COVERED_YEARS,
    extra_working_days,
    public_holidays,
)
from surveillance.calendars.reference.table import FOLDER, ReferenceError, Row, naming, rows
from surveillance.clock import WorkingCalendar

CALENDARS = FOLDER / "calendars.csv"
COLUMNS = (
    "code",
    "name",
    "jurisdiction",
    "time_zone",
    "weekend",
    "announced_until",
    "source",
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class ReferenceCalendar:
    """A calendar as delivered.

    `announced_until` is the last year whose days are in force or officially announced; later
    years are projected from the rules. None: every year is computed.
    """

    code: str
    name: str
    jurisdiction: str
    announced_until: int | None
    source: str
    working: WorkingCalendar


def reference_calendars(
    years: Iterable[int] = COVERED_YEARS, path: Path = CALENDARS
) -> tuple[ReferenceCalendar, ...]:
    """Every calendar, as version 1, for a run of `years` without a gap.

    Raises ReferenceError for a bad row, ValueError for years with a gap or not covered.
    """
    span = sorted(set(years))
    if not span or span != list(range(span[0], span[-1] + 1)):
        raise ValueError(f"years: must follow one another without a gap, not {span}.")
    calendars: dict[str, ReferenceCalendar] = {}
    for row in rows(path, COLUMNS):
        calendar = _calendar(row, span)
        if calendar.code in calendars:
            raise ReferenceError(f"{row.where}: code: {calendar.code} stands twice. Keep one row.")
        calendars[calendar.code] = calendar
    return tuple(calendars.values())


def _calendar(row: Row, years: list[int]) -> ReferenceCalendar:
    code = row.required("code")
    if code not in CODES:
        raise ReferenceError(
            f"{row.where}: code: no public holidays are known for {code}. "
            f"There are those of {', '.join(CODES)}."
        )
    announced = row.fields["announced_until"]
    with naming(row.where, "announced_until"):
        announced_until = int(announced) if announced else None
    time_zone, weekend = _time_zone(row), row.required("weekend")
    off, worked = public_holidays(code, years), extra_working_days(code, years)
    with naming(row.where, "weekend"):
        working = WorkingCalendar(
            code=code,
            version=1,
            time_zone=time_zone,
            weekend=_weekend(weekend),
            holidays=off,
            extra_working_days=worked,
            first_day=date(years[0], 1, 1),
            last_day=date(years[-1], 12, 31),
        )
    return ReferenceCalendar(
        code=code,
        name=row.required("name"),
        jurisdiction=row.required("jurisdiction"),
        announced_until=announced_until,
        source=row.required("source"),
        working=working,
    )


def _weekend(text: str) -> frozenset[int]:
    names = text.split()
    if unknown := [name for name in names if name not in WEEKDAYS]:
        raise ValueError(f"{' '.join(unknown)}: write weekdays as {' '.join(WEEKDAYS)}.")
    return frozenset(WEEKDAYS.index(name) for name in names)


def _time_zone(row: Row) -> str:
    name = row.required("time_zone")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ReferenceError(
            f"{row.where}: time_zone: {name} is not a time zone. Write one like Asia/Taipei."
        ) from error
    return name
