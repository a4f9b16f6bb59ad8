"""A sandbox demand counts nowhere: every page, list, search, file, number and answer of the API
that is not the platform's own is the same with it and without it, wherever it stands.

The last test takes the mark away from the very same rows, and finds them everywhere: so that what
is found to be equal would not have been.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
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
from cases.models import Case, TakedownRequest, TallyBasis
from cases.states import ItemState
from cases.stats import tallies, waiting
from cases.stats.figures import breakdown
from cases.stats.scope import Scope
from cases.stats.workload import workload
from sellers.flows import supplied
from sellers.models import Listing
from sellers.stats import letters_by_platform
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.outbox.models import OutboxMessage
from tests.cast import answer_with, photo
from tests.database import undone
from tests.house.on_stage import with_rivals
from tests.house.routes import Rows, own_routes
from tests.house.visitors import SHORTEST_WAY, known_client_of

stage, db, time, cast, rivals, _files_of_their_own = with_rivals()
ROUTES = Path(__file__).with_name("routes.csv")
# Everybody but the platform's own people and keys.
OTHERS = ("rival_key", "partner_key", "public", "rival", "supervisor", "administrator")
# What has left the house truly has: the log and the queue show letters about sandbox demands to
# those who see to it that letters arrive, under their TEST titles (docs/decisions/0027).
OF_LETTERS = {"delivery-list", "delivery", "desk-health", "health", "metrics"}
OF_LETTERS |= {"webhook", "webhook-detail", "api-webhook-deliveries", "api-webhook-delivery"}
# The same of the demo's own letter box.
OF_LETTERS |= {"demo-mail-list", "demo-mail", "demo-mail-letter", "demo-mail-pdf"}
SCORES = {"scorecard", "scorecard-rows"}  # the platform's own
OF_NO_ROW = {"api-schema", "mfa_activate_totp"}  # the latter shows a new secret each time
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
# Made anew for every answer: tokens against forgery, and nonces.
TOKEN = re.compile(r'(?<=")[A-Za-z0-9]{64}(?=")|nonce="[^"]*"')


# Where a real demand shows: of a supervisor's pages, and of the numbers.
PAGES_OF_A_REAL_ONE = {
    "api-case-list",
    "api-item-list",
    "api-listing-list",
    "api-takedown-list",
    "calendar-detail",
    "case-list",
    "desk",
    "listing-list",
    "platform-demands",
    "platform-detail",
    "search",
    "statistics",
    "statistics-csv",
    "statistics-rows",
    "takedown-list",
}
NUMBERS_OF_A_REAL_ONE = {
    "breakdown for staff",
    "breakdown for the platform",
    "items_overdue",
    "workload",
}

LISTS_OF_A_REAL_ONE = {
    ("api-item-list", "?overdue=true"),
    ("case-list", "?q=sandbox+demand"),
    ("listing-list", "?q=still-online"),
    ("search", "?q=TEST"),
    ("statistics", "?kind=order"),
    ("takedown-list", "?due=overdue"),
    ("takedown-list", "?q=TEST-2026"),
    ("takedown-list", "?waiting=appeal"),
    ("takedown-list", "?waiting=extension"),
}

Place = tuple[str, str, str]  # visitor, route, query; or "number", its name, ""


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
        known = set().union(*map(let_in, OTHERS)) - OF_LETTERS - OF_NO_ROW
        yield from (route for route in own_routes() if route.name in known)

    def pages(self, visitors: Iterable[str]) -> dict[Place, object]:
        seen: dict[Place, object] = {}
        for visitor in visitors:
            client, ok = known_client_of(visitor, self.rivals), let_in(visitor)
            for name, address in self.addresses.items():
                for query in ("", *LISTS.get(name, ())) if name in ok else ():
                    seen[visitor, name, query] = body_of(client, address + query)
        return seen

    def own_numbers(self) -> dict[Place, object]:
        """What the platform's own scorecard shows."""
        client, rows = known_client_of("agent", self.rivals), Rows(self.rivals, self.rivals.harbour)
        pages = {route.name: rows.address(route) for route in own_routes() if route.name in SCORES}
        return {
            ("agent", name, ""): body_of(client, address).partition("<main")[2]
            for name, address in pages.items()
        }

    def numbers(self) -> dict[Place, object]:
        at, cast = clock.now(), self.rivals.cast
        bo, agent = Actor.of(cast.bo), Actor.of(self.rivals.harbour.agent)
        found: dict[str, object] = {one.name: one.read(at) for one in waiting.FIGURES}
        found["letters by platform"] = dict(letters_by_platform(at))
        found["workload"] = workload(bo, at)
        found["breakdown for staff"] = breakdown(Scope(), bo, at)
        found["breakdown for the platform"] = breakdown(Scope(), agent, at)
        for person in (cast.ana, cast.bo, cast.cai, cast.ada):
            found[f"letters to {person}"] = OutboxMessage.objects.filter(user=person).count()
        return {("number", name, ""): value for name, value in found.items()}


def body_of(client: Client, address: str) -> str:
    response = client.get(address)
    content = b"".join(response) if response.streaming else response.content
    if content.startswith(b"%PDF"):  # of one letter, whose text is on the page of the letter
        content = b"a letter"
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            parts = [book.read(name) for name in sorted(book.namelist()) if "core" not in name]
        content = b"\n".join(parts)
    text = TOKEN.sub("", content.decode("utf-8", "replace"))
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
    for _time in range(20):
        time.pass_(timedelta(days=3))
        sweep()


def asked(rivals) -> TakedownRequest:
    return sandbox.ask(rivals.harbour.platform, by=Actor.of(rivals.harbour.agent))


def let_be(takedown, rivals, time) -> None:
    """Just issued."""


