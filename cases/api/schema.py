"""The schema (OpenAPI 3.1) and its page of documentation, drawn from our own static files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView

from surveillance.web.guards import public


@extend_schema(exclude=True)
class Schema(SpectacularAPIView):
    guard = "public"


@public
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api/docs.html")
