"""The figures of the statistics page, computed from the numbers over one set of items.

Every function takes the items it is about (already limited to what the actor may see and to the
scope asked for) and the instant it is asked at.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case as SqlCase
from django.db.models import Count, DateField, F, Func, Q, QuerySet, Value, When
from django.db.models.functions import Cast, TruncMonth

from cases.models import Case, Item
from cases.states import CASE_OPEN, ITEM_AWAITS_AUTHORITY
from cases.stats.numbers import NUMBERS, judged
from sellers.models import Platform
from surveillance.accounts.actor import Actor
from surveillance.calendars.models import Calendar, Kind
from surveillance.clock import WorkingCalendar, working_days_between


@dataclass(frozen=True, slots=True)
class Scope:
    """What the page is about. `from_` and `to` are days of issue, both included, in UTC."""

    platform: Platform | None = None
    kind: str = ""
    regime: str = ""
    from_: date | None = None
    to: date | None = None

    def items(self, actor: Actor) -> QuerySet[Item]:
        """Issued items that the actor may see, within the scope."""
        rows = Item.objects.visible_to(actor).issued()
        if self.platform:
            rows = rows.filter(takedown__platform=self.platform)
        if self.kind in Kind.values:
            rows = rows.filter(takedown__kind=self.kind)
        if self.regime:
            rows = rows.filter(takedown__regime__code=self.regime)
        if self.from_:
            rows = rows.filter(takedown__issued_at__gte=_midnight(self.from_))
        if self.to:
            rows = rows.filter(takedown__issued_at__lt=_midnight(self.to + timedelta(days=1)))
        return rows


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole. `percent` is None while the whole is empty."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        return float(Fraction(100 * self.part, self.whole)) if self.whole else None


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Working days: the smallest number that half, and nine in ten, did not exceed."""

    count: int
    median: int | None
    ninetieth: int | None


def rows_of(items: QuerySet[Item], number: str, at: datetime) -> QuerySet[Item]:
    """The items behind a number."""
    return items.filter(NUMBERS[number].holds.at(at))


def counts(items: QuerySet[Item], at: datetime) -> dict[str, int]:
    """Every number, in one query."""
    found: dict[str, int] = items.aggregate(**_counting(at))
    return found


def counts_by_platform(items: QuerySet[Item], at: datetime) -> list[dict[str, Any]]:
    """A row a platform: {"slug", "name", …numbers, "judged"}, the largest first."""
    return list(
        items.values(slug=F("takedown__platform__slug"), name=F("takedown__platform__name"))
        .annotate(**_counting(at))
        .order_by("-requested", "name")
    )


def counts_by_month(items: QuerySet[Item], at: datetime) -> list[dict[str, Any]]:
    """A row a month of issue (UTC): {"month": first day, …numbers, "judged"}, oldest first."""
    month = TruncMonth("takedown__issued_at", output_field=DateField(), tzinfo=ZoneInfo("UTC"))
    return list(items.values(month=month).annotate(**_counting(at)).order_by("month"))


def within_limit(found: dict[str, Any]) -> Share:
    """Answered in time, of the listings of which it is known (see `numbers.judged`)."""
    return Share(found["in_time"], found["judged"])


def removed_of_requested(found: dict[str, Any]) -> Share:
    """Verified removed, of all listings demanded."""
    return Share(found["verified_removed"], found["requested"])


def removed_of_identified(found: dict[str, Any]) -> Share:
    """Claimed removed, of the listings that the platform says it identified: the denominator of
    the EU and Japanese pledges."""
    return Share(found["claimed_removed"], found["identified"])


def working_days_to_answer(items: QuerySet[Item]) -> Quantiles:
    """From issue (or from when it came back) to the platform's first answer."""
    return _quantiles(items.filter(first_answered_at__isnull=False), "first_answered_at")


def working_days_to_verified_removal(items: QuerySet[Item]) -> Quantiles:
    """From issue (or from when it came back) to the day somebody here found it gone."""
    return _quantiles(items.filter(verified_at__isnull=False), "verified_at")


def working_days_to_acknowledge(items: QuerySet[Item]) -> Quantiles:
    """From issue to the platform's acknowledgement of the request; a listing counts once."""
    known = items.filter(takedown__acknowledged_at__isnull=False, predecessor=None)
    return _quantiles(known, "takedown__acknowledged_at")


def workload(actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """Open cases, answers to check and overdue items by inspector."""
    awaiting = Q(takedowns__items__state__in=sorted(ITEM_AWAITS_AUTHORITY))
    late = Q(takedowns__items__in=Item.objects.overdue(at))
    return list(
        Case.objects.visible_to(actor)
        .filter(state__in=CASE_OPEN)
        .values(name=F("assignee__name"), person=F("assignee_id"))
        .annotate(
            cases=Count("pk", distinct=True),
            to_check=Count("takedowns__items", filter=awaiting, distinct=True),
            overdue=Count("takedowns__items", filter=late, distinct=True),
        )
        .order_by("-cases", "name")
    )


def _counting(at: datetime) -> dict[str, Count]:
    numbers = {name: Count("pk", filter=number.holds.at(at)) for name, number in NUMBERS.items()}
    return numbers | {"judged": Count("pk", filter=judged(at))}


def _quantiles(items: QuerySet[Item], end: str) -> Quantiles:
    """Grouped by the days between which it took: the work grows with days, not with items."""
    calendars = {row.code: row.working() for row in Calendar.objects.current()}
    begin = SqlCase(When(predecessor=None, then=F("takedown__issued_at")), default=F("started_at"))
    grouped = (
        items.values(
            calendar=F("takedown__regime__calendar_code"),
            began_on=_local_day(begin, calendars.values()),
            ended_on=_local_day(F(end), calendars.values()),
        )
        .annotate(times=Count("pk"))
        .order_by()
    )
    return quantiles(
        (
            working_days_between(row["began_on"], row["ended_on"], calendars[row["calendar"]]),
            row["times"],
        )
        for row in grouped
    )


def quantiles(found: Iterable[tuple[int, int]]) -> Quantiles:
    """Of (value, how often) pairs."""
    ordered = sorted(found)
    total = sum(times for _value, times in ordered)
    return Quantiles(total, _quantile(ordered, total, 5), _quantile(ordered, total, 9))


def _quantile(ordered: list[tuple[int, int]], total: int, tenths: int) -> int | None:
    """The smallest value that at least so many tenths do not exceed."""
    seen = 0
    for value, times in ordered:
        seen += times
        if 10 * seen >= tenths * total:
            return value
    return None


def _local_day(instant: Any, calendars: Iterable[WorkingCalendar]) -> Cast:
    """The day of an instant in the zone of the demand's calendar."""
    zone = SqlCase(
        *(
            When(takedown__regime__calendar_code=calendar.code, then=Value(calendar.time_zone))
            for calendar in calendars
        ),
        default=Value("UTC"),
    )
    return Cast(Func(zone, instant, function="timezone"), DateField())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo("UTC"))
