"""What is noted of every request: its id, one line in the log, and how long it took."""

import re
import uuid
from collections.abc import Callable
from time import perf_counter
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from surveillance.accounts.actor import Actor
from surveillance.operations.metrics import REQUESTS

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,63}")


def route_name(request: HttpRequest) -> str:
    """The route's name: never the address, which may hold search words and keys."""
    match = request.resolver_match
    return match.view_name if match and match.view_name else "no route"


class RequestLogMiddleware(RequestMiddleware):
    """Takes over `X-Request-ID` when it is sane, else makes one; the answer carries it.

    Stands behind what serves static files and before everything else of ours.
    """

    async_capable = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = perf_counter()
        self.prepare(request)
        response = cast(HttpResponse, self.get_response(request))
        seconds = perf_counter() - begun
        REQUESTS.labels(route_name(request), str(response.status_code)).observe(seconds)
        bind_contextvars(duration_ms=round(1000 * seconds, 1))
        self.handle_response(request, response)
        return response

    def prepare(self, request: HttpRequest) -> None:
        clear_contextvars()
        given = request.headers.get(HEADER, "")
        bind_contextvars(request_id=given if SANE.fullmatch(given) else uuid.uuid4().hex)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        bind_contextvars(actor=Actor.of(request.user).label)

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        response.headers[HEADER] = get_contextvars()["request_id"]
        super().handle_response(request, response)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {route_name(request)}"
