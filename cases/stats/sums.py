"""Numbers and working days added up, by whatever a reader groups them by."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, QuerySet, Sum

from cases.models import Item, Tally
from cases.stats.numbers import NUMBERS
from cases.stats.working_days import MEASURES, Calendars, grouped_days, taken_days

NEVER = datetime.min.replace(tzinfo=UTC)  # no limit has passed yet

Key = tuple[Any, ...]
Grouping = Mapping[str, Any]  # {name: expression}; its values make a key, in this order


@dataclass
class Sums:
    """`counts`: {key: {number: listings}}; `days`: {key: {(measure, working days): listings}}.

    What is grouped by nothing stands under the empty key.
    """

    at: datetime
    calendars: Calendars
    counts: defaultdict[Key, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    days: defaultdict[Key, Counter[tuple[str, int]]] = field(
        default_factory=lambda: defaultdict(Counter)
    )

    def count(self, items: QuerySet[Item], by: Grouping) -> None:
        """Row by row, grouped in the database, so that the answer grows with days and not with
        listings."""
        now = {name: number.counting(self.at) for name, number in NUMBERS.items()}
        for key, counted in self._counted(items, by, {"now": now}):
            for name in NUMBERS:
                self.counts[key][name] += counted[f"now_{name}"]
        conditions = {name: NUMBERS[one.number].holds(self.at) for name, one in MEASURES.items()}
        grouping = {**by, **grouped_days(self.calendars, conditions)}
        timed = items.order_by().values(**grouping).annotate(times=Count("pk"))
        for row in timed:
            for taken in taken_days(row, self.calendars):
                self.days[_key(row, by)][taken] += row["times"]

    def count_late(self, items: QuerySet[Item], by: Grouping) -> None:
        """What the numbers of tallied listings gained when their limits passed: a tally knows no
        hour. `items` are those whose limit has passed."""
        now = {name: number.counting(self.at) for name, number in NUMBERS.items()}
        then = {name: number.counting(NEVER) for name, number in NUMBERS.items()}
        for key, counted in self._counted(items, by, {"now": now, "then": then}):
            for name in NUMBERS:
                self.counts[key][name] += counted[f"now_{name}"] - counted[f"then_{name}"]

    def add(self, tallies: QuerySet[Tally], by: Grouping) -> None:
        rows = tallies.order_by().values("name", "working_days", **by)
        for row in rows.annotate(total=Sum("listings")):
            if row["working_days"] is None:
                self.counts[_key(row, by)][row["name"]] += row["total"]
            else:
                self.days[_key(row, by)][row["name"], row["working_days"]] += row["total"]

    def _counted(
        self, items: QuerySet[Item], by: Grouping, counting: Mapping[str, Mapping[str, Count]]
    ) -> Iterator[tuple[Key, dict[str, int]]]:
        """`counting`: {when: {number: count}}. In each row a count is named "when_number"."""
        names = {
            f"{when}_{name}": count
            for when, counts in counting.items()
            for name, count in counts.items()
        }
        rows: Any = [items.order_by().aggregate(**names)]
        if by:
            rows = items.order_by().values(**by).annotate(**names)
        return ((_key(row, by), row) for row in rows)


def _key(row: Mapping[str, Any], by: Grouping) -> Key:
    return tuple(row[name] for name in by)
