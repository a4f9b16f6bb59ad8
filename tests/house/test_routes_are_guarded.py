"""Every route stands behind a guard, read from the URLconf: an unguarded one fails the build."""

import pytest
from django.urls.resolvers import RoutePattern

from tests.house.routes import own_routes


@pytest.mark.parametrize("route", own_routes(), ids=lambda route: str(route.name))
def test_route_has_a_guard(route):
    view = route.callback
    assert hasattr(view, "guard") or hasattr(getattr(view, "cls", None), "guard"), (
        f"{route.name} ({route.pattern}) has no guard: decorate it with @desk, @portal, @public …"
    )


@pytest.mark.parametrize("route", own_routes(), ids=lambda route: str(route.name))
def test_route_has_a_name_and_no_primary_key(route):
    assert route.name, f"{route.pattern} has no name"
    assert isinstance(route.pattern, RoutePattern)
    assert "<int:pk>" not in str(route.pattern), "public references in addresses, not keys"


def test_there_are_routes():
    assert len(own_routes()) > 20