def answer_all_sorts(takedown, rivals, time) -> None:
    """Everything that a platform can say, not yet looked at."""
    agent = Actor.of(rivals.harbour.agent)
    one, two, three, four, _last = takedown.items.order_by("number")
    evidence.add_proof(one, by=agent, file=photo("proof.png"))
    supplied.supply_listing(one.listing, supplied.ListingWords(title="TEST cubes"), by=agent)
    items.answer(one, answer_with(ItemState.REMOVED), by=agent)
    items.answer(two, answer_with(ItemState.REMOVED), by=agent)
    items.answer(three, answer_with(ItemState.REFUSED), by=agent)
    items.answer(four, answer_with(ItemState.NEEDS_INFORMATION), by=agent)
    extensions.request_extension(takedown, by=agent, working_days=1, reason="A feast.")


def let_decide(takedown, rivals, time) -> None:
    """A listing in each state, and an appeal and an extension that wait."""
    time.pass_(sandbox_sweep.THINKS)
    sandbox_sweep.play(time.now)
    agent = Actor.of(rivals.harbour.agent)
    appeals.appeal(takedown.items.get(number=2), by=agent, reason="Look again.")
    extensions.request_extension(takedown, by=agent, working_days=1, reason="Another feast.")


def let_pass_unanswered(takedown, rivals, time) -> None:
    """Reminded, missed, escalated to the last rung; the appeal late, too."""
    for _time in range(9):
        time.pass_(timedelta(days=3))
        sweep()


def let_be_withdrawn(takedown, rivals, time) -> None:
    time.pass_(timedelta(days=3))
    sandbox_sweep.play(time.now)


def answer_to_the_end(takedown, rivals, time) -> None:
    for _time in range(3):
        for item in takedown.items.awaiting_platform():
            items.answer(item, answer_with(ItemState.REMOVED), by=Actor.of(rivals.harbour.agent))
        time.pass_(sandbox_sweep.THINKS)
        sandbox_sweep.play(time.now)


# One demand is finished at once; another goes all the way, to where nobody finished it.
LIVES = {
    "closed": [answer_to_the_end],
    "withdrawn": [let_be, answer_all_sorts, let_decide, let_pass_unanswered, let_be_withdrawn],
}


def seen_by(visitors: Iterable[str], rivals) -> dict[Place, object]:
    world = World(rivals)
    return {**world.pages(visitors), **world.numbers(), **world.own_numbers()}


def differing(before: dict[Place, object], after: dict[Place, object]) -> dict[Place, str]:
    """{place: the first line that is not the same there}"""
    assert before.keys() == after.keys()
    return {
        place: _first_difference(str(before[place]), str(after[place]))
        for place in before
        if before[place] != after[place]
    }


def _first_difference(before: str, after: str) -> str:
    pairs = zip_longest(before.splitlines(), after.splitlines(), fillvalue="")
    return next(f"{one[-200:]} != {other[-200:]}" for one, other in pairs if one != other)


def without_it(rivals, time, instants) -> dict[datetime, dict[Place, object]]:
    """What others see at these instants when nobody has asked for a sandbox demand."""
    start, seen = time.now, {}
    with undone():
        for instant in sorted(set(instants)):
            time.now = instant
            sweep()
            seen[instant] = seen_by(OTHERS, rivals)
    time.now = start
    return seen


# What is looked at: one that is closed beside one with a listing in each state; the rest in the
# long run.
LOOKS = [
    pytest.param([let_decide], id="closed and decided"),
    pytest.param(LIVES["withdrawn"], id="all the way", marks=pytest.mark.long),
]


@pytest.mark.parametrize("looks", LOOKS)
def test_it_is_nowhere_wherever_it_stands(looks, rivals, time, shortest_way):
    settle(time)
    start, stood = time.now, []
    with undone():
        for end, lives in LIVES.items():
            takedown = asked(rivals)
            for live in lives:
                live(takedown, rivals, time)
                sweep()
                if live in looks:
                    stood.append((live, time.now, seen_by(OTHERS, rivals)))
            takedown.refresh_from_db()
            assert takedown.state == end
    time.now = start
    before = without_it(rivals, time, [instant for _live, instant, _seen in stood])
    for live, instant, seen in stood:
        found = differing(before[instant], seen)
        assert not found, "\n".join(f"{live} {place}: {line}" for place, line in found.items())


def test_a_real_one_would_be_everywhere(rivals, time, shortest_way):
    """The same rows without their mark."""
    settle(time)
    takedown = asked(rivals)
    for live in LIVES["withdrawn"][:4]:
        live(takedown, rivals, time)
    sweep()
    marked = seen_by(["supervisor"], rivals)
    take_the_mark_away(takedown, rivals)
    found = differing(marked, seen_by(["supervisor"], rivals))
    assert {name for who, name, _query in found if who == "supervisor"} >= PAGES_OF_A_REAL_ONE
    assert {name for who, name, _query in found if who == "number"} == NUMBERS_OF_A_REAL_ONE
    assert {name for who, name, _query in found if who == "agent"} == SCORES
    shown = {(name, query) for who, name, query in found if who == "supervisor"}
    assert shown >= LISTS_OF_A_REAL_ONE


def take_the_mark_away(takedown, rivals) -> None:
    Listing.objects.filter(items__takedown=takedown).update(is_sandbox=False)
    Case.objects.filter(pk=takedown.case_id).update(is_sandbox=False)
    ana = rivals.cast.ana
    same = TakedownRequest.objects.filter(pk=takedown.pk)
    same.update(is_sandbox=False, drafted_by=ana)
    OutboxMessage.objects.filter(about=takedown.reference).update(about="TD-2026-999999")
    TallyBasis.objects.all().delete()
    tallies.tally()
