"""Public holidays by calendar and year: the `holidays` package, and what it lacks.

What it lacks stands in reference/days.csv with its source: the institutions of the European
Union, the closure of Japanese offices at the turn of the year, Easter Monday for Canadian
federal offices, and the names of Taiwan's make-up working days. Days of a weekend may be listed
or not; they are no working days either way. Why these days: docs/decisions/0011-calendars.md.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import holidays

from surveillance.calendars.reference.table import FOLDER, ReferenceError, naming, rows

COVERED_YEARS = range(2024, 2029)
DAYS = FOLDER / "days.csv"
KINDS = ("holiday", "closure", "working")


class _Package(NamedTuple):
    """How to ask the package: `categories` of holidays, and the language of their names."""

    language: str
    categories: tuple[str, ...] = ("public",)


_PACKAGE = {
    "AU": _Package("en_AU"),
    "CA": _Package("en_CA", ("government",)),
    "JP": _Package("en_US"),
    "KR": _Package("en_US"),
    "SG": _Package("en_SG"),
    "TW": _Package("en_US"),
    "US": _Package("en_US", ("government",)),
}
_AUSTRALIAN = ("ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA")

CODES = tuple(sorted([*_PACKAGE, "EU"]))


class SpecialDay(NamedTuple):
    """One row of days.csv. `kind`: holiday, closure, or working (a weekend day that is worked)."""

    calendar: str
    day: date
    kind: str
    name: str
    source: str


def public_holidays(code: str, years: Iterable[int]) -> Mapping[date, str]:
    """Holidays and closures of calendar `code` in `years`, by day, with names in English.

    Raises ValueError for a calendar that is not known or a year outside COVERED_YEARS.
    """
    asked = _checked(code, years)
    found = _from_package(code, asked)
    for special in special_days():
        if special.calendar == code and special.day.year in asked and special.kind != "working":
            found[special.day] = special.name
    return dict(sorted(found.items()))


def extra_working_days(code: str, years: Iterable[int]) -> Mapping[date, str]:
    """Days of a weekend that calendar `code` works in `years`, by day, with names in English."""
    asked = _checked(code, years)
    return {
        special.day: special.name
        for special in special_days()
        if special.calendar == code and special.day.year in asked and special.kind == "working"
    }


@cache
def special_days(path: Path = DAYS) -> tuple[SpecialDay, ...]:
    """The rows of days.csv, in order of calendar and day; ReferenceError for a bad row."""
    found: dict[tuple[str, date], SpecialDay] = {}
    for row in rows(path, SpecialDay._fields):
        with naming(row.where, "day"):
            day = date.fromisoformat(row.required("day"))
        special = SpecialDay(
            row.required("calendar"),
            day,
            row.required("kind"),
            row.required("name"),
            row.required("source"),
        )
        if special.calendar not in CODES:
            raise ReferenceError(
                f"{row.where}: calendar: {special.calendar} is not one of {', '.join(CODES)}."
            )
        if special.kind not in KINDS:
            raise ReferenceError(
                f"{row.where}: kind: {special.kind} is not one of {', '.join(KINDS)}."
            )
        if (key := (special.calendar, day)) in found:
            raise ReferenceError(f"{row.where}: {special.calendar} has {day} twice. Keep one row.")
        found[key] = special
    return tuple(found[key] for key in sorted(found))


def _checked(code: str, years: Iterable[int]) -> frozenset[int]:
    if code not in CODES:
        raise ValueError(f"There is no calendar {code}. There are {', '.join(CODES)}.")
    asked = frozenset(years)
    if beyond := sorted(asked.difference(COVERED_YEARS)):
        raise ValueError(
            f"The public holidays of {', '.join(map(str, beyond))} have not been checked. Check "
            "the holidays package against the official lists, add what it lacks to days.csv and "
            "extend COVERED_YEARS."
        )
    return asked


def _from_package(code: str, years: frozenset[int]) -> dict[date, str]:
    if code == "EU" or not years:
        return {}
    package = _PACKAGE[code]
    if code == "AU":
        return _off_everywhere_in_australia(package, years)
    return dict(
        holidays.country_holidays(
            code, years=years, language=package.language, categories=package.categories
        ).items()
    )


def _off_everywhere_in_australia(package: _Package, years: frozenset[int]) -> dict[date, str]:
    """Days off in every state and territory, by the name that the capital gives them."""
    capital, *others = (
        holidays.country_holidays("AU", subdiv=state, years=years, language=package.language)
        for state in _AUSTRALIAN
    )
    everywhere = set(capital).intersection(*others)
    return {day: name for day, name in capital.items() if day in everywhere}
