"""/metrics, for whoever knows the token."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST

from surveillance import clock
from surveillance.accounts.actor import SYSTEM
from surveillance.accounts.wall import acting
from surveillance.operations.metrics import exposition

View = Callable[[HttpRequest], HttpResponse]


def with_metrics_token(view: View) -> View:
    """`Authorization: Bearer METRICS_TOKEN`, else 401; 404 on an installation that sets none."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        if not settings.METRICS_TOKEN:
            raise Http404
        keyword, _space, token = request.headers.get("Authorization", "").partition(" ")
        known = constant_time_compare(token.strip(), settings.METRICS_TOKEN)
        if keyword.lower() != "bearer" or not known:
            return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
        return view(request)

    wrapped.guard = "metrics_token"  # type: ignore[attr-defined]
    return wrapped


@with_metrics_token
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    with acting(SYSTEM):
        return HttpResponse(
            exposition(clock.now()),
            content_type=CONTENT_TYPE_LATEST,
            headers={"Cache-Control": "no-store"},
        )
