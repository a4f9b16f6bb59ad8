"""The addresses of the market: its pages at the desk and in the portal, its part of the API."""

from django.urls import include, path

urlpatterns = [
    path("", include("sellers.pages.urls")),
    path("", include("sellers.portal.urls")),
    path("", include("sellers.api.urls")),
]
