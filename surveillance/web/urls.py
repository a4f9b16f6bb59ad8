from django.urls import path
from django.views.i18n import set_language

from surveillance.web import views
from surveillance.web.guards import public

urlpatterns = [
    path("start/", views.start, name="start"),
    path("language/", public(set_language), name="set_language"),
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_all_notices, name="notices-read"),
    path("notices/<uuid:pk>/", views.open_notice, name="notice-open"),
    path("health", views.health_report, name="health"),
    path("stylebook/", views.style_book, name="stylebook"),
]
