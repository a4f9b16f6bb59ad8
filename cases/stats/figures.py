"""The figures of the statistics page: in all, by platform, by month of issue; from tallies, and row
by row where something has changed since (cases/stats/tallies.py)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db.models import F

from cases.stats.numbers import NUMBERS
from cases.stats.scope import Scope, issued_month
from cases.stats.sums import Grouping, Key, Sums
from cases.stats.tallies import tallied
from cases.stats.working_days import MEASURES, Calendars, Quantiles
from surveillance.accounts.actor import Actor


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


def totals(scope: Scope, actor: Actor, at: datetime) -> Figures:
    """The figures in all alone, which are grouped by nothing."""
    sums = _summed(scope, actor, at, {}, {})
    return _figures(sums, [()])


def breakdown(scope: Scope, actor: Actor, at: datetime) -> Breakdown:
    """Of what the actor may see of a scope, asked at an instant. Months are the authority's."""
    sums = _summed(
        scope,
        actor,
        at,
        {
            "platform_slug": F("takedown__platform__slug"),
            "platform_name": F("takedown__platform__name"),
            "issued_month": issued_month("takedown__issued_at"),
        },
        {
            "platform_slug": F("platform__slug"),
            "platform_name": F("platform__name"),
            "issued_month": F("month"),
        },
    )
    keys = [key for key, counts in sums.counts.items() if counts["requested"]]
    platforms = {PlatformKey(slug, name) for slug, name, _month in keys}
    return Breakdown(
        _figures(sums, keys),
        {
            platform: _figures(sums, [key for key in keys if key[0] == platform.slug])
            for platform in sorted(platforms, key=lambda platform: platform.name.casefold())
        },
        {
            month: _figures(sums, [key for key in keys if key[2] == month])
            for month in sorted({month for _slug, _name, month in keys})
        },
    )


def _summed(scope: Scope, actor: Actor, at: datetime, by: Grouping, by_tallies: Grouping) -> Sums:
    """Tallies, and row by row whatever they do not hold."""
    sums = Sums(at, Calendars())
    found = tallied(scope, actor, sums.calendars)
    for items in found.untallied:
        sums.count(items, by)
    if found.tallies is not None and found.items is not None:
        sums.add(found.tallies, by_tallies)
        sums.count_late(found.items.filter(NUMBERS["overdue"].holds(at)), by)
    return sums


def _figures(sums: Sums, keys: Iterable[Key]) -> Figures:
    counts, days = Counter[str](), {name: Counter[int]() for name in MEASURES}
    for key in keys:
        counts += sums.counts[key]
        for (name, working_days), listings in sums.days[key].items():
            days[name][working_days] += listings
    return Figures({name: counts[name] for name in NUMBERS}, days)
