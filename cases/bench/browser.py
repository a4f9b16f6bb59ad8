"""A signed-in client of a web process, light enough not to be what is measured."""

from collections.abc import Mapping
from http import HTTPStatus
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

import urllib3
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from surveillance.accounts.models import User

_TOKEN = "b" * 32  # of CSRF: the cookie and the header say the same


class Unexpected(Exception):
    """An answer with another status: nothing that is measured may be an error page."""


def session_of(user: User | None, **facts: Any) -> str:
    """The key of a new session; for nobody in particular when there is no user."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    if user is not None:
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    for name, value in facts.items():
        store[name] = value
    store.save()
    return str(store.session_key)


class Browser:
    """One connection, one session. `source`: the address that it calls from."""

    def __init__(self, port: int, session: str, source: str = "127.0.0.1") -> None:
        self.pool = urllib3.HTTPConnectionPool(
            "127.0.0.1", port, maxsize=1, timeout=120, source_address=(source, 0)
        )
        cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: _TOKEN}
        self.headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": _TOKEN,
            "Referer": f"http://127.0.0.1:{port}/",
        }

    def get(self, address: str, status: int = HTTPStatus.OK) -> bytes:
        return self._call("GET", address, None, {}, status)

    def post(
        self, address: str, fields: Mapping[str, str], status: int = HTTPStatus.FOUND
    ) -> bytes:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._call("POST", address, urlencode(fields).encode(), kind, status)

    def post_json(self, address: str, body: bytes, status: int = HTTPStatus.OK) -> bytes:
        return self._call("POST", address, body, {"Content-Type": "application/json"}, status)

    def _call(
        self, method: str, address: str, body: bytes | None, kind: dict[str, str], status: int
    ) -> bytes:
        answer = self.pool.urlopen(
            method, address, body=body, headers=self.headers | kind, redirect=False, retries=False
        )
        if answer.status != status:
            raise Unexpected(
                f"{method} {address}: {answer.status}, not {status}: {answer.data[:500]!r}"
            )
        return answer.data
