from django.urls import path

from surveillance.saved_views import pages

urlpatterns = [
    path("views/", pages.saved_views, name="saved-views"),
    path("views/<str:reference>/", pages.saved_view, name="saved-view"),
]
