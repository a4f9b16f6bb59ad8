"""A sandbox demand counts nowhere: every page, list, search, file, number and answer of the API
that is not the platform's own is the same with it and without it, wherever it stands.

The last test takes the mark away from the very same rows, and finds them everywhere: so that what
is found to be equal would not have been.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern
from django.utils.http import urlencode

from cases.flows import (
    appeals,
    clock_sweep,
    evidence,
    extensions,
    items,
    sandbox,
    sandbox_sweep,
    sweeps,
)
from cases.models import TakedownRequest
from cases.states import ItemState
from cases.stats import tallies, waiting
from cases.stats.figures import breakdown
from cases.stats.scope import Scope
from cases.stats.workload import workload
from sellers.flows import supplied
from sellers.stats import letters_by_platform
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.outbox.models import OutboxMessage
from tests.cast import answer_with, photo
from tests.house.on_stage import with_rivals
from tests.house.routes import Rows, own_routes
from tests.house.visitors import SHORTEST_WAY, known_client_of
from tests.stage import undone

stage, db, time, cast, rivals, _files_of_their_own = with_rivals()
ROUTES = Path(__file__).with_name("routes.csv")
# Everybody but the platform's own people and keys.
OTHERS = ("public", "rival", "rival_key", "inspector", "supervisor", "administrator", "partner_key")
# What has left the house truly has: the log and the queue show letters about sandbox demands to
# those who see to it that letters arrive, under their TEST titles (docs/decisions/0025).
OF_LETTERS = {"delivery-list", "delivery", "desk-health", "health", "metrics"}
# The same of the demo's own letter box.
OF_LETTERS |= {"demo-mail-list", "demo-mail", "demo-mail-letter", "demo-mail-pdf"}
WORDS = ("TEST", "TEST-2026", "sandbox", "sandbox demand", "made up", "still-online", "Harbour")
# Lists with their filters: {route: queries}.
LISTS = {
    "search": [f"?{urlencode({'q': word})}" for word in WORDS],
    "takedown-list": [
        *(f"?{urlencode({'q': word})}" for word in WORDS),
        "?due=overdue",
        "?due=1",
        "?waiting=appeal",
        "?waiting=extension",
        "?waiting=answers",
        "?state=issued",
        "?state=closed",
        "?state=withdrawn",
        "?platform=harbour-market",
    ],
    "case-list": [f"?{urlencode({'q': word})}" for word in WORDS],
    "listing-list": [f"?{urlencode({'q': word})}" for word in WORDS],
    "statistics": ["?platform=harbour-market", "?kind=order"],
    "api-takedown-list": ["?state=issued", "?platform=harbour-market"],
    "api-item-list": ["?overdue=true", "?waiting=authority", "?waiting=platform"],
    "api-listing-list": ["?platform=harbour-market"],
}
CHANGING = [
    (re.compile(r'csrfmiddlewaretoken" value="[^"]*"'), ""),
    (re.compile(r"csrf[Tt]oken[^,}>]*"), ""),
    (re.compile(r'nonce="[^"]*"'), ""),
    (re.compile(r"nonce-[\w+/=-]+"), ""),
]


@pytest.fixture
def shortest_way(settings):
    settings.MIDDLEWARE = SHORTEST_WAY


def let_in(visitor: str) -> set[str]:
    """The routes that answer this visitor, by routes.csv."""
    with ROUTES.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["method"] == "GET"]
    return {row["route"] for row in rows if row[visitor] == "ok"}


@dataclass
class World:
    """All that others than the platform can see at this instant."""

    rivals: object

    def __post_init__(self) -> None:
        rows = Rows(self.rivals, self.rivals.harbour)
        self.addresses = {route.name: rows.address(route) for route in self._routes()}

    def _routes(self) -> Iterator[URLPattern]:
        known = set().union(*map(let_in, OTHERS)) - OF_LETTERS
        yield from (route for route in own_routes() if route.name in known)

    def pages(self) -> dict[tuple[str, str], str]:
        """{(visitor, address): what it shows}"""
        seen = {}
        for visitor in OTHERS:
            client, ok = known_client_of(visitor, self.rivals), let_in(visitor)
            for name, address in self.addresses.items():
                if name not in ok:
                    continue
                for query in ("", *LISTS.get(name, ())):
                    seen[visitor, address + query] = body_of(client, address + query)
        return seen

    def own_numbers(self) -> dict[str, str]:
        """The platform's own scorecard."""
        client = known_client_of("agent", self.rivals)
        names = ("scorecard", "scorecard-rows")
        return {name: body_of(client, self.addresses_of(name)) for name in names}

    def addresses_of(self, name: str) -> str:
        route = next(route for route in own_routes() if route.name == name)
        return Rows(self.rivals, self.rivals.harbour).address(route)

    def numbers(self) -> dict[str, object]:
        at, cast = clock.now(), self.rivals.cast
        bo, agent = Actor.of(cast.bo), Actor.of(self.rivals.harbour.agent)
        found: dict[str, object] = {one.name: one.values(at) for one in waiting.FIGURES}
        found["letters_by_platform"] = dict(letters_by_platform(at))
        found["workload"] = workload(bo, at)
        for who, actor in {"staff": bo, "platform": agent}.items():
            found[f"breakdown for {who}"] = breakdown(Scope(), actor, at)
        for person in (cast.ana, cast.bo, cast.cai, cast.ada):
            written = OutboxMessage.objects.filter(user=person)
            found[f"letters to {person.name}"] = written.count()
        return found


