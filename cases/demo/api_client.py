"""A client of /api/v1/ as a platform's own system would be: HTTP, a key, JSON.

It speaks to the WSGI application in this process: every middleware, the real authentication and
the real views, without a socket.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urlsplit
from wsgiref.types import StartResponse, WSGIApplication
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

API = "/api/v1"


@contextmanager
def application() -> Iterator[WSGIApplication]:
    """The application as web servers see it, but on this process's database connection: the end
    of a request does not close it under whoever made the request."""
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    try:
        yield WSGIHandler()
    finally:
        for end in ends:
            end.connect(close_old_connections)


class ApiProblem(Exception):
    """A request was refused; the message is the problem document."""

    def __init__(self, status: int, problem: Any) -> None:
        super().__init__(f"{status}: {problem}")
        self.status = status


class PlatformClient:
    """`key`: the secret of an API key; `application`: who answers."""

    def __init__(self, key: str, application: WSGIApplication) -> None:
        self._key = key
        self._application = application

    def pages(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        """Every row of a list, page after page. Raises ApiProblem."""
        parameters = urlencode({"page_size": 200} | query)
        while True:
            page = self._call("GET", path, parameters)
            yield from page["results"]
            if not page["next"]:
                return
            parameters = urlsplit(page["next"]).query

    def post(self, path: str, body: Any = None) -> Any:
        """The answer's document. Raises ApiProblem."""
        return self._call("POST", path, body=body)

    def _call(self, method: str, path: str, query: str = "", body: Any = None) -> Any:
        told: list[int] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_exc: Any) -> Any:
            told.append(int(status.split()[0]))

        response = self._application(
            self._environ(method, path, query, body), _as_start(start_response)
        )
        try:
            content = b"".join(response)
        finally:
            if close := getattr(response, "close", None):
                close()
        document = json.loads(content) if content else None
        if told[0] >= 400:
            raise ApiProblem(told[0], document)
        return document

    def _environ(self, method: str, path: str, query: str, body: Any) -> dict[str, Any]:
        content = b"" if body is None else json.dumps(body).encode()
        base = urlsplit(settings.BASE_URL)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": f"{API}{path}",
            "QUERY_STRING": query,
            "HTTP_HOST": base.netloc,
            "HTTP_X_FORWARDED_PROTO": base.scheme,
            "HTTP_AUTHORIZATION": f"Bearer {self._key}",
            "HTTP_ACCEPT": "application/json",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(content)),
            "wsgi.input": BytesIO(content),
            "wsgi.url_scheme": base.scheme,
        }
        setup_testing_defaults(environ)
        return environ


def _as_start(function: Any) -> StartResponse:
    start: StartResponse = function
    return start
