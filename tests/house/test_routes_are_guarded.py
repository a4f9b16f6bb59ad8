"""Every route stands behind a guard, read from the URLconf: an unguarded one fails the build."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

# django-allauth's own views: signing in and out, and forgotten passwords, are for everybody.
THEIRS = "allauth."


def routes() -> Iterator[URLPattern]:
    stack: list[URLPattern | URLResolver] = list(get_resolver().url_patterns)
    while stack:
        entry = stack.pop()
        if isinstance(entry, URLResolver):
            stack.extend(entry.url_patterns)
        else:
            yield entry


def own_routes() -> list[URLPattern]:
    return [route for route in routes() if not route.callback.__module__.startswith(THEIRS)]


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
