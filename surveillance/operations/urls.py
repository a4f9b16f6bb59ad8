from django.urls import path

from surveillance.operations import pages, views

urlpatterns = [
    path("metrics", views.metrics, name="metrics"),
    path("desk/health/", pages.health_page, name="desk-health"),
    path("desk/health/release/", pages.release, name="held-release"),
    path("desk/health/discard/", pages.discard, name="held-discard"),
]
