"""What goes wrong, as the reader understands it: a page for people, a problem document for the
systems that call the API."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults

from surveillance.flow import FlowError
from surveillance.web.api import PROBLEM, problem_document

API = "/api/"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing at this address."""
    if request.path.startswith(API):
        return _problem(404, _("There is nothing at this address."))
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """A defect of ours."""
    if request.path.startswith(API):
        return _problem(500, _("This is our fault, and it has been noted. Nothing was changed."))
    return defaults.server_error(request)


def _problem(status: int, detail: str) -> JsonResponse:
    return JsonResponse(problem_document(status, detail), status=status, content_type=PROBLEM)


def refused(request: HttpRequest, error: FlowError) -> HttpResponse:
    template = "404.html" if error.status == 404 else "errors/refused.html"
    return render(
        request, template, {"status": error.status, "explanation": str(error)}, status=error.status
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    explanation = _(
        "This page was open too long, or cookies are blocked. Go back, load the page again and"
        " send it once more; nothing has been changed."
    )
    return render(
        request, "errors/refused.html", {"status": 403, "explanation": explanation}, status=403
    )
