"""The desk as Ana and Bo use it: browsers without JavaScript."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse


@pytest.fixture
def ana_at_desk(cast, client_of) -> Client:
    return client_of(cast.ana)


@pytest.fixture
def bo_at_desk(cast, client_of) -> Client:
    return client_of(cast.bo)


@pytest.fixture
def press() -> Callable[..., str]:
    """Send a verb's page; it must lead on. Returns the address that it leads to."""

    def send(client: Client, route: str, *where: object, query: str = "", **facts: object) -> str:
        response = client.post(reverse(route, args=where) + query, facts)
        assert response.status_code == 302, response.content.decode()[:2000]
        return response.headers["Location"]

    return send
