"""One platform sees nothing of another (T7), even where the first wall has a hole.

`./check tests/house/test_tenant_isolation.py -m long` tries 10,000 foreign addresses.
"""

import csv
import json
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils.http import urlencode

from cases.flows import items, takedowns
from cases.flows.items import Answer
from cases.models import Item, TakedownRequest
from cases.states import ItemState
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import User
from surveillance.accounts.rights import Right
from surveillance.accounts.wall import acting
from surveillance.flow import NotVisible
from surveillance.flow.many import perform_many
from tests.house.on_stage import with_rivals
from tests.house.routes import Rows, methods_of, own_routes

TABLES = Path(__file__).with_name("tables.csv")
stage, db, time, cast, rivals, _files_of_their_own = with_rivals()
WALLED = [
    row["table"] for row in csv.DictReader(TABLES.open(newline="")) if row["standing"] == "walled"
]
# Where a platform may be shown something that depends on the address or the query.
OPEN_TO_PLATFORMS = (
    "portal",
    "setup",
    "agent",
    "api-takedown",
    "api-item",
    "api-platform",
    "api-seller-data",
    "api-webhook",
    "evidence",
    "contest-evidence",
    "key",
    "webhook",
    "delivery",
)
REFUSED = {403, 404, 405}
# Parameters that say in which form: a template to fill in is of no row.
NAME_NO_ROW = {"extension"}


def rows_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(row)::text FROM {table} row")
        return [text for (text,) in cursor.fetchall()]


