"""The addresses of the work: the desk, the portal, the public pages, the API, the demo."""

from django.urls import include, path

urlpatterns = [
    path("", include("cases.pages.urls")),
    path("", include("cases.pages.statistics_urls")),
    path("", include("cases.portal.urls")),
    path("", include("cases.public.urls")),
    path("", include("cases.api.urls")),
    path("", include("cases.demo.urls")),
]
