"""Tallies: sums by platform, regime and month of issue, so that a view adds up some thousands of
rows instead of counting every listing there ever was.

Whatever changes is marked by a trigger, in the transaction that changes it. A group with a mark is
counted row by row until the sweep has tallied it anew, so the numbers are right at every moment;
the tallies make them quick, and nothing else.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Self

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from cases.models import Item, TakedownRequest, Tally, TallyBasis, TallyMark
from cases.stats.numbers import NUMBERS
from cases.stats.scope import Scope, authority_zone, issued_in, issued_month
from cases.stats.sums import NEVER, Grouping, Sums
from cases.stats.working_days import Calendars
from surveillance.accounts.actor import Actor

MANY = 100  # groups: beyond, all rows are counted as quickly as those of each group
_LOCK = 0x7A11


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """The listings of one platform, regime and month of issue."""

    platform_id: int
    regime: str
    month: date

    @classmethod
    def marked(cls, marks: QuerySet[TakedownRequest]) -> set[Self]:
        """The groups of some requests; those not issued yet belong to none."""
        found = marks.filter(issued_at__isnull=False).values_list(
            "platform_id", "regime__code", issued_month("issued_at")
        )
        return {cls(*values) for values in found.distinct()}

    def items(self) -> Q:
        return issued_in(self.month) & Q(
            takedown__platform=self.platform_id, takedown__regime__code=self.regime
        )

    def tallies(self) -> Q:
        return Q(platform=self.platform_id, regime=self.regime, month=self.month)


@dataclass(frozen=True, slots=True)
class Tallied:
    """`untallied`: querysets of items to count row by row, no item in two of them. `items`: those
    that `tallies` stand for. Both are None when nothing is tallied."""

    untallied: list[QuerySet[Item]]
    tallies: QuerySet[Tally] | None = None
    items: QuerySet[Item] | None = None


def tallied(scope: Scope, actor: Actor, calendars: Calendars) -> Tallied:
    """What of a scope has been tallied, and what has not."""
    items = scope.items(actor)
    if not TallyBasis.objects.filter(basis=_basis(calendars)).exists():
        return Tallied([items])
    marks = TallyMark.objects.values("takedown")
    stale = Group.marked(TakedownRequest.objects.real().filter(pk__in=marks))
    if len(stale) > MANY:
        return Tallied([items])
    untallied = [scope.restricted_items(actor)]
    tallies = scope.tallies(actor)
    loose = [group.items() for group in stale] + [issued_in(m) for m in scope.broken_months]
    rest = scope.unrestricted_items(actor)
    if loose:
        untallied.append(rest.filter(reduce(or_, loose)))
        rest = rest.exclude(reduce(or_, loose))
    if stale:
        tallies = tallies.exclude(reduce(or_, (group.tallies() for group in stale)))
    return Tallied(untallied, tallies, rest)


def tally() -> int:
    """Tally anew what has changed. Returns the number of marks taken away.

    The marks go first, in the same transaction: whatever is committed after that leaves a mark of
    its own. One at a time: a second one finds the advisory lock taken and does nothing.
    """
    calendars = Calendars()
    basis = _basis(calendars)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("DELETE FROM cases_tallymark RETURNING takedown_id")
        marks = {key for (key,) in cursor.fetchall()}
        groups = Group.marked(TakedownRequest.objects.real().filter(pk__in=marks))
        if len(groups) <= MANY and TallyBasis.objects.filter(basis=basis).exists():
            for group in groups:
                _replace(group.tallies(), group.items(), calendars)
        else:
            _replace(Q(), Q(), calendars)
            TallyBasis.objects.update_or_create(pk=1, defaults={"basis": basis})
    return len(marks)


def _replace(tallies: Q, items: Q, calendars: Calendars) -> None:
    Tally.objects.filter(tallies).delete()
    real = Item.objects.real().issued()
    counted = real.exclude(takedown__case__is_restricted=True).filter(items)
    sums = Sums(NEVER, calendars)
    by: Grouping = {
        "platform": F("takedown__platform"),
        "kind": F("takedown__kind"),
        "regime": F("takedown__regime__code"),
        "month": issued_month("takedown__issued_at"),
    }
    sums.count(counted, by)
    Tally.objects.bulk_create(_tallies(sums), batch_size=5000)


def _tallies(sums: Sums) -> Iterator[Tally]:
    for (platform, kind, regime, month), counts in sums.counts.items():
        group = {"platform_id": platform, "kind": kind, "regime": regime, "month": month}
        for name, listings in counts.items():
            if listings:
                yield Tally(**group, name=name, listings=listings)
        for (name, days), listings in sums.days[platform, kind, regime, month].items():
            yield Tally(**group, name=name, working_days=days, listings=listings)


def _basis(calendars: Calendars) -> str:
    """What tallies depend on beside the rows: another zone, calendar or number makes all void."""
    said = [str(authority_zone()), calendars.versions, *NUMBERS]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
