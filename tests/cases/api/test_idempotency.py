"""Idempotency-Key: a call that is sent twice is carried out once (design promise T9)."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cases.models import Report
from surveillance.accounts.rights import Scope
from surveillance.idempotency import calls
from surveillance.idempotency.models import AnsweredCall
from surveillance.keys import flows as keys
from surveillance.web.api import PROBLEM
from tests.connections import PATIENCE, at_once

LIST = "api-report-list"
TOLD = {"product_name": "Kettle 3000", "incident": "It sparked.", "reporter": {"name": "Canary"}}
AT_ONCE = 50


def bearer(secret: str) -> Client:
    return Client(headers={"authorization": f"Bearer {secret}"})


@pytest.fixture
def secret(story) -> str:
    return story.issued_key(story.partner(), scopes={Scope.REPORT}).secret


@pytest.fixture
def partner(secret) -> Client:
    return bearer(secret)


def send(client: Client, key: str = "8e03978e", **told):
    body = TOLD | told
    return client.post(
        reverse(LIST), body, content_type="application/json", headers={"idempotency-key": key}
    )


class TestTheSameCallAgain:
    def test_is_answered_as_the_first_was(self, partner):
        first, second = send(partner), send(partner)
        assert (second.status_code, second.content) == (201, first.content)
        assert second["Content-Type"] == first["Content-Type"]
        assert second["Idempotent-Replayed"] == "true"
        assert "Idempotent-Replayed" not in first
        assert Report.objects.count() == 1

    def test_also_in_quotes_as_a_structured_string(self, partner):
        send(partner, '"8e03978e"')
        assert send(partner, "8e03978e")["Idempotent-Replayed"] == "true"

    def test_also_with_the_key_that_takes_over(self, story, partner):
        send(partner)
        organisation = keys.ApiKey.objects.get().organisation
        taking_over = story.issued_key(organisation, scopes={Scope.REPORT}).secret
        assert send(bearer(taking_over))["Idempotent-Replayed"] == "true"

    def test_for_people_too(self, story, dot, client_of):
        takedown = story.issued_notice()
        address = reverse("api-takedown-acknowledge", args=[takedown.reference])
        client = client_of(dot)
        answers = [client.post(address, headers={"idempotency-key": "a"}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert client.post(address).status_code == 409

    def test_of_somebody_else_is_another_call(self, story, partner):
        other = story.issued_key(
            story.cast.harbour.organisation, name="B", scopes={Scope.ANSWER}
        ).secret
        takedown = story.issued_notice()
        send(partner)
        address = reverse("api-takedown-acknowledge", args=[takedown.reference])
        assert (
            bearer(other).post(address, headers={"idempotency-key": "8e03978e"}).status_code == 200
        )

    def test_is_another_call_after_a_day(self, partner, time):
        send(partner)
        time.pass_(timedelta(hours=24) - timedelta(seconds=1))
        assert send(partner)["Idempotent-Replayed"] == "true"
        time.pass_(timedelta(seconds=1))
        assert "Idempotent-Replayed" not in send(partner)
        assert Report.objects.count() == 2


class TestRefused:
    def test_another_body_under_the_key(self, partner):
        send(partner)
        refused = send(partner, incident="It burned.")
        assert refused.status_code == 422
        assert refused["Content-Type"] == PROBLEM
        assert refused.json()["errors"][0]["pointer"] == "/Idempotency-Key"
        assert Report.objects.count() == 1

    def test_another_address_under_the_key(self, story, dot, client_of):
        first, second = story.issued_notice(), story.issued_notice()
        client, header = client_of(dot), {"idempotency-key": "a"}
        for takedown, status in ((first, 200), (second, 422)):
            address = reverse("api-takedown-acknowledge", args=[takedown.reference])
            assert client.post(address, headers=header).status_code == status

    @pytest.mark.parametrize("key", ["", '""', "x" * 256, "schlüssel"])
    def test_a_key_that_is_none(self, partner, key):
        assert send(partner, key).status_code == 422
        assert not Report.objects.exists()


class TestWhatPinsAKey:
    def test_not_a_refusal_for_nothing_was_done(self, partner):
        assert send(partner, severity="bad").status_code == 422
        assert send(partner, severity="hospital").status_code == 201

    def test_a_batch_with_refused_rows_for_it_was_carried_out(self, story, dot, client_of):
        takedown = story.issued_notice(listings=1)
        address = reverse("api-takedown-answers", args=[takedown.reference])
        body = {"answers": [{"number": 9, "outcome": "removed", "answer_id": "a"}]}
        sent = {"content_type": "application/json", "headers": {"idempotency-key": "a"}}
        client = client_of(dot)
        first, second = (client.post(address, body, **sent) for _ in range(2))
        assert (first.status_code, second.content) == (207, first.content)

    def test_not_an_error_of_ours(self, partner, monkeypatch):
        def fail(*_args: object, **_more: object) -> None:
            raise RuntimeError

        with monkeypatch.context() as patch:
            patch.setattr(calls.Call, "keep", fail)
            partner.raise_request_exception = False
            assert send(partner).status_code == 500
        assert not Report.objects.exists(), "the effect and its record stand or fall together"
        assert send(partner).status_code == 201


class TestWhatIsKept:
    def test_nothing_that_can_be_read_without_the_key(self, partner):
        receipt = send(partner).json()
        row = AnsweredCall.objects.values().get()
        kept = b" ".join(
            bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode()
            for value in row.values()
        )
        for told in (receipt["code"], receipt["reference"], "Canary", "Kettle", "8e03978e"):
            assert told.encode() not in kept

    def test_no_longer_than_a_day(self, partner, time):
        send(partner)
        assert calls.forget(time.now + timedelta(hours=24)) == 0
        assert calls.forget(time.now + timedelta(hours=24, seconds=1)) == 1
        assert not AnsweredCall.objects.exists()

    def test_not_even_for_us_once_the_secret_is_another(self, partner, settings):
        send(partner)
        settings.SECRET_KEY = "x" * 60
        assert send(partner).status_code == 409
        assert Report.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_carried_out_the_second_is_told_to_wait(secret):
    second = at_once(lambda: send(bearer(secret)), lambda: send(bearer(secret)))
    assert second.status_code == 409
    assert second["Retry-After"] == "1"
    assert send(bearer(secret))["Idempotent-Replayed"] == "true"
    assert Report.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "rounds", [2, pytest.param(200, marks=pytest.mark.long)], ids=["short", "long"]
)
def test_fifty_at_once_make_one_object(secret, rounds):
    together = Barrier(AT_ONCE)

    def try_it(key: str) -> int:
        together.wait()
        try:
            return send(bearer(secret), key).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(rounds):
            statuses = list(pool.map(try_it, [f"round-{number}"] * AT_ONCE))
            assert set(statuses) <= {201, 409}
            assert 201 in statuses
            assert Report.objects.count() == number + 1
    again = send(bearer(secret), f"round-{rounds - 1}")
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")


@pytest.mark.django_db(transaction=True)
def test_who_lost_the_answer_gets_it_by_asking_again(secret, live_server):
    """The connection is dropped as soon as the call has been sent; the server carries it out."""
    address, body = urlsplit(live_server.url), json.dumps(TOLD).encode()
    head = (
        f"POST {reverse(LIST)} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n"
        f"Authorization: Bearer {secret}\r\nContent-Type: application/json\r\n"
        f"Idempotency-Key: dropped\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port)) as line:
        line.sendall(head.encode() + body)
    end = time.monotonic() + PATIENCE
    while not AnsweredCall.objects.exists():
        assert time.monotonic() < end, "the server did not carry the call out"
        time.sleep(0.01)
    answer = send(bearer(secret), "dropped")
    assert answer.status_code == 201
    assert Report.objects.get().reference == answer.json()["reference"]
    assert answer["Idempotent-Replayed"] == "true"
