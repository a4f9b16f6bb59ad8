"""Everybody who can come: each role, with a session or with a key."""

from collections.abc import Callable

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


def client_of(visitor: str, rivals: Rivals) -> Client:
    """A browser, or a program with a key, of this visitor."""
    return _with_key(visitor, rivals) if visitor in KEYS else _browser(visitor, rivals)


def _browser(visitor: str, rivals: Rivals) -> Client:
    users: dict[str, Callable[[], User]] = {
        "agent": lambda: rivals.harbour.agent,
        "manager": lambda: rivals.harbour.manager,
        "rival": lambda: rivals.bazaar.agent,
        "inspector": lambda: rivals.cast.ana,
        "supervisor": lambda: rivals.cast.bo,
        "administrator": lambda: rivals.cast.ada,
        "foreign_authority": lambda: rivals.foreign,
    }
    client = Client(raise_request_exception=False)
    if visitor != "public":
        client.force_login(users[visitor]())
    return client


def _with_key(visitor: str, rivals: Rivals) -> Client:
    secret = {
        "platform_key": rivals.harbour.key.secret,
        "rival_key": rivals.bazaar.key.secret,
        "partner_key": rivals.partner_key.secret,
        "wrong_key": "psk_wrong",
    }[visitor]
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"})
