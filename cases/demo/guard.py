"""Pages of the demo: for everybody there, and nowhere else."""

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from surveillance.accounts.wall import beyond_the_wall
from surveillance.web.guards import ActorRequest, View, public


def demo_only(view: View) -> View:
    """Where SURVEILLANCE_DEMO is off there is no such page (404). It shows everybody everything."""

    @public
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with beyond_the_wall():
            return view(request, *args, **kwargs)

    @wraps(guarded)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return guarded(request, *args, **kwargs)

    return wrapped


def shell_of(request: ActorRequest) -> str:
    """The frame that the reader is used to: the desk's, the portal's, or the public one."""
    if request.actor.is_staff:
        return "desk/base.html"
    return "portal/base.html" if request.actor.is_platform else "public/base.html"
