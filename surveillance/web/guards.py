"""Every route stands behind one of these guards; a house test reads the URLconf and says so.

A guarded view runs in a transaction in which the database knows who is acting. Its request
carries `request.actor`, the argument of every query and verb.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.accounts.wall import acting

View = Callable[..., HttpResponseBase]
PAGE_METHODS = ("GET", "HEAD", "POST")  # a page that looks at no method shows itself to these


class ActorRequest(HttpRequest):
    """The request as a guarded view sees it."""

    actor: Actor


def guarded(right: Right | None) -> Callable[[View], View]:
    """For people with this right (None: with any account); the others are asked to sign in, or
    refused (403)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = Actor.of(request.user)
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if right and not actor.may(right):
                raise PermissionDenied
            return _run(view, request, actor, *args, **kwargs)

        wrapped.guard = right or "signed_in"  # type: ignore[attr-defined]
        return wrapped

    return decorate


def public(view: View) -> View:
    """For everyone; the actor is the signed-in user, or the public."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _run(view, request, Actor.of(request.user), *args, **kwargs)

    wrapped.guard = "public"  # type: ignore[attr-defined]
    return wrapped


def _run(
    view: View, request: HttpRequest, actor: Actor, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    if request.method not in PAGE_METHODS:
        return HttpResponseNotAllowed(PAGE_METHODS)
    guarded_request = cast(ActorRequest, request)
    guarded_request.actor = actor
    with acting(actor):
        return view(guarded_request, *args, **kwargs)


signed_in = guarded(None)
desk = guarded(Right.SEE_DESK)
portal = guarded(Right.SEE_PORTAL)
