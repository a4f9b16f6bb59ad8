"""Appeals through the API."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.flows import appeals
from cases.models import Appeal
from surveillance.accounts.rights import Scope


@pytest.fixture
def platform(story) -> Client:
    secret = story.issued_key(scopes={Scope.READ, Scope.ANSWER}).secret
    return Client(headers={"authorization": f"Bearer {secret}"})


def address(item, name: str = "api-item-appeal") -> str:
    return reverse(name, args=[item.takedown.reference, item.number])


def send(client: Client, item, headers: dict[str, str] | None = None, **told):
    body = {"reason": "Look at the label."} | told
    return client.post(address(item), body, content_type="application/json", headers=headers or {})


def test_a_key_appeals_and_reads_what_became_of_it(story, platform):
    item = story.rejected_refusal()
    assert platform.get(address(item, "api-item")).json()["appeal_until"]
    answer = send(platform, item)
    assert answer.status_code == 201
    assert answer.json()["state"] == "open"
    assert answer.json()["denied"] == "refused"
    assert answer.json()["derivation"]["steps"]
    item.refresh_from_db()
    appeals.dismiss_appeal(item, by=story.bo, reason="It is the product.")
    read = platform.get(address(item, "api-item")).json()
    assert read["appeal_until"] is None
    (told,) = read["appeals"]
    assert (told["state"], told["decision"]) == ("dismissed", "It is the product.")
    whole = platform.get(reverse("api-takedown", args=[item.takedown.reference])).json()
    assert whole["items"][0]["appeals"] == [told]


def test_sent_twice_under_a_key_it_is_carried_out_once(story, platform):
    item = story.rejected()
    first, second = (send(platform, item, {"idempotency-key": "a"}) for _ in range(2))
    assert (second.status_code, second.content) == (201, first.content)
    assert second["Idempotent-Replayed"] == "true"
    assert Appeal.objects.count() == 1
    assert send(platform, item).status_code == 409


def test_on_condition_that_nothing_has_changed(story, platform):
    item = story.rejected()
    assert send(platform, item, {"if-match": '"1-other"'}).status_code == 412
    tag = platform.get(address(item, "api-item"))["ETag"]
    assert send(platform, item, {"if-match": tag}).status_code == 201


def test_a_reason_is_needed(story, platform):
    answer = send(platform, story.rejected(), reason="")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/reason"


def test_not_for_everybody(story, cast, client_of):
    item = story.rejected()
    reads = story.issued_key(scopes={Scope.READ}, name="Reads").secret
    reader = Client(headers={"authorization": f"Bearer {reads}"})
    assert send(reader, item).status_code == 403
    assert send(client_of(cast.dev), item).status_code == 404
    assert send(client_of(cast.ana), item).status_code == 403
