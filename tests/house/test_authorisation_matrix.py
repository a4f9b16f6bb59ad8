"""Every route by every method for everybody (T8): what routes.csv expects is really tried.

A cell says what comes of it, with a real row of Harbour Market:

    ok      let in: a page, a redirect, or a complaint about what was sent (2xx, 3xx, 409, 422, 428)
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
from pathlib import Path

import pytest
from django.db import transaction
from django.template.backends.django import Template
from django.test import Client
from django.urls import URLPattern
from drf_spectacular.generators import SchemaGenerator

from surveillance.outbox.models import Canary
from tests.cast import MONDAY
from tests.house.on_stage import with_rivals
from tests.house.rivals import Rivals
from tests.house.routes import RARE_METHODS, Rows, methods_of, own_routes, routes
from tests.house.visitors import KEYS, PEOPLE, SHORTEST_WAY, VISITORS, known_client_of

DECLARED = Path(__file__).with_name("routes.csv")
COLUMNS = ("route", "method", *VISITORS)
COMPLAINTS = {409, 422, 428}
REFUSALS = {"login", "401", "403", "404", "405", "-"}
stage, db, time, cast, rivals, _files_of_their_own = with_rivals()


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


def cells(visitor: str, rivals: Rivals) -> Iterator[tuple[str, str, str]]:
    """(route, method, what comes of it) for one visitor, who comes anew to each."""
    client = known_client_of(visitor, rivals)
    for name, (route, address) in sorted(addresses(rivals).items()):
        for method in sorted(methods_of(route)):
            if visitor in KEYS and not address.startswith("/api/"):
                yield name, method, "-"
                continue
            client.cookies.clear()
            yield name, method, outcome(client, method, address)


@pytest.fixture(autouse=True)
def every_page_is_there(settings, db, monkeypatch):
    """The demo's pages and /metrics too; and a job has finished, so that /health is content.

    What a page or the API's schema looks like says nothing about who is let in; to draw them, and
    to read who has signed in, would take nearly all of the time.
    """
    settings.DEMO = True
    settings.MIDDLEWARE = SHORTEST_WAY
    settings.METRICS_TOKEN = "a token that nobody here has"
    Canary.objects.create(finished_at=MONDAY)
    monkeypatch.setattr(Template, "render", lambda page, context=None, request=None: "")
    monkeypatch.setattr(SchemaGenerator, "get_schema", lambda *args, **options: {})


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
    found = {(name, method): cell for name, method, cell in cells(visitor, rivals)}
    wrong = [
        f"{name} {method}: {found.get((name, method))}, declared {expected.get((name, method))}"
        for name, method in sorted(found.keys() | expected.keys())
        if found.get((name, method)) != expected.get((name, method))
    ]
    assert wrong == []


def test_methods_that_are_not_declared_let_nobody_in(rivals):
    """Each route is tried by somebody who is let in by another method."""
    welcome = {
        line.route: visitor
        for line in declared()
        for visitor in PEOPLE
        if line.cells[visitor] == "ok"
    }
    clients = {visitor: known_client_of(visitor, rivals) for visitor in PEOPLE}
    ours = {str(route.name) for route in own_routes()}
    opened = [
        (name, method)
        for name, (route, address) in addresses(rivals).items()
        for method in set(RARE_METHODS) - set(methods_of(route))
        if name in ours
        and outcome(clients[welcome.get(name, "supervisor")], method, address) == "ok"
    ]
    assert opened == []


def test_a_page_of_the_rival_is_never_open():
    """Whatever the portal and the API show the agent of one row, the rival is told 404."""
    for line in declared():
        own, rival = line.cells["agent"], line.cells["rival"]
        leads_to_a_row = line.route.startswith("portal-") and "portal-files" not in line.route
        if leads_to_a_row and own == "ok":
            assert rival == "404", line
