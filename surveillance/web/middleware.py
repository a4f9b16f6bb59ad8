"""Whose session counts, the language of the reader, and refusals of verbs as pages."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from surveillance.accounts import second_factor
from surveillance.flow import FlowError
from surveillance.saved_views.answering import AnsweredInstead
from surveillance.web.errors import refused

GetResponse = Callable[[HttpRequest], HttpResponse]


class SecondFactorMiddleware:
    """Where a second factor is required, a session that has not passed it is nobody's.

    Whoever has one signs in anew. Whoever has none yet is led to its page, and reaches beside it
    what is open to everybody, as nobody.
    """

    DOORS = frozenset({"mfa_activate_totp", "account_reauthenticate", "account_logout"})

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, arguments: Any, named: Any
    ) -> HttpResponse | None:
        if not (second_factor.is_required() and request.user.is_authenticated):
            return None
        if second_factor.is_proved(request):
            return None
        route = request.resolver_match.url_name if request.resolver_match else ""
        if request.user.second_factors:
            logout(request)
        elif route in self.DOORS:
            return None
        elif route == "start" or not _is_open_to_all(view):
            if request.method == "GET" and not request.headers.get("HX-Request"):
                request.session[second_factor.WANTED] = request.get_full_path()
            return redirect("mfa_activate_totp")
        request.user = AnonymousUser()
        return None


def _is_open_to_all(view: Any) -> bool:
    """A public page; or the API, which asks itself who calls."""
    return getattr(view, "guard", "") == "public" or hasattr(view, "cls")


class ReaderLanguageMiddleware:
    """The language chosen here, else the account's, else the browser's; the account's zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if not translation.check_for_language(chosen) or chosen not in dict(settings.LANGUAGES):
            chosen = (
                user.language
                if user.is_authenticated
                else translation.get_language_from_request(request)
            )
        zone = user.time_zone if user.is_authenticated else settings.AUTHORITY_TIME_ZONE
        with translation.override(chosen), timezone.override(zone):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        return response


class RaisedAnswersMiddleware:
    """What a view raises and a reader is to see: the refusal of a verb, what a list answers instead
    of its page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, AnsweredInstead):
            return problem.response
        return refused(request, problem) if isinstance(problem, FlowError) else None
