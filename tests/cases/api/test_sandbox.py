"""A platform's own system asks for a sandbox demand and plays it to its end, over the API alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases.flows import sandbox, sandbox_sweep
from cases.models import TakedownRequest
from surveillance.accounts.rights import Scope
from surveillance.outbox.models import OutboxMessage

ASK = reverse("api-sandbox")


@pytest.fixture
def platform(story) -> Client:
    secret = story.issued_key(scopes={Scope.READ, Scope.ANSWER}).secret
    return Client(headers={"authorization": f"Bearer {secret}"})


@pytest.fixture
def rival(story, cast) -> Client:
    secret = story.issued_key(cast.bazaar.organisation).secret
    return Client(headers={"authorization": f"Bearer {secret}"})


@pytest.fixture
def plays(time):
    def play() -> None:
        time.pass_(timedelta(minutes=1))
        sandbox_sweep.play(time.now)

    return play


def ask(client: Client, headers: dict[str, str] | None = None, **told):
    return client.post(ASK, told, content_type="application/json", headers=headers or {})


def read(client: Client, reference: str) -> dict:
    return client.get(reverse("api-takedown", args=[reference])).json()


def answer(client: Client, reference: str, *rows: dict):
    address = reverse("api-takedown-answers", args=[reference])
    answers = [{"answer_id": f"a{place}-{row['number']}"} | row for place, row in enumerate(rows)]
    return client.post(address, {"answers": answers}, content_type="application/json")


def states(client: Client, reference: str) -> list[str]:
    return [item["state"] for item in read(client, reference)["items"]]


def test_from_asking_to_closed(platform, plays):
    asked = ask(platform)
    assert asked.status_code == 201
    told = asked.json()
    reference = told["reference"]
    assert (told["is_sandbox"], told["state"], told["kind"]) == (True, "issued", "order")
    assert {item["is_sandbox"] for item in read(platform, reference)["items"]} == {True}
    acknowledged = platform.post(reverse("api-takedown-acknowledge", args=[reference]))
    assert acknowledged.json()["acknowledged_at"]

    given = answer(
        platform,
        reference,
        {"number": 1, "outcome": "removed"},
        {"number": 2, "outcome": "removed"},
        {"number": 3, "outcome": "refused", "ground": "compliant", "text": "It complies."},
        {"number": 4, "outcome": "needs_information", "text": "Which seller?"},
    )
    assert {row["status"] for row in given.json()["results"]} == {200}
    extensions = reverse("api-takedown-extensions", args=[reference])
    more = {"working_days": 2, "reason": "A feast."}
    assert platform.post(extensions, more, content_type="application/json").status_code == 201
    plays()
    expected = ["confirmed", "still_online", "refusal_accepted", "pending", "pending"]
    assert states(platform, reference) == expected
    told = read(platform, reference)
    assert told["extensions"][0]["state"] == "granted"
    assert told["items"][3]["information"].startswith("TEST:")

    appeal = reverse("api-item-appeal", args=[reference, 2])
    body = {"reason": "Dismiss this."}
    assert platform.post(appeal, body, content_type="application/json").status_code == 201
    plays()
    assert read(platform, reference)["items"][1]["appeals"][0]["state"] == "dismissed"

    again = [{"number": number, "outcome": "removed"} for number in (2, 4, 5)]
    answer(platform, reference, *({"answer_id": f"b{row['number']}"} | row for row in again))
    plays()
    assert states(platform, reference)[0:2] == ["confirmed", "confirmed"]
    assert read(platform, reference)["state"] == "closed"


def test_a_real_one_says_that_it_is_none(story, platform):
    told = read(platform, story.issued().reference)
    assert told["is_sandbox"] is False
    assert {item["is_sandbox"] for item in told["items"]} == {False}


def test_sent_twice_under_a_key_it_is_carried_out_once(platform):
    first, second = (ask(platform, {"idempotency-key": "a"}) for _time in range(2))
    assert (second.status_code, second.content) == (201, first.content)
    assert TakedownRequest.objects.sandbox().count() == 1


def test_the_sixth_is_refused(platform):
    for _time in range(sandbox.MOST_OPEN):
        assert ask(platform).status_code == 201
    refused = ask(platform)
    assert refused.status_code == 409
    assert "as many as can be" in refused.json()["detail"]


def test_a_kind_can_be_chosen(platform, rival):
    assert ask(platform, kind="notice").json()["kind"] == "notice"
    assert ask(rival, kind="order").status_code == 422
    assert ask(rival, kind="advice").json()["errors"][0]["pointer"] == "/kind"


def test_another_platform_sees_nothing_of_it(platform, rival):
    reference = ask(platform).json()["reference"]
    assert rival.get(reverse("api-takedown", args=[reference])).status_code == 404
    assert reference not in rival.get(reverse("api-item-list")).content.decode()
    assert reference in platform.get(reverse("api-item-list")).content.decode()


def test_not_for_everybody(story, cast, client_of, rival):
    reads = story.issued_key(scopes={Scope.READ}, name="Reads").secret
    assert ask(Client(headers={"authorization": f"Bearer {reads}"})).status_code == 403
    assert ask(Client()).status_code == 401
    assert ask(client_of(cast.ada)).status_code == 403
    assert ask(rival, platform=cast.harbour.slug).status_code == 422
    assert not TakedownRequest.objects.exists()


def test_staff_ask_for_a_platform_and_do_not_see_it(cast, client_of):
    staff = client_of(cast.ana)
    assert ask(staff).json()["errors"][0]["pointer"] == "/platform"
    told = ask(staff, platform=cast.harbour.slug).json()
    assert told["platform"] == cast.harbour.slug
    assert staff.get(reverse("api-takedown", args=[told["reference"]])).status_code == 404


def test_its_webhook_says_so(story, platform):
    endpoint = story.endpoint()
    reference = ask(platform).json()["reference"]
    message = OutboxMessage.objects.get(endpoint=endpoint, about=reference)
    assert message.payload == {"takedown": reference, "kind": "order", "is_sandbox": True}
