"""Generated rows into the database, a week at a time, so that memory does not grow with them.

A week is one transaction. Rows are copied in the order in which they point to each other.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from random import Random
from typing import Any, TypeVar

from django.db import connection, models, transaction

from cases.generator import calendars, distributions, market, trail, work
from cases.generator.distributions import Week
from cases.generator.market import Market
from cases.generator.work import Affair, Told
from cases.models import Case, CaseListing
from cases.states import ReportState
from sellers.models import ProductIdentifier
from surveillance.accounts.models import User
from surveillance.copying import copy_in
from surveillance.references import Kind, next_references
from surveillance.search_text import folded

BATCH = 5000
ALERTED = 0.4  # of the products
RowT = TypeVar("RowT", bound=models.Model)
_CaseProduct = Case.products.through


@dataclass(frozen=True, slots=True)
class Order:
    """What to generate: so much, ending at `until`, the same for the same seed."""

    reports: int
    items: int
    seed: int
    until: datetime
    platforms: int = 60
    sellers: int = 20_000
    password: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    weeks: int
    reports: int
    items: int


def holds_other_people() -> bool:
    """Does somebody have an account who was not made up by us?"""
    return User.objects.exclude(email__endswith=market.DOMAIN).exists()


def write(order: Order, watch: Callable[[Progress], None]) -> None:
    """Everything that `order` asks for. `watch` is called after each week."""
    random = Random(order.seed)
    weeks = list(distributions.weeks(order.until, order.reports, order.items))
    with transaction.atomic():
        calendars.reach_back(weeks[0].begins_at.date(), order.until)
        place = market.raise_market(
            random,
            platform_count=order.platforms,
            seller_count=order.sellers,
            at=weeks[0].begins_at,
            password=order.password,
        )
    writer = _Writer(random, place, order)
    for number, week in enumerate(weeks, start=1):
        with transaction.atomic():
            writer.write(week)
        watch(Progress(number, writer.reports, writer.items))
    _vacuum()


class _Writer:
    """Counts what it has written, so that every so many-th report is by the same person."""

    def __init__(self, random: Random, place: Market, order: Order) -> None:
        self.random = random
        self.market = place
        self.until = order.until
        self.stride = max(1, order.reports // work.REPEATED)
        self.reports = 0
        self.items = 0

    def write(self, week: Week) -> None:
        affairs = work.affairs(self.random, self.market, week, self.until)
        self._products(affairs)
        self._cases(affairs)
        self._demands(affairs)
        told = work.reports(
            self.random, self.market, week, affairs, self.until, self.stride, self.reports
        )
        self._reports(told)
        self.reports += week.reports
        self.items += week.items

    def _products(self, affairs: list[Affair]) -> None:
        for affair in affairs:
            affair.product = work.product(affair)
        _copy_numbered(Kind.PRODUCT, [one.product for one in affairs], "created_at")
        copy_in([identifier for one in affairs for identifier in _identifiers(one)])
        alerts = [work.alert(one) for one in affairs if self.random.random() < ALERTED]
        _copy_numbered(Kind.ALERT, alerts, "changed_at")

    def _cases(self, affairs: list[Affair]) -> None:
        for affair in affairs:
            affair.row = work.case(self.random, affair, self.until)
        _copy_numbered(Kind.CASE, [one.row for one in affairs], "opened_at")
        copy_in([_CaseProduct(case_id=one.row.pk, product_id=one.product.pk) for one in affairs])
        _copy(entry for one in affairs for entry in trail.of_case(self.random, one))

    def _demands(self, affairs: list[Affair]) -> None:
        pairs = [(affair, demand) for affair in affairs for demand in affair.demands]
        for number, (affair, demand) in enumerate(pairs):
            demand.listings = work.listings(self.random, affair, demand, number)
            demand.row = work.takedown(self.random, self.market, affair, demand, self.until)
        offers = [listing for _affair, demand in pairs for listing in demand.listings]
        _copy_numbered(Kind.LISTING, offers, "first_seen_at")
        _copy(
            CaseListing(case_id=affair.row.pk, listing_id=listing.pk, added_at=demand.drafted_at)
            for affair, demand in pairs
            for listing in demand.listings
        )
        _copy_numbered(Kind.TAKEDOWN, [demand.row for _affair, demand in pairs], "drafted_at")
        for _affair, demand in pairs:
            demand.items = list(work.items(demand))
        _copy(item for _affair, demand in pairs for item in demand.items)
        _copy(item for _affair, demand in pairs for item in work.returns(self.random, demand))
        for affair, demand in pairs:
            self._tell_of_demand(affair, demand)

    def _tell_of_demand(self, affair: Affair, demand: work.Demand) -> None:
        entries = list(trail.of_demand(self.random, affair, demand))
        for item in demand.items:
            entries += trail.of_item(self.random, affair, demand, item)
        copy_in(entries)
        if demand.issued_at:
            letters = trail.letters(self.random, affair, demand, entries[1], self.until)
            copy_in(list(letters))

    def _reports(self, told: list[Told]) -> None:
        """Duplicates last: they name their original."""
        first = [one for one in told if one.row.state != ReportState.DUPLICATE]
        copies = [one for one in told if one.row.state == ReportState.DUPLICATE]
        _copy_numbered(Kind.REPORT, [one.row for one in first], "received_at")
        by_name = {one.row.product_name: one.row.pk for one in first}
        for one in copies:
            known = by_name.get(one.row.product_name)
            one.row.duplicate_of_id = known or self.random.choice(first).row.pk
        _copy_numbered(Kind.REPORT, [one.row for one in copies], "received_at")
        for one in told:
            if one.contact:
                one.contact.report_id = one.row.pk
        _copy(one.contact for one in told if one.contact)
        inspectors = self.market.inspectors
        _copy(
            entry
            for one in told
            for entry in trail.of_report(self.random, one, self.random.choice(inspectors))
        )


def _identifiers(affair: Affair) -> Iterator[ProductIdentifier]:
    kinds = ProductIdentifier.Kind
    goods = affair.goods
    for kind, raw in ((kinds.GTIN, goods.gtin), (kinds.MODEL, goods.model)):
        if raw:
            yield ProductIdentifier(
                product_id=affair.product.pk, kind=kind, value=folded(raw), raw=raw
            )


def _copy(rows: Iterable[models.Model]) -> None:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        copy_in(batch)


def _copy_numbered(kind: Kind, rows: Sequence[Any], instant: str) -> None:
    """With references in the order of the rows, of the year in which each arose."""
    years: dict[int, list[Any]] = {}
    for row in rows:
        years.setdefault(getattr(row, instant).year, []).append(row)
    for same_year in years.values():
        references = next_references(kind, getattr(same_year[0], instant), len(same_year))
        for row, reference in zip(same_year, references, strict=True):
            row.reference = reference
    _copy(rows)


def _vacuum() -> None:
    """So that the first pages are planned well, before autovacuum comes by. A role that does not
    own the tables is told so by the server, and leaves it to autovacuum; so does a transaction."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
