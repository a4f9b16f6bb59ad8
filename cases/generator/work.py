"""A week of the authority's work as rows: what is planned first, rows then in the order in which
they point to each other. Nothing is written here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from cases.generator import distributions, fates, words
from cases.generator.distributions import Week
from cases.generator.fates import Demand
from cases.generator.market import Market, Person
from cases.models import Case, Item, Report, ReporterContact, TakedownRequest
from cases.states import ITEM_AWAITS_PLATFORM, CaseState, ItemState, ReportState, TakedownState
from sellers.flows.listings import address_key
from sellers.models import Alert, Listing, Product
from surveillance.search_text import folded

ITEMS_A_CASE, MOST_ITEMS = 20, 1500
ITEMS_A_DEMAND, MOST_ITEMS_A_DEMAND = 8, 1000
REPEATED = 500  # reports by the most eager reporter
_REPORTERS = 300  # others who report again and again
_SOURCES = {"consumer": 78, "business": 9, "monitoring": 8, "authority": 5}
_SEVERITIES = {
    "none": 34,
    "minor": 24,
    "first_aid": 14,
    "emergency": 7,
    "hospital": 3,
    "death": 0.3,
    "unknown": 17.7,
}
_LEVELS = ("", "low", "medium", "high", "serious")


@dataclass(slots=True)
class Affair:
    """A case that will be written, with its product and its demands."""

    goods: words.Goods
    opened_at: datetime
    inspector: Person
    supervisor: Person
    demands: list[Demand]
    product: Product = field(default_factory=Product)
    row: Case = field(default_factory=Case)


def affairs(random: Random, market: Market, week: Week, until: datetime) -> list[Affair]:
    """Cases opened in the week, until its items are used up."""
    left, found = week.items, []
    while left:
        size = min(left, distributions.skewed(random, ITEMS_A_CASE, MOST_ITEMS))
        left -= size
        inspector = random.choice(market.inspectors)
        supervisor = market.supervisors[inspector.office_id]
        opened_at = distributions.instant(random, week.begins_at)
        affair = Affair(
            words.goods(random, market.brands), opened_at, inspector, supervisor, demands=[]
        )
        affair.demands = list(_demands(random, market, affair, size, until))
        found.append(affair)
    return sorted(found, key=lambda affair: affair.opened_at)


def _demands(
    random: Random, market: Market, affair: Affair, size: int, until: datetime
) -> Iterator[Demand]:
    while size:
        part = min(size, distributions.skewed(random, ITEMS_A_DEMAND, MOST_ITEMS_A_DEMAND))
        size -= part
        shop = market.shops[distributions.rank(random, len(market.shops))]
        drafted_at = affair.opened_at + distributions.hours(random, 30)
        yield fates.demand(
            random,
            shop,
            size=part,
            people=(affair.inspector, affair.supervisor),
            drafted_at=min(drafted_at, until),
            until=until,
            calendars=market.calendars,
        )


def product(affair: Affair) -> Product:
    goods, at = affair.goods, affair.opened_at
    return Product(
        name=goods.name,
        brand=goods.brand,
        category=goods.category,
        hazards=goods.hazards,
        description=f"{goods.brand} {goods.name}, {goods.model}",
        search_text=folded(goods.name, goods.brand, goods.model, goods.gtin),
        created_at=at,
        changed_at=at,
    )


def alert(affair: Affair) -> Alert:
    goods, at = affair.goods, affair.opened_at + timedelta(days=3)
    title = f"{goods.brand} {goods.name}"
    return Alert(
        product_id=affair.product.pk,
        source=Alert.Source.OWN,
        state=Alert.State.PUBLISHED,
        title=title,
        hazard=", ".join(goods.hazards),
        what_to_do="Stop using it and ask the seller for your money back.",
        level=Alert.Level.SERIOUS if "choking" in goods.hazards else Alert.Level.OTHER,
        country="EU",
        published_on=at.date(),
        search_text=folded(title, goods.model, goods.gtin),
        changed_at=at,
    )


def case(random: Random, affair: Affair, until: datetime) -> Case:
    goods = affair.goods
    title = f"{goods.brand} {goods.name}"
    settled = [demand.settled_at for demand in affair.demands if demand.settled_at]
    closed_at = max(settled, default=affair.opened_at) + timedelta(days=14)
    became = _state_of_case(affair, closed_at, until)
    return Case(
        title=title,
        state=became,
        office_id=affair.inspector.office_id,
        assignee_id=affair.inspector.pk,
        is_restricted=random.random() < 0.01,
        risk_level=random.choice(_LEVELS),
        opened_at=affair.opened_at,
        closed_at=closed_at if became == CaseState.CLOSED else None,
        outcome="Nothing is on sale any more." if became == CaseState.CLOSED else "",
        due_at=min((demand.due_at for demand in affair.demands if demand.due_at), default=None),
        search_text=folded(title, affair.product.search_text),
        changed_at=affair.opened_at,
    )


def _state_of_case(affair: Affair, closed_at: datetime, until: datetime) -> str:
    if not any(demand.issued_at for demand in affair.demands):
        return CaseState.INVESTIGATING
    if not all(demand.is_settled for demand in affair.demands):
        return CaseState.ENFORCING
    return CaseState.CLOSED if closed_at < until else CaseState.MONITORING


def listings(random: Random, affair: Affair, demand: Demand, number: int) -> list[Listing]:
    """One offer for each fate of the demand; `number` makes the addresses differ."""
    goods, platform = affair.goods, demand.shop.platform
    found = []
    for place, fate in enumerate(demand.fates):
        url = f"{platform.website}item/{affair.product.pk}-{number}-{place}"
        gone_at = fate.get("verified_at")
        accounts = demand.shop.accounts
        account = accounts[distributions.rank(random, len(accounts))] if accounts else None
        found.append(
            Listing(
                platform_id=platform.pk,
                account_id=account,
                product_id=affair.product.pk,
                url=url,
                address_key=address_key(url),
                title=f"{goods.brand} {goods.name} {goods.model}",
                brand=goods.brand,
                model=goods.model,
                gtins=[goods.gtin] if goods.gtin else [],
                price=random.randrange(199, 9999) / 100,
                currency="EUR",
                state=Listing.State.GONE if gone_at else Listing.State.ONLINE,
                first_seen_at=affair.opened_at,
                last_seen_at=demand.drafted_at,
                gone_at=gone_at,
                changed_at=gone_at or demand.drafted_at,
            )
        )
    return found


def takedown(
    random: Random, market: Market, affair: Affair, demand: Demand, until: datetime
) -> TakedownRequest:
    regime, issued_at = demand.regime, demand.issued_at
    became = demand.state(random, until)
    approved = regime.four_eyes and issued_at is not None
    calendar = market.calendars[regime.calendar_code]
    return TakedownRequest(
        case_id=affair.row.pk,
        platform_id=demand.shop.platform.pk,
        kind=demand.kind,
        regime_id=regime.pk,
        state=became,
        facts=words.incident(random, affair.goods.language),
        hazard=", ".join(affair.goods.hazards),
        territory="European Union",
        action="Remove the listings and tell us what you did.",
        redress="You may ask for a review in writing within 30 days.",
        drafted_at=demand.drafted_at,
        drafted_by_id=demand.drafter.pk,
        approved_at=issued_at if approved else None,
        approved_by_id=demand.approver.pk if approved else None,
        issued_at=issued_at,
        delivered_at=issued_at,
        acknowledged_at=issued_at if issued_at and random.random() < 0.7 else None,
        closed_at=demand.settled_at if became == TakedownState.CLOSED else None,
        due_at=demand.due_at,
        remind_at=fates.next_reminder(demand, until, calendar),
        calendar_version=calendar.version if issued_at else 0,
        changed_at=issued_at or demand.drafted_at,
    )


def items(demand: Demand) -> Iterator[Item]:
    pairs = zip(demand.listings, demand.fates, strict=True)
    for number, (listing, fate) in enumerate(pairs, start=1):
        yield Item(
            takedown_id=demand.row.pk,
            number=number,
            listing_id=listing.pk,
            changed_at=fate.get("settled_at") or fate.get("answered_at") or demand.drafted_at,
            version=1 + bool(demand.issued_at) + (fate["state"] not in ITEM_AWAITS_PLATFORM),
            **fate,
        )


def returns(random: Random, demand: Demand) -> Iterator[Item]:
    """Listings that came back: the same offer demanded again, and by now gone again."""
    for before in demand.items:
        if before.state == ItemState.CONFIRMED and random.random() < 0.02:
            yield Item(
                takedown_id=demand.row.pk,
                number=len(demand.items) + before.number,
                listing_id=before.listing_id,
                predecessor_id=before.pk,
                state=ItemState.CONFIRMED,
                started_at=before.started_at,
                due_at=before.due_at,
                derivation=before.derivation,
                answered_at=before.answered_at,
                first_answered_at=before.answered_at,
                answered_in_time=before.answered_in_time,
                identified=True,
                verified_at=before.verified_at,
                settled_at=before.settled_at,
                changed_at=before.changed_at,
            )


@dataclass(slots=True)
class Told:
    """A report that will be written, who told it (None: nobody said), and the case it is in."""

    row: Report
    contact: ReporterContact | None
    affair: Affair | None


def reports(
    random: Random,
    market: Market,
    week: Week,
    opened: list[Affair],
    until: datetime,
    stride: int,
    begun: int,
) -> list[Told]:
    """The reports of the week. Every `stride`-th of all, `begun` so far, is by one
    person, until there are REPEATED of them."""
    found = []
    for number in range(begun, begun + week.reports):
        affair = opened[distributions.rank(random, len(opened))] if opened else None
        if random.random() < 0.3:
            affair = None
        at = distributions.instant(random, week.begins_at)
        goods = affair.goods if affair else words.goods(random, market.brands)
        eager = number % stride == 0 and number // stride < REPEATED
        fields = _triage(random, affair, at, until, may_repeat=number > begun)
        row = _report(random, goods, at, fields, eager=eager)
        contact = _contact(random, eager=eager) if eager or random.random() < 0.75 else None
        found.append(Told(row, contact, affair if row.case_id else None))
    found.sort(key=lambda told: told.row.received_at)
    return found


def _report(
    random: Random, goods: words.Goods, at: datetime, fields: dict[str, Any], *, eager: bool
) -> Report:
    day = at.date()
    model = goods.model if random.random() < 0.6 else ""
    gtins = [goods.gtin] if goods.gtin and random.random() < 0.4 else []
    told = {
        "source": "consumer" if eager else _of(random, _SOURCES),
        "language": goods.language,
        "received_at": at,
        "reported_on": day,
        "product_name": goods.name,
        "brand": goods.brand,
        "model": model,
        "serial": f"SN{random.randrange(10**6)}" if random.random() < 0.2 else "",
        "gtins": gtins,
        "category": goods.category,
        "listing_url": f"https://shop.example/item/{random.randrange(10**7)}",
        "incident": words.incident(random, goods.language),
        "happened_on": day - timedelta(days=random.randrange(20)),
        "severity": _of(random, _SEVERITIES),
        "search_text": folded(goods.name, goods.brand, model, *gtins),
        "changed_at": at,
    }
    return Report(**(told | fields))


def _triage(
    random: Random,
    affair: Affair | None,
    received_at: datetime,
    until: datetime,
    *,
    may_repeat: bool,
) -> dict[str, Any]:
    """Duplicates find their original later, among the reports of the same week."""
    if distributions.is_untriaged(random, until - received_at):
        asked = random.random() < 0.12
        return {"state": ReportState.NEEDS_INFORMATION if asked else ReportState.RECEIVED}
    became = distributions.triage(random, has_case=affair is not None, may_repeat=may_repeat)
    triaged_at = min(received_at + distributions.hours(random, 30), until)
    fields = {"state": became, "triaged_at": triaged_at, "changed_at": triaged_at, "version": 2}
    if became == ReportState.ACCEPTED and affair:
        fields |= {"case_id": affair.row.pk, "assignee_id": affair.inspector.pk}
    return fields


def _contact(random: Random, *, eager: bool) -> ReporterContact:
    if eager:
        name, email = "Mabel Okafor", "mabel.okafor@mail.example"
    elif random.random() < 0.06:
        number = distributions.rank(random, _REPORTERS)
        name, email = f"Reporter {number}", f"reporter{number}@mail.example"
    else:
        name, email = words.person(random), f"r{random.getrandbits(40):x}@mail.example"
    return ReporterContact(
        name=name, email=email, town=words.town(random), may_contact=random.random() < 0.8
    )


def _of(random: Random, shares: dict[str, Any]) -> str:
    return random.choices(list(shares), list(shares.values()))[0]