def body_of(client: Client, address: str) -> str:
    response = client.get(address)
    content = b"".join(response) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            parts = [book.read(name) for name in sorted(book.namelist()) if "core" not in name]
        content = b"\n".join(parts)
    text = content.decode("utf-8", "replace")
    for pattern, instead in CHANGING:
        text = pattern.sub(instead, text)
    return f"{response.status_code}\n{text}"


def sweep() -> None:
    """Everything that the clockwork does to demands and numbers."""
    at = clock.now()
    clock_sweep.recompute_clocks(at)
    sweeps.remind(at)
    sweeps.note_missed_deadlines(at)
    sweeps.note_late_appeals(at)
    tallies.tally()


def settle(time) -> None:
    """Let the real demands run to where nothing more comes of them by itself."""
    for _day in range(60):
        time.pass_(timedelta(days=1))
        sweep()


def asked(rivals) -> TakedownRequest:
    return sandbox.ask(rivals.harbour.platform, by=Actor.of(rivals.harbour.agent))


def answered(rivals) -> TakedownRequest:
    """Everything that a platform can say, not yet looked at."""
    agent, takedown = Actor.of(rivals.harbour.agent), asked(rivals)
    one, two, three, four, _last = takedown.items.order_by("number")
    evidence.add_proof(one, by=agent, file=photo("proof.png"))
    supplied.supply_listing(one.listing, supplied.ListingWords(title="TEST cubes"), by=agent)
    items.answer(one, answer_with(ItemState.REMOVED), by=agent)
    items.answer(two, answer_with(ItemState.REMOVED), by=agent)
    items.answer(three, answer_with(ItemState.REFUSED), by=agent)
    items.answer(four, answer_with(ItemState.NEEDS_INFORMATION), by=agent)
    extensions.request_extension(takedown, by=agent, working_days=1, reason="A feast.")
    return takedown


def decided(rivals, time) -> TakedownRequest:
    """A listing in each state, with an appeal and an extension that wait, and one to be missed."""
    takedown = answered(rivals)
    time.pass_(sandbox_sweep.THINKS)
    sandbox_sweep.play(time.now)
    agent = Actor.of(rivals.harbour.agent)
    appeals.appeal(takedown.items.get(number=2), by=agent, reason="Look again.")
    extensions.request_extension(takedown, by=agent, working_days=1, reason="Another feast.")
    return takedown


def missed(rivals, time) -> TakedownRequest:
    """The same, weeks later: reminded, missed, escalated to the last rung, the appeal late."""
    takedown = decided(rivals, time)
    _days_pass(time, 25)
    return takedown


def closed(rivals, time) -> TakedownRequest:
    takedown = answered(rivals)
    for _time in range(3):
        time.pass_(sandbox_sweep.THINKS)
        sandbox_sweep.play(time.now)
        for item in takedown.items.awaiting_platform():
            items.answer(item, answer_with(ItemState.REMOVED), by=Actor.of(rivals.harbour.agent))
    takedown.refresh_from_db()
    return takedown


def withdrawn(rivals, time) -> TakedownRequest:
    takedown = decided(rivals, time)
    _days_pass(time, sandbox_sweep.KEPT.days)
    sandbox_sweep.play(time.now)
    takedown.refresh_from_db()
    return takedown


def _days_pass(time, days: int) -> None:
    for _day in range(days):
        time.pass_(timedelta(days=1))
        sweep()


MAKE = {
    "issued": lambda rivals, time: asked(rivals),
    "answered": lambda rivals, time: answered(rivals),
    "decided": decided,
    "missed": missed,
    "closed": closed,
    "withdrawn": withdrawn,
}


def seen_by_others(rivals) -> dict[object, object]:
    world = World(rivals)
    return {**world.pages(), **world.numbers(), **world.own_numbers()}


def differing(before: dict[object, object], after: dict[object, object]) -> set[object]:
    assert before.keys() == after.keys()
    return {place for place in before if before[place] != after[place]}


def without_it(rivals, time, final) -> dict[object, object]:
    """What others see at that instant when nobody has asked for a sandbox demand."""
    now = time.now
    with undone():
        while time.now < final:
            time.now = min(final, time.now + timedelta(days=1))
            sweep()
        sweep()
        seen = seen_by_others(rivals)
    time.now = now
    return seen


def made(state: str, rivals, time):
    """The demand in that state, and what others see with it."""
    takedown = MAKE[state](rivals, time)
    sweep()
    return takedown, seen_by_others(rivals)


@pytest.mark.parametrize("state", MAKE)
def test_it_is_nowhere(state, rivals, time, shortest_way):
    settle(time)
    start = time.now
    with undone():
        takedown, after = made(state, rivals, time)
        final = time.now
        assert takedown.state == (state if state in {"closed", "withdrawn"} else "issued")
    time.now = start
    assert differing(without_it(rivals, time, final), after) == set()
