"""Everybody who can come: each role, with a session or with a key."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client

from surveillance.accounts.models import User
from tests.house.rivals import Rivals

# Columns of routes.csv. The rows tried belong to Harbour Market; `rival` is an agent of another
# platform. Keys are tried at the API alone: pages know none.
PEOPLE = (
    "public",
    "agent",
    "manager",
    "rival",
    "inspector",
    "supervisor",
    "administrator",
    "foreign_authority",
)
KEYS = ("platform_key", "rival_key", "partner_key", "wrong_key")
VISITORS = (*PEOPLE, *KEYS)

SHORTEST_WAY = [
    "tests.house.visitors.KnownAtTheDoor",
    "surveillance.web.middleware.ReaderLanguageMiddleware",
    "surveillance.web.middleware.RaisedAnswersMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]


class KnownAtTheDoor:
    """Who comes is looked up once, and not for each of some thousand requests; with a session of
    their own each time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = request.META["visitor"] or AnonymousUser()
        request.session = SessionStore()
        return self.get_response(request)


def client_of(visitor: str, rivals: Rivals) -> Client:
    """A browser, or a program with a key, of this visitor."""
    client = _client(visitor, rivals, {})
    if user := _user(visitor, rivals):
        client.force_login(user)
    return client


def known_client_of(visitor: str, rivals: Rivals) -> Client:
    """The same where the middleware is SHORTEST_WAY."""
    return _client(visitor, rivals, {"visitor": _user(visitor, rivals)})


def _user(visitor: str, rivals: Rivals) -> User | None:
    return {
        "agent": rivals.harbour.agent,
        "manager": rivals.harbour.manager,
        "rival": rivals.bazaar.agent,
        "inspector": rivals.cast.ana,
        "supervisor": rivals.cast.bo,
        "administrator": rivals.cast.ada,
        "foreign_authority": rivals.foreign,
    }.get(visitor)


def _client(visitor: str, rivals: Rivals, known: dict[str, Any]) -> Client:
    secret = {
        "platform_key": rivals.harbour.key.secret,
        "rival_key": rivals.bazaar.key.secret,
        "partner_key": rivals.partner_key.secret,
        "wrong_key": "psk_wrong",
    }.get(visitor)
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return Client(raise_request_exception=False, headers=headers, **known)
