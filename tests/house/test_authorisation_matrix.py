"""Every route by every method for everybody (T8): what routes.csv expects is really tried.

A cell says what comes of it, with a real row of Harbour Market:

    ok      let in: a page, a redirect, or a complaint about what was sent (2xx, 3xx, 409, 422)
    login   asked to sign in
    401 403 404 405    refused with this status
    -       not tried: keys know the API alone

A route that is not listed fails the build; a method that is not listed lets nobody in. To add
some: write their lines, or let `./check tests/house/write_routes.py` write down what is so, and
read each new cell before you believe it.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern

from surveillance.outbox.models import Canary
from tests.cast import MONDAY
from tests.house.rivals import Rivals
from tests.house.routes import Rows, own_routes, routes
from tests.house.visitors import KEYS, VISITORS, client_of

DECLARED = Path(__file__).with_name("routes.csv")
METHODS = ("GET", "POST")
RARE_METHODS = ("PUT", "PATCH", "DELETE")
COLUMNS = ("route", "method", *VISITORS)
COMPLAINTS = {409, 422}
REFUSALS = {"login", "401", "403", "404", "405", "-"}


@dataclass(frozen=True)
class Line:
    route: str
    method: str
    cells: dict[str, str]


def declared() -> list[Line]:
    with DECLARED.open(newline="") as file:
        reader = csv.DictReader(file)
        assert tuple(reader.fieldnames or ()) == COLUMNS
        return [
            Line(row["route"], row["method"], {name: row[name] for name in VISITORS})
            for row in reader
        ]


def addresses(rivals: Rivals) -> dict[str, tuple[URLPattern, str]]:
    rows = Rows(rivals, rivals.harbour)
    return {str(route.name): (route, rows.address(route)) for route in routes()}


def outcome(client: Client, method: str, address: str) -> str:
    """What comes of it; whatever was changed is undone."""
    with transaction.atomic():
        response = client.generic(method, address, **_content(method, address))
        transaction.set_rollback(True)
    if response.status_code in {301, 302} and response.url.startswith("/accounts/login/"):
        return "login"
    if response.status_code < 400 or response.status_code in COMPLAINTS:
        return "ok"
    return str(response.status_code)


def _content(method: str, address: str) -> dict[str, str]:
    if method == "GET":
        return {}
    is_api = address.startswith("/api/")
    kind = "application/json" if is_api else "application/x-www-form-urlencoded"
    return {"data": "{}" if is_api else "", "content_type": kind}


def cells(visitor: str, rivals: Rivals, methods: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """(route, method, what comes of it) for one visitor, who comes anew to each."""
    client = client_of(visitor, rivals)
    cookies = client.cookies.output(header="", sep=";")
    for name, (_route, address) in sorted(addresses(rivals).items()):
        for method in methods:
            if visitor in KEYS and not address.startswith("/api/"):
                yield name, method, "-"
                continue
            client.cookies = SimpleCookie(cookies)
            yield name, method, outcome(client, method, address)


@pytest.fixture(autouse=True)
def every_page_is_there(settings, db):
    """The demo's pages and /metrics too; and a job has finished, so that /health is content."""
    settings.DEMO = True
    settings.METRICS_TOKEN = "a token that nobody here has"
    Canary.objects.create(finished_at=MONDAY)


def test_every_route_is_declared():
    listed = {line.route for line in declared()}
    assert sorted({str(route.name) for route in routes()} - listed) == [], "add them to routes.csv"
    assert sorted(listed - {str(route.name) for route in routes()}) == [], "gone: take them out"


def test_the_table_is_in_order():
    lines = [(line.route, line.method) for line in declared()]
    assert lines == sorted(set(lines))
    assert {cell for line in declared() for cell in line.cells.values()} <= {"ok", *REFUSALS}


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_cell_is_as_declared(visitor, rivals):
    expected = {(line.route, line.method): line.cells[visitor] for line in declared()}
    found = {(name, method): cell for name, method, cell in cells(visitor, rivals, METHODS)}
    wrong = [
        f"{name} {method}: {found[name, method]}, declared {expected.get((name, method))}"
        for name, method in sorted(found)
        if found[name, method] != expected.get((name, method))
    ]
    assert wrong == []


@pytest.mark.parametrize("visitor", ["supervisor", "manager", "platform_key"])
def test_methods_that_are_not_declared_let_nobody_in(visitor, rivals):
    listed = {(line.route, line.method) for line in declared()}
    theirs = {str(route.name) for route in routes()} - {str(route.name) for route in own_routes()}
    opened = [
        (name, method)
        for name, method, cell in cells(visitor, rivals, RARE_METHODS)
        if cell == "ok" and (name, method) not in listed and name not in theirs
    ]
    assert opened == []


def test_a_page_of_the_rival_is_never_open():
    """Whatever the portal and the API show the agent of one row, the rival is told 404."""
    for line in declared():
        own, rival = line.cells["agent"], line.cells["rival"]
        if line.route.startswith("portal-") and own == "ok":
            assert rival == "404", line
