"""The schema (OpenAPI 3.1) and its page of documentation, drawn from our own static files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView

from surveillance.web.guards import public


@extend_schema(exclude=True)
class Schema(SpectacularAPIView):
    guard = "public"


@public
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api/docs.html")