def client_with(key: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {key}"})


def body_of(response) -> str:
    content = b"".join(response) if response.streaming else response.content
    return content.decode("utf-8", "replace").lower()


def guard_of(route: URLPattern) -> object:
    view = route.callback
    return getattr(view, "guard", None) or getattr(getattr(view, "cls", None), "guard", None)


def is_for_all(route: URLPattern) -> bool:
    """Public, or naming nobody's row: everybody finds their own there."""
    return guard_of(route) == "public" or not set(route.pattern.converters) - NAME_NO_ROW


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def first_wall_is_gone(monkeypatch):
    """Every queryset shows everything to everybody."""
    for model in apps.get_models():
        queryset = type(model._default_manager.all())
        if "visible_to" in vars(queryset):
            monkeypatch.setattr(queryset, "visible_to", lambda rows, actor: rows)


def test_in_raw_sql_a_platform_sees_only_its_own(rivals):
    for side in (rivals.harbour, rivals.bazaar):
        hidden = rivals.hidden_from(side.name)
        with acting(Actor.of(side.agent)):
            seen = {table: rows_of(table) for table in WALLED}
        everything = " ".join(text for rows in seen.values() for text in rows)
        assert [word for word in hidden if word in everything] == []
        assert [json.loads(row)["reference"] for row in seen["cases_takedownrequest"]] == [
            side.takedown.reference
        ]
        for table, count in {
            "cases_item": 3,
            "cases_appeal": 2,
            "cases_contest": 2,
            "cases_case": 1,
            "cases_extension": 1,
            "cases_evidence": 1,
            "cases_formalletter": 1,
            "sellers_listing": 3,
            "sellers_selleraccount": 1,
            "sellers_platform": 1,
            "sellers_sellerdata": 1,
            "sellers_listingdata": 1,
            "cases_answerfile": 1,
            "cases_answerrow": 1,
            "jobs_job": 1,
            "keys_apikey": 1,
            "webhooks_endpoint": 1,
            "webhooks_replay": 1,
            "outbox_attempt": 1,
            "outbox_lane": 1,
            "accounts_user": 2,
            "agents_agent": 3,
            "sellers_regimeacceptance": 1,
            "sellers_platformremark": 1,
            "accounts_organisation": 2,
        }.items():
            assert len(seen[table]) == count, table
        assert len(seen["audit_auditentry"]) > 3
        assert len(seen["outbox_outboxmessage"]) >= 3


@pytest.mark.parametrize("who", ["eve", "partner", "foreign"])
def test_in_raw_sql_others_outside_see_nothing_of_platforms(rivals, who):
    actor = {
        "eve": rivals.cast.actor("eve"),
        "partner": rivals.partner_key.row.actor,
        "foreign": Actor.of(rivals.foreign),
    }[who]
    with acting(actor):
        everything = " ".join(text for table in WALLED for text in rows_of(table))
    assert [word for word in rivals.hidden_from(who) if word in everything] == []


def test_without_the_first_wall_pages_still_show_only_ones_own(rivals, first_wall_is_gone):
    side, rival = rivals.harbour, rivals.bazaar
    hidden = rivals.hidden_from(side.name)
    with_key, manager = client_with(side.key.secret), signed_in(side.manager)
    tried = 0
    for route in own_routes():
        if not str(route.name).startswith(OPEN_TO_PLATFORMS):
            continue
        foreign, own = Rows(rivals, rival).address(route), Rows(rivals, side).address(route)
        client = with_key if own.startswith("/api/") else manager
        for address in (foreign, own):
            response = client.get(address)
            body = body_of(response)
            assert [word for word in hidden if word in body] == [], address
        if foreign != own:
            for method in methods_of(route):
                status = client.generic(method, foreign).status_code
                assert status in REFUSED, (method, foreign)
            tried += 1
    assert tried > 40


def test_without_the_first_wall_no_verb_reaches_a_foreign_row(rivals, first_wall_is_gone):
    foreign, listings = rivals.bazaar.takedown, rivals.bazaar.items
    by = Actor.of(rivals.harbour.agent)
    with acting(by):
        with pytest.raises(NotVisible):
            takedowns.acknowledge(foreign, by=by)
        with pytest.raises(NotVisible):
            items.answer(listings[0], Answer(ItemState.REMOVED), by=by)
        with perform_many(items.ANSWER, listings, by=by) as many:
            assert many.rows == {}
    foreign.refresh_from_db()
    assert foreign.acknowledged_at is None


def test_a_verb_may_write_what_its_actor_does_not_see(rivals):
    """The case's due date comes from every platform's requests; an inspector gets a notice."""
    by = Actor.of(rivals.harbour.agent)
    later = rivals.bazaar.takedown.due_at
    with acting(by):
        for item in rivals.harbour.items:
            assert Item.objects.visible_to(by).filter(pk=item.pk).exists()
        takedowns.acknowledge(rivals.harbour.takedown, by=by)
    rivals.case.refresh_from_db()
    assert rivals.case.due_at == later
    assert TakedownRequest.objects.get(pk=rivals.harbour.takedown.pk).acknowledged_at is not None


class Stranger:
    """Somebody of one platform, at addresses that a die makes of another's rows."""

    def __init__(self, rivals, seed: int) -> None:
        self.rivals = rivals
        self.die = Random(seed)
        self.own, self.other = rivals.harbour, rivals.bazaar
        self.hidden = rivals.hidden_from(self.own.name)
        self.people = [signed_in(self.own.agent), signed_in(self.own.manager)]
        self.key = client_with(self.own.key.secret)
        self.routes = [route for route in own_routes() if "<" in str(route.pattern)]
        self.lists = [reverse(name) for name in ("portal", "api-takedown-list", "api-item-list")]

    def try_one(self) -> None:
        if self.die.random() < 0.2:
            address = f"{self.die.choice(self.lists)}?{urlencode(self._question())}"
            response = self._client_for(address).get(address)
            assert response.status_code in {200, 404, 422}, address
        else:
            route = self.die.choice(self.routes)
            address = self._address(route)
            client = self._client_for(address)
            response = (client.post if self.die.random() < 0.3 else client.get)(address)
            refused = response.status_code in self._refusals(route)
            assert refused or is_for_all(route), (response, address)
        found = body_of(response)
        unasked = [word for word in self.hidden if word not in address]  # a form repeats its words
        assert [word for word in unasked if word in found] == [], address

    def _client_for(self, address: str) -> Client:
        keys = [self.key] if address.startswith("/api/") else []
        return self.die.choice([*self.people, *keys])

    def _refusals(self, route: URLPattern) -> set[int]:
        """A row of others is not here; a room that is not one's own is closed for all rows."""
        return {404, 405} if guard_of(route) in {"signed_in", Right.SEE_PORTAL} else REFUSED

    def _question(self) -> dict[str, str]:
        words = [
            *self.hidden,
            self.other.takedown.reference,
            self.other.draft.reference,
            str(self.other.listings[0].url),
            self.other.listings[0].reference,
        ]
        name = self.die.choice(["q", "takedown", "platform", "after", "cursor", "state", "view"])
        return {name: self.die.choice(words)}

    def _address(self, route: URLPattern) -> str:
        arguments = dict(Rows(self.rivals, self.other).arguments(route))
        for name, value in arguments.items():
            if name == "reference" and str(value).startswith("TD-"):
                arguments[name] = self.die.choice(
                    [value, self.other.draft.reference, self.own.draft.reference, self._invented()]
                )
            elif isinstance(value, UUID) and self.die.random() < 0.5:
                arguments[name] = UUID(int=self.die.getrandbits(128), version=4)
            elif name == "number":
                arguments[name] = self.die.randint(1, 3)
        return reverse(str(route.name), kwargs=arguments)

    def _invented(self) -> str:
        return f"TD-{self.die.choice([2025, 2026, 2027])}-{self.die.randint(100, 999_999):06d}"


@pytest.mark.parametrize(
    "times", [200, pytest.param(10_000, marks=pytest.mark.long)], ids=["some", "many"]
)
def test_foreign_ids_are_not_here(rivals, times):
    stranger = Stranger(rivals, seed=times)
    for _time in range(times):
        stranger.try_one()
