"""How many calls a minute: what every answer says, and what happens beyond."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from redis.exceptions import ConnectionError as NoRedis

from surveillance.web.api import PROBLEM

ITEMS = reverse("api-item-list")
ALERTS = reverse("api-alert-list")


@pytest.fixture(autouse=True)
def _few(settings, db):
    settings.API_LIMITS = {"reads": 3, "writes": 1, "public": 2}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def client(story) -> Client:
    return Client(headers={"authorization": f"Bearer {story.issued_key().secret}"})


def test_every_answer_says_what_is_left(client, time):
    time.pass_(timedelta(seconds=20))
    first = client.get(ITEMS)
    assert first["RateLimit-Policy"] == '"reads";q=3;w=60'
    assert first["RateLimit"] == '"reads";r=2;t=40'
    for address, status in ((f"{ITEMS}?colour=red", 422), (f"{ITEMS}?page_size=1", 200)):
        answer = client.get(address)
        assert answer.status_code == status
        assert "RateLimit" in answer


def test_beyond_the_limit_a_call_is_refused_until_the_minute_is_over(client, time):
    time.pass_(timedelta(seconds=20))
    for _call in range(3):
        assert client.get(ITEMS).status_code == 200
    refused = client.get(ITEMS)
    assert refused.status_code == 429
    assert refused["Content-Type"] == PROBLEM
    assert refused["Retry-After"] == "40"
    assert refused["RateLimit"] == '"reads";r=0;t=40'
    assert refused.json()["status"] == 429
    time.pass_(timedelta(seconds=40))
    assert client.get(ITEMS).status_code == 200


def test_writing_is_counted_apart(story, client):
    addresses = [
        reverse("api-takedown-acknowledge", args=[story.issued_notice().reference])
        for _request in range(2)
    ]
    assert [client.post(address).status_code for address in addresses] == [200, 429]
    assert client.get(ITEMS).status_code == 200


def test_every_key_and_person_has_a_limit_of_its_own(story, client, dot, client_of):
    for _call in range(4):
        client.get(ITEMS)
    other = story.issued_key(name="Other").secret
    assert Client(headers={"authorization": f"Bearer {other}"}).get(ITEMS).status_code == 200
    assert client_of(dot).get(ITEMS).status_code == 200


def test_a_wrong_key_counts_by_address(story):
    guesser = Client(headers={"authorization": "Bearer psk_wrong"})
    assert [guesser.get(ITEMS).status_code for _guess in range(3)] == [401, 401, 429]
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.get(ALERTS).status_code == 200


def test_those_without_an_address_are_counted_together(story):
    nobody = Client(REMOTE_ADDR="")
    assert [nobody.get(ALERTS).status_code for _call in range(3)] == [200, 200, 429]


def test_without_the_cache_nobody_is_refused(client, monkeypatch, caplog):
    def away(*_args: object, **_more: object) -> None:
        raise NoRedis("away")

    monkeypatch.setattr("surveillance.web.api_limits.cache.add", away)
    answers = [client.get(ITEMS) for _call in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit-Policy" in answers[0]
    assert "RateLimit" not in answers[0]
    assert "not counted" in caplog.text
