"""The figures of the statistics page: in all, by platform, by month of issue. Two queries make
them all, grouped in the database, so that the work grows with days and not with listings."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Count, DateField, F, QuerySet
from django.db.models.functions import TruncMonth

from cases.models import Item
from cases.stats.numbers import NUMBERS
from cases.stats.scope import authority_zone
from cases.stats.working_days import MEASURES, Calendars, Quantiles, days_of, grouped_days


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole. `percent` is None while the whole is empty."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        return float(Fraction(100 * self.part, self.whole)) if self.whole else None


@dataclass(frozen=True, slots=True)
class Figures:
    """Every number, and every distribution of working days, of one set of items."""

    counts: Mapping[str, int]
    days: Mapping[str, Mapping[int, int]]

    def __getitem__(self, name: str) -> int:
        return self.counts[name]

    @property
    def within_limit(self) -> Share:
        """Answered in time, of the listings of which that is known."""
        return Share(self["in_time"], self["judged"])

    @property
    def removed_of_requested(self) -> Share:
        """Verified removed, of all listings demanded."""
        return Share(self["verified_removed"], self["requested"])

    @property
    def removed_of_identified(self) -> Share:
        """Verified removed, of those that the platform says it found: the denominator of the EU
        and Japanese pledges."""
        return Share(self["identified_removed"], self["identified"])

    def working_days(self, measure: str) -> Quantiles:
        """Median and 90th percentile from issue (cases/stats/working_days.py)."""
        return Quantiles.of(self.days[measure])


@dataclass(frozen=True, slots=True)
class PlatformKey:
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The same figures three ways. Platforms by name, months oldest first."""

    total: Figures
    by_platform: Mapping[PlatformKey, Figures]
    by_month: Mapping[date, Figures]


def totals(items: QuerySet[Item], at: datetime) -> Figures:
    """The figures in all alone, which are grouped by days and by nothing else."""
    calendars = Calendars()
    counted = items.order_by().aggregate(**_counting(at))
    timed = _grouped_days(items, at, calendars, {})
    return Figures(
        Counter({name: counted[f"n_{name}"] for name in NUMBERS}), days_of(timed, calendars)
    )


def breakdown(items: QuerySet[Item], at: datetime) -> Breakdown:
    """Of items within a scope (`Scope.items`), asked at an instant. Months are the authority's."""
    calendars = Calendars()
    counted = [(_key(row), row) for row in _counted(items, at)]
    timed = [(_key(row), row) for row in _grouped_days(items, at, calendars, _grouping())]
    platforms = sorted({key[0] for key, _row in counted}, key=lambda key: key.name.casefold())
    months = sorted({key[1] for key, _row in counted})
    by_platform = _folded(counted, timed, calendars, 0)
    by_month = _folded(counted, timed, calendars, 1)
    return Breakdown(
        _figures([row for _k, row in counted], [row for _k, row in timed], calendars),
        {platform: by_platform[platform] for platform in platforms},
        {month: by_month[month] for month in months},
    )


def _grouping() -> dict[str, Any]:
    month = TruncMonth("takedown__issued_at", output_field=DateField(), tzinfo=authority_zone())
    return {
        "slug": F("takedown__platform__slug"),
        "platform": F("takedown__platform__name"),
        "month": month,
    }


def _counted(items: QuerySet[Item], at: datetime) -> QuerySet[Item, dict[str, Any]]:
    return items.order_by().values(**_grouping()).annotate(**_counting(at))


def _counting(at: datetime) -> dict[str, Count]:
    return {f"n_{name}": number.counting(at) for name, number in NUMBERS.items()}


def _grouped_days(
    items: QuerySet[Item], at: datetime, calendars: Calendars, further: dict[str, Any]
) -> QuerySet[Item, dict[str, Any]]:
    conditions = {name: NUMBERS[measure.number].holds(at) for name, measure in MEASURES.items()}
    grouping = further | grouped_days(calendars, conditions)
    return items.order_by().values(**grouping).annotate(times=Count("pk"))


Key = tuple[PlatformKey, date]
Rows = list[tuple[Key, dict[str, Any]]]


def _key(row: Mapping[str, Any]) -> Key:
    return PlatformKey(row["slug"], row["platform"]), row["month"]


def _folded(counted: Rows, timed: Rows, calendars: Calendars, part: int) -> dict[Any, Figures]:
    """Figures by one part of the key: 0 the platform, 1 the month."""
    counts: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    times: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for key, row in counted:
        counts[key[part]].append(row)
    for key, row in timed:
        times[key[part]].append(row)
    return {key: _figures(rows, times[key], calendars) for key, rows in counts.items()}


def _figures(
    counted: list[dict[str, Any]], timed: list[dict[str, Any]], calendars: Calendars
) -> Figures:
    counts = Counter({name: sum(row[f"n_{name}"] for row in counted) for name in NUMBERS})
    return Figures(counts, days_of(timed, calendars))
