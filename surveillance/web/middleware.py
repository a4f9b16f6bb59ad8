"""Language of the reader, and refusals of verbs as pages."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from surveillance.flow import FlowError
from surveillance.web.errors import refused

GetResponse = Callable[[HttpRequest], HttpResponse]


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


class FlowErrorMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        return refused(request, problem) if isinstance(problem, FlowError) else None
