from django.urls import path

from surveillance.keys import pages

urlpatterns = [
    path("keys/", pages.key_list, name="key-list"),
    path("keys/<slug:prefix>/revoke/", pages.revoke, name="key-revoke"),
]
