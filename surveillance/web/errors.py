"""What a refused verb looks like in the browser: its own sentence, never a bare status."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from surveillance.flow import FlowError


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
