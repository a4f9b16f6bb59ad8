"""How much, when, how fast, in which state: the shapes of generated data. Pure.

Counts grow by a fifth a year and peak before the winter holidays; sizes are skewed (few cases
hold much); what is old is mostly done, and what is new mostly is not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

YEARS = 5
WEEKS = YEARS * 52
WEEK = timedelta(weeks=1)
_GROWTH_A_YEAR = 1.2
_PEAK_MONTHS = {11: 1.35, 12: 1.5, 1: 1.15, 7: 0.85, 8: 0.8}
_HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 14, 13, 11, 13, 13, 12, 11, 10, 9, 9, 8, 7, 4, 2)


@dataclass(frozen=True, slots=True)
class Week:
    """What arrives in the seven days from `begins_at`."""

    begins_at: datetime
    reports: int
    items: int


def weeks(until: datetime, reports: int, items: int) -> Iterator[Week]:
    """The weeks before `until`, oldest first, whose counts add up to exactly what is asked."""
    begins = [until - WEEK * (WEEKS - number) for number in range(WEEKS)]
    weights = [
        _GROWTH_A_YEAR ** (number / 52) * _PEAK_MONTHS.get(begin.month, 1.0)
        for number, begin in enumerate(begins)
    ]
    shares = zip(split(reports, weights), split(items, weights), strict=True)
    for begin, (of_reports, of_items) in zip(begins, shares, strict=True):
        yield Week(begin, of_reports, of_items)


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the weights that add up to `total`."""
    whole, gone, given, found = sum(weights), 0.0, 0, []
    for weight in weights:
        gone += weight
        upto = round(total * gone / whole)
        found.append(upto - given)
        given = upto
    return found


def instant(random: Random, begins_at: datetime) -> datetime:
    """Some time in the week, by day rather than by night."""
    hour = random.choices(range(24), _HOURS)[0]
    day = begins_at + timedelta(days=random.randrange(7))
    return day.replace(
        hour=hour,
        minute=random.randrange(60),
        second=random.randrange(60),
        microsecond=random.randrange(1_000_000),
    )


def skewed(random: Random, mean: float, most: int) -> int:
    """1 to `most`, about `mean` on average, with a long tail."""
    return min(most, max(1, int(random.lognormvariate(0, 1.1) * mean / 1.83 + 0.5)))


def rank(random: Random, count: int) -> int:
    """A place from 0 to `count` - 1; the first ones far more often than the last."""
    return int(count * random.random() ** 2.5)


def hours(random: Random, median: float) -> timedelta:
    """A time that somebody took, half of them less than `median` hours."""
    return timedelta(hours=random.lognormvariate(0, 0.9) * median)


# Age in days up to which a report is still untriaged, with the share of those that are.
_UNTRIAGED = ((1, 0.9), (3, 0.6), (7, 0.35), (21, 0.12), (60, 0.03))
_NEVER_TRIAGED = 0.002


def is_untriaged(random: Random, age: timedelta) -> bool:
    for days, share in _UNTRIAGED:
        if age < timedelta(days=days):
            return random.random() < share
    return random.random() < _NEVER_TRIAGED


def triage(random: Random, *, has_case: bool, may_repeat: bool) -> str:
    """What became of a report that was looked at."""
    if has_case and random.random() < 0.62:
        return "accepted"
    return "duplicate" if may_repeat and random.random() < 0.35 else "dismissed"


# What became of items, in per cent: of those answered lately, and later on.
_LATELY = {"removed": 62, "not_found": 16, "refused": 14, "needs_information": 8}
_SETTLED = {"confirmed": 88, "refusal_accepted": 6, "withdrawn": 5}
_STUCK_FOR = timedelta(days=180)  # what is stuck for so long has been settled somehow
_UNANSWERED = 0.005
_STILL_ONLINE = 0.01


def is_stuck(random: Random, age: timedelta) -> bool:
    """Does nobody answer for this item?"""
    return age < _STUCK_FOR and random.random() < _UNANSWERED


def outcome(random: Random, *, answered_for: timedelta) -> str:
    """The state of an item so long after its answer."""
    if answered_for < hours(random, 120):
        return _of(random, _LATELY)
    if answered_for < _STUCK_FOR and random.random() < _STILL_ONLINE:
        return "still_online"
    return _of(random, _SETTLED)


def _of(random: Random, shares: dict[str, int]) -> str:
    return random.choices(list(shares), list(shares.values()))[0]
