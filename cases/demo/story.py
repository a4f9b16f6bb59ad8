"""Eight weeks of work, told through the real verbs with the clock set to each day.

Each platform has a habit: Harbour Market answers the same day, Bazaar Nine too late, Formosa Mall
within its limit but not always with a yes. Nothing is written past the flows, so the history, the
letters and the numbers of the demo are what real work would have left.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from cases.demo import market
from cases.demo.market import Cast
from cases.flows import assessments, cases, items, reports, sweeps, takedowns
from cases.flows.items import Answer
from cases.flows.takedowns import StatementOfReasons
from cases.models import Case, Item, Report, TakedownRequest
from cases.risk import Scenario, Step
from cases.states import ItemState
from sellers.flows import products as product_flows
from sellers.flows import sellers as seller_flows
from sellers.models import Alert, Platform, Product, Seller, SellerAccount
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.audit.sealing import seal
from surveillance.calendars.models import Kind
from surveillance.outbox import delivery

DAYS = 56
TOYS = "Toys"


@dataclass(frozen=True, slots=True)
class Plot:
    """One case: opened so many days ago by whom, about what, offered how often on which shops."""

    days_ago: int
    inspector: str
    injury: str
    severity: int
    steps: tuple[tuple[str, str], ...]
    slugs: tuple[str, ...]
    offers: int
    from_report: bool = False
    category: str = TOYS  # of the product, as the Safety Gate names it


PLOTS = (
    Plot(55, "ana", "Swallowed magnets perforate the bowel", 4,
         (("a child finds the loose magnet", "1/10"), ("and swallows two of them", "1/50")),
         ("harbour-market", "bazaar-nine"), 5),
    Plot(47, "cai", "A small part blocks the airway", 4,
         (("the part comes off in use", "1/5"), ("a child puts it into its mouth", "1/20"),
          ("it blocks the airway", "1/100")),
         ("formosa-mall", "harbour-market"), 4),
    Plot(40, "ana", "The battery burns the gullet", 4,
         (("the compartment opens without a tool", "1/2"), ("a child swallows the cell", "1/200")),
         ("bazaar-nine", "formosa-mall"), 3, from_report=True),
    Plot(33, "ana", "Burns from an overheated charger", 3,
         (("the charger overheats", "1/100"), ("somebody touches it", "1/10")),
         ("harbour-market",), 6, category="Electrical appliances and equipment"),
    Plot(26, "cai", "A cord around the neck strangles", 4,
         (("the cord is longer than allowed", "1"), ("it catches while sleeping", "1/2000")),
         ("harbour-market", "bazaar-nine", "formosa-mall"), 3),
    Plot(16, "ana", "Chemicals irritate the skin", 2,
         (("the skin is in contact for long", "1/5"), ("it reacts", "1/100")),
         ("formosa-mall",), 4, from_report=True, category="Clothing, textiles and fashion items"),
    Plot(9, "ana", "Choking on a detached eye", 4,
         (("the eye comes off", "1/10"), ("a child swallows it", "1/20"),
          ("it blocks the airway", "1/20")),
         ("bazaar-nine", "harbour-market"), 4),
    Plot(5, "ana", "A finger is caught and broken", 2,
         (("the lock gives way", "1/20"), ("a finger is between", "1/10")),
         ("harbour-market", "formosa-mall", "bazaar-nine"), 3, from_report=True),
)  # fmt: skip


@contextmanager
def at_time(start: datetime) -> Iterator[Callable[[datetime], None]]:
    """Within the block everything asks our clock; the value given sets it."""
    now = start

    def move(to: datetime) -> None:
        nonlocal now
        now = max(now, to)

    before = clock.set_source(lambda: now)
    try:
        yield move
    finally:
        clock.set_source(before)


def tell(cast: Cast, until: datetime) -> None:
    """Play the weeks up to `until`, one working morning after the other."""
    begin = (until - timedelta(days=DAYS)).replace(hour=7, minute=0, second=0, microsecond=0)
    shop_keepers = market.raise_sellers(begin)
    with at_time(begin) as move:
        for day in range(DAYS):
            morning = begin + timedelta(days=day)
            move(morning)
            for number, plot in enumerate(PLOTS):
                if plot.days_ago == DAYS - day:
                    _work_case(plot, cast, number)
            _sweep()
            _platforms_answer(cast)
            _authority_checks(cast)
            _send_letters()
            # Nine o'clock comes at another hour in Sydney than in Brussels.
            move(morning + timedelta(hours=16))
            _sweep()
        _last_touches(cast, shop_keepers, move, until)


def _sweep() -> None:
    sweeps.note_missed_deadlines(clock.now())
    sweeps.remind(clock.now())


def _work_case(plot: Plot, cast: Cast, number: int) -> None:
    inspector = Actor.of(getattr(cast, plot.inspector))
    supervisor = Actor.of(cast.bo)
    product = _product(number, plot.category)
    case = _open(plot, product, inspector)
    offers = [
        market.offer(product, account, copy, clock.now())
        for slug in plot.slugs
        for copy, account in enumerate(_accounts(slug, plot.offers), start=1)
    ]
    for listing in offers:
        cases.link_listing(case, by=inspector, listing=listing)
    assessment = assessments.assess_risk(
        case,
        by=inspector,
        product=product,
        scenarios=[
            Scenario(
                plot.injury,
                plot.severity,
                tuple(Step(text, Fraction(odds)) for text, odds in plot.steps),
            )
        ],
    )
    assessments.validate_risk(assessment, by=supervisor)
    for slug in plot.slugs:
        platform = Platform.objects.get(slug=slug)
        of_platform = [listing for listing in offers if listing.platform_id == platform.pk]
        kind = Kind.ORDER if platform.order_regime else Kind.NOTICE
        takedown = takedowns.draft(
            case,
            by=inspector,
            platform=platform,
            kind=kind,
            listings=of_platform,
            reasons=_reasons(plot, product),
        )
        if takedown.needs_approval:
            takedowns.submit(takedown, by=inspector)
            takedowns.approve(takedown, by=supervisor)
        takedowns.issue(takedown, by=inspector)


def _open(plot: Plot, product: Product, inspector: Actor) -> Case:
    case = cases.open(str(product), by=inspector, products=[product])
    if plot.from_report:
        report = Report.objects.awaiting_triage().order_by("-severity", "id").first()
        if report:
            reports.claim(report, by=inspector)
            reports.accept(report, by=inspector, case=case)
    return case


def _product(number: int, category: str = TOYS) -> Product:
    """A real product from a real alert, another one for each case."""
    alerts = Alert.objects.published().exclude(product__brand="").order_by("-published_on", "id")
    alike = alerts.filter(product__category=category).select_related("product")
    return alike[number * 2].product


def _accounts(slug: str, count: int) -> list[SellerAccount]:
    accounts = list(SellerAccount.objects.filter(platform__slug=slug).order_by("id"))
    return [accounts[place % len(accounts)] for place in range(count)]


def _reasons(plot: Plot, product: Product) -> StatementOfReasons:
    return StatementOfReasons(
        facts=f"{product}: {plot.injury[0].lower()}{plot.injury[1:]}. The product is known to be"
        " unsafe; the listings below offer it.",
        hazard=plot.injury,
        territory="The territory of the European Union and what is offered to it",
        action="Remove the listings below, and say for each what you did.",
        redress="You may ask for a review in writing; asking does not suspend the request.",
    )


def _platforms_answer(cast: Cast) -> None:
    """What each platform does this morning, by its habit."""
    waiting = Item.objects.awaiting_platform().for_list().order_by("id")
    for item in waiting:
        days = (clock.now() - (item.started_at or clock.now())).days
        match item.takedown.platform.slug:
            case "harbour-market" if days >= 1 or item.number == 1:
                _answer(item, cast.dot, _harbour(item))
            case "bazaar-nine" if days >= 3 + item.number:
                _answer(item, cast.dev, Answer(ItemState.REMOVED, answer_id=f"bz-{item.pk}-{days}"))
            case "formosa-mall" if days >= 2:
                _answer(item, cast.mei, _formosa(item))


def _harbour(item: Item) -> Answer:
    if item.number % 5 == 4:
        return Answer(ItemState.NOT_FOUND, text="The address leads nowhere any more.")
    return Answer(ItemState.REMOVED, text="Taken down, the seller has been told.")


def _formosa(item: Item) -> Answer:
    if item.number == 2 and item.state == ItemState.PENDING:
        return Answer(
            ItemState.REFUSED,
            ground=Item.Ground.NOT_THIS_PRODUCT,
            text="賣家提供的型號不同，請再確認。",
        )
    return Answer(ItemState.REMOVED, text="已下架。")


def _answer(item: Item, agent: object, answer: Answer) -> None:
    by = Actor.of(agent)  # type: ignore[arg-type]
    if item.takedown.acknowledged_at is None:
        fresh = TakedownRequest.objects.get(pk=item.takedown_id)
        if fresh.acknowledged_at is None:
            takedowns.acknowledge(fresh, by=by)
    items.answer(item, answer, by=by)


def _authority_checks(cast: Cast) -> None:
    """What was answered yesterday or before is looked at; the newest is left for the visitor."""
    yesterday = clock.now() - timedelta(days=1)
    answered = Item.objects.awaiting_authority().filter(answered_at__lte=yesterday)
    for item in answered.for_list().order_by("id"):
        inspector = Actor.of(item.takedown.case.assignee or cast.ana)
        if item.state == ItemState.REFUSED:
            if item.pk % 2:
                items.accept_refusal(item, by=inspector, reason="The model is another one.")
            else:
                items.reject_answer(item, by=inspector, reason="The label shows the same model.")
        elif item.pk % 9 == 0 and item.started_at == item.takedown.issued_at:
            items.reject_answer(item, by=inspector, reason="The offer can still be bought.")
        else:
            items.confirm_removal(item, by=inspector, note="Looked at the address: it is gone.")
    _close_what_is_settled(cast)


def _close_what_is_settled(cast: Cast) -> None:
    for takedown in TakedownRequest.objects.open():
        if not takedown.items.open().exists():
            takedowns.close(takedown, by=Actor.of(cast.ana))


def _send_letters() -> None:
    while delivery.deliver(limit=200):
        pass
    seal(clock.now())


def _last_touches(
    cast: Cast, shop_keepers: Sequence[Seller], move: Callable[[datetime], None], until: datetime
) -> None:
    """The last days: a listing that came back, a seller designated, a draft that waits for Bo."""
    move(until - timedelta(hours=4))
    ana, bo = Actor.of(cast.ana), Actor.of(cast.bo)
    returned = Item.objects.filter(state=ItemState.CONFIRMED).order_by("id").first()
    if returned:
        items.note_relisted(returned, by=ana)
    review_on = (until + timedelta(days=180)).date()
    seller_flows.designate_high_risk(
        shop_keepers[0],
        by=bo,
        reason="Eleven listings of four unsafe products in eight weeks; one came back.",
        review_on=review_on,
    )
    seller_flows.watch(
        shop_keepers[1],
        by=ana,
        reason="Offers on two platforms, no importer named.",
        review_on=review_on,
    )
    product = _product(len(PLOTS))
    case = cases.open(str(product), by=ana, products=[product])
    for copy, account in enumerate(_accounts("harbour-market", 3), start=1):
        listing = market.offer(product, account, copy, clock.now())
        cases.link_listing(case, by=ana, listing=listing)
    plot = PLOTS[0]
    takedown = takedowns.draft(
        case,
        by=ana,
        platform=Platform.objects.get(slug="harbour-market"),
        kind=Kind.ORDER,
        listings=list(case.listings.all()),
        reasons=_reasons(plot, product),
    )
    takedowns.submit(takedown, by=ana)
    _publish_own_alert(product, ana, bo)
    _send_letters()


def _publish_own_alert(product: Product, ana: Actor, bo: Actor) -> None:
    alert = product_flows.draft_alert(
        product,
        by=ana,
        title=f"Stop using: {product}",
        hazard="Small parts come off. A young child can choke on them.",
        what_to_do="Stop using it, keep it out of children's reach, and ask the shop for your"
        " money back.",
        level=Alert.Level.SERIOUS,
    )
    product_flows.publish(alert, by=bo)
