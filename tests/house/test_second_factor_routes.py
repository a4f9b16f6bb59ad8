"""Where a second factor is required, no route is open to a session that has none (T12).

Signed in by a password alone, people see of every address what Eve sees, or are led to set it up.
"""

from collections.abc import Iterator
from itertools import islice

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from surveillance.web.middleware import SecondFactorMiddleware
from tests.house.on_stage import with_rivals
from tests.house.rivals import Rivals
from tests.house.routes import methods_of
from tests.house.test_authorisation_matrix import _content, addresses, every_page_is_there
from tests.house.visitors import client_of

__all__ = ["every_page_is_there"]
stage, db, time, cast, rivals, _files_of_their_own = with_rivals()
PAGE = reverse("mfa_activate_totp")
GUARD = "surveillance.web.middleware.SecondFactorMiddleware"


@pytest.fixture
def whole_way(settings, every_page_is_there):
    """The middleware as it is, and not the shortest way of the other test."""
    shortest = settings.MIDDLEWARE
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        GUARD,
        *shortest[1:],
    ]
    settings.SECOND_FACTOR = "required"


def answer(client: Client, method: str, address: str) -> tuple[int, str]:
    with transaction.atomic():
        response = client.generic(method, address, **_content(method, address))
        transaction.set_rollback(True)
    return response.status_code, response.headers.get("Location", "").partition("?")[0]


def opened(visitor: str, rivals: Rivals) -> Iterator[str]:
    """Routes that show the visitor something else than Eve and the set-up page."""
    client, eve = client_of(visitor, rivals), client_of("public", rivals)
    for name, (route, address) in sorted(addresses(rivals).items()):
        if name in SecondFactorMiddleware.DOORS:
            continue
        for method in methods_of(route):
            told = answer(client, method, address)
            if told != (302, PAGE) and told != answer(eve, method, address):
                yield f"{name} {method}: {told}"


@pytest.mark.parametrize("visitor", ["manager", "supervisor", "administrator"])
def test_no_route_is_open_without_it(visitor, rivals, whole_way):
    assert list(opened(visitor, rivals)) == []


def test_without_the_guard_many_are(rivals, whole_way, settings):
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one != GUARD]
    assert len(list(islice(opened("supervisor", rivals), 51))) > 50
