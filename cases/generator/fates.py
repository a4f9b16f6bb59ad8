"""What became of a demand and of each of its listings, as the fields of their rows. No queries."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from cases import deadlines
from cases.generator import distributions
from cases.generator.market import Person, Shop
from cases.models import Item, TakedownRequest
from cases.states import ITEM_ANSWERED, ITEM_AWAITS_PLATFORM, ITEM_SETTLED, ItemState, TakedownState
from sellers.models import Listing
from surveillance import clock
from surveillance.calendars.models import Kind, Regime
from surveillance.clock import Unit, WorkingCalendar

_GROUNDS = tuple(Item.Ground.values)
_REFUSAL = "We have looked at the listing and do not share your view."
_QUESTION = "Which of the variants offered at this address do you mean?"


@dataclass(slots=True)
class Demand:
    """A takedown request that will be written. `fates` are the fields of its items."""

    shop: Shop
    kind: str
    regime: Regime
    drafter: Person
    approver: Person
    drafted_at: datetime
    issued_at: datetime | None = None
    fates: list[dict[str, Any]] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    row: TakedownRequest = field(default_factory=TakedownRequest)
    items: list[Item] = field(default_factory=list)

    @property
    def is_settled(self) -> bool:
        return all(fate["state"] in ITEM_SETTLED for fate in self.fates)

    @property
    def settled_at(self) -> datetime | None:
        instants = [fate["settled_at"] for fate in self.fates if fate.get("settled_at")]
        return max(instants, default=None)

    @property
    def due_at(self) -> datetime | None:
        """The earliest due date of the items whose clock runs."""
        running = [
            fate["due_at"]
            for fate in self.fates
            if fate.get("due_at") and fate["state"] in ITEM_AWAITS_PLATFORM
        ]
        return min(running, default=None)

    def state(self, random: Random, until: datetime) -> str:
        if self.issued_at is None:
            return random.choice((TakedownState.DRAFT, TakedownState.AWAITING_APPROVAL))
        if self.is_settled and self.settled_at and until - self.settled_at > timedelta(days=7):
            return TakedownState.CLOSED
        return TakedownState.ISSUED


def demand(
    random: Random,
    shop: Shop,
    *,
    size: int,
    people: tuple[Person, Person],
    drafted_at: datetime,
    until: datetime,
    calendars: dict[str, WorkingCalendar],
) -> Demand:
    """`size` listings demanded of one platform; issued soon after it was drafted."""
    kinds = [kind for kind in (Kind.ORDER, Kind.NOTICE) if kind in shop.regimes]
    kind = random.choice(kinds)
    regime = shop.regimes[kind]
    found = Demand(shop, kind, regime, *people, drafted_at)
    issued_at = drafted_at + distributions.hours(random, 20 if regime.four_eyes else 3)
    if issued_at < until:
        found.issued_at = issued_at
    calendar = calendars[regime.calendar_code]
    clocks = _clock(regime, found.issued_at, calendar) if found.issued_at else {}
    took = distributions.hours(random, 26)
    for _ in range(size):
        # The listings of a demand are mostly answered in one go.
        own = took if random.random() < 0.8 else distributions.hours(random, 26)
        found.fates.append(_fate(random, clocks, own, until, regime, calendar))
    return found


def next_reminder(demand: Demand, until: datetime, calendar: WorkingCalendar) -> datetime | None:
    if demand.due_at is None:
        return None
    regime = demand.regime
    instants = deadlines.reminder_instants(
        demand.due_at, regime.reminders, Unit(regime.limit_unit), calendar
    )
    return deadlines.next_reminder(instants, until)


def _clock(regime: Regime, at: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    due = clock.due(at, regime.limit(), calendar)
    return {"started_at": at, "due_at": due.due_at, "derivation": due.to_json()}


def _fate(
    random: Random,
    clocks: dict[str, Any],
    took: timedelta,
    until: datetime,
    regime: Regime,
    calendar: WorkingCalendar,
) -> dict[str, Any]:
    if not clocks:
        return {"state": ItemState.PENDING}
    answered_at = clocks["started_at"] + took
    if answered_at >= until or distributions.is_stuck(random, until - clocks["started_at"]):
        return {"state": ItemState.PENDING, **_run(clocks, until, regime)}
    became = distributions.outcome(random, answered_for=until - answered_at)
    fields = {**clocks, "state": became, "answered_at": answered_at, **_missed(clocks, answered_at)}
    if became == ItemState.NEEDS_INFORMATION:
        stands = {"from": answered_at.isoformat(), "to": None, "reason": "the platform asked"}
        asked = {"question": _QUESTION, "answer_text": _QUESTION}
        return fields | asked | {"pauses": [stands], "paused_at": answered_at}
    fields |= _answer(random, became, answered_at, clocks["due_at"])
    if became in ITEM_ANSWERED:
        return fields
    decided_at = min(answered_at + distributions.hours(random, 40), until)
    if became == ItemState.STILL_ONLINE:
        again = _clock(regime, decided_at, calendar)
        return fields | _run(again, until, regime) | {"decision": "It is still on sale."}
    verified = {"verified_at": decided_at} if became == ItemState.CONFIRMED else {}
    return fields | verified | {"settled_at": decided_at, "decision": "Looked at and settled."}


def _run(clocks: dict[str, Any], until: datetime, regime: Regime) -> dict[str, Any]:
    """A clock that runs; one that has run out was noted, and the ladder climbed to its top."""
    if clocks["due_at"] > until:
        return clocks
    return clocks | _missed(clocks, until) | {"escalation_step": len(regime.escalation)}


def _missed(clocks: dict[str, Any], by: datetime) -> dict[str, Any]:
    due_at = clocks["due_at"]
    return {"missed_at": due_at, "missed_count": 1} if by >= due_at else {}


def _answer(random: Random, became: str, answered_at: datetime, due_at: datetime) -> dict[str, Any]:
    refused = became in {ItemState.REFUSED, ItemState.REFUSAL_ACCEPTED}
    absent = became == ItemState.NOT_FOUND or (
        became == ItemState.CONFIRMED and random.random() < 0.15
    )
    return {
        "answer_id": f"a-{random.getrandbits(64):016x}",
        "first_answered_at": answered_at,
        "answered_in_time": answered_at < due_at,
        "identified": not absent,
        "ground": random.choice(_GROUNDS) if refused else "",
        "answer_text": _REFUSAL if refused else "",
    }
