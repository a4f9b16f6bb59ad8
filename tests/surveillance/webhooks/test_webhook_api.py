"""Webhooks by a platform's own system: the whole life of one, and the keys that may."""

import pytest
from django.test import Client
from django.urls import reverse

from surveillance.accounts.rights import Right, Role, Scope
from surveillance.outbox.models import OutboxMessage
from surveillance.webhooks.models import Endpoint

URL = "https://hooks.harbour.example/in"


class Caller:
    """A system with a key."""

    def __init__(self, key: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {key}"})

    def __call__(self, method: str, name: str, *args: object, body: object = None, query: str = ""):
        url = reverse(name, args=args) + query
        told = {"data": body, "content_type": "application/json"} if body is not None else {}
        return getattr(self.client, method)(url, **told)


@pytest.fixture
def call(story) -> Caller:
    scopes = {Scope.READ, Scope.MANAGE}
    return Caller(story.issued_key(name="Hooks", scopes=scopes).secret)


def test_the_life_of_a_webhook(call):
    made = call("post", "api-webhook-list", body={"url": URL, "events": ["takedown_issued"]})
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    reference = made.json()["reference"]
    shown = call("get", "api-webhook", reference).json()
    assert "secret" not in shown
    assert (shown["state"], shown["events"]) == ("on", ["takedown_issued"])

    changed = call("patch", "api-webhook", reference, body={"events": [], "state": "off"})
    assert (changed.json()["state"], changed.json()["events"]) == ("off", [])
    assert call("post", "api-webhook-ping", reference).status_code == 409
    call("patch", "api-webhook", reference, body={"state": "on"})
    assert call("post", "api-webhook-ping", reference).status_code == 202

    rotated = call("post", "api-webhook-secret", reference).json()
    assert rotated["secret"] != made.json()["secret"]
    assert rotated["old_secret_until"]

    assert call("delete", "api-webhook", reference).status_code == 204
    assert call("get", "api-webhook", reference).status_code == 404
    assert call("get", "api-webhook-list").json()["results"] == []


def test_events_can_be_listed(call):
    names = {event["name"] for event in call("get", "api-webhook-events").json()}
    assert {"takedown_issued", "takedown_reminder", "deadline_missed"} <= names


def test_the_log_and_sending_again(call, story, time):
    endpoint = story.endpoint()
    message = story.sent_webhook(endpoint)
    (row,) = call("get", "api-webhook-deliveries", endpoint.reference).json()["results"]
    assert (row["id"], row["event"], row["state"]) == (str(message.pk), "ping", "delivered")
    detail = call("get", "api-webhook-delivery", endpoint.reference, message.pk).json()
    assert detail["tries"] == []
    again = call("post", "api-webhook-replay", endpoint.reference, body={"id": str(message.pk)})
    assert (again.status_code, again.json()) == (202, {"messages": 1})
    OutboxMessage.objects.update(state="failed", failed_at=time.now)
    body = {"since": "2026-09-28T00:00:00Z", "until": "2026-09-29T00:00:00Z", "state": "failed"}
    again = call("post", "api-webhook-replay", endpoint.reference, body=body)
    assert again.json() == {"messages": 1}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/url"),
        ({"url": "http://hooks.harbour.example/"}, "/url"),
        ({"url": "https://127.0.0.1@x/"}, "/url"),
        ({"url": URL, "events": ["none_such"]}, "/events"),
        ({"url": URL, "colour": "red"}, "/colour"),
    ],
)
def test_what_is_wrong_is_named_by_pointer(call, body, pointer):
    answer = call("post", "api-webhook-list", body=body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize("body", [{}, {"id": "x"}, {"since": "then"}, {"until": "2026-09-28"}])
def test_a_replay_names_what_it_is_about(call, story, body):
    answer = call("post", "api-webhook-replay", story.endpoint().reference, body=body)
    assert answer.status_code == 422


def test_a_rivals_webhook_is_not_there(call, story, cast):
    rivals = story.endpoint(cast.bazaar.organisation)
    message = story.sent_webhook(rivals)
    for method, name, *args in [
        ("get", "api-webhook"),
        ("delete", "api-webhook"),
        ("post", "api-webhook-secret"),
        ("post", "api-webhook-ping"),
        ("get", "api-webhook-deliveries"),
        ("get", "api-webhook-delivery", message.pk),
    ]:
        assert call(method, name, rivals.reference, *args).status_code == 404
    assert call("patch", "api-webhook", rivals.reference, body={}).status_code == 404
    replayed = call("post", "api-webhook-replay", rivals.reference, body={"id": str(message.pk)})
    assert replayed.status_code == 404
    own = story.endpoint()
    replayed = call("post", "api-webhook-replay", own.reference, body={"id": str(message.pk)})
    assert replayed.status_code == 422
    rivals.refresh_from_db()
    assert rivals.state == "on"


@pytest.mark.parametrize("scopes", [{Scope.READ}, {Scope.READ, Scope.ANSWER}])
def test_another_key_may_not(story, scopes):
    call = Caller(story.issued_key(name="Other", scopes=scopes).secret)
    assert call("get", "api-webhook-list").status_code == 403
    assert call("post", "api-webhook-list", body={"url": URL}).status_code == 403


def test_to_manage_without_reading_lists_nothing(story):
    call = Caller(story.issued_key(name="Other", scopes={Scope.MANAGE}).secret)
    assert call("get", "api-webhook-list").status_code == 403
    assert call("post", "api-webhook-list", body={"url": URL}).status_code == 201


def test_such_a_key_manages_webhooks_and_no_keys(story):
    actor = story.issued_key(name="Hooks", scopes={Scope.MANAGE}).row.actor
    assert actor.role == Role.PLATFORM_MANAGER
    assert [right for right in Right if actor.may(right)] == [
        Right.MANAGE_WEBHOOKS,
        Right.REPLAY_MESSAGES,
    ]
