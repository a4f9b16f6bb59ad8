from importlib.util import find_spec

from django.urls import include, path

urlpatterns = [path("", include(m)) for m in ["sellers.pages.urls"] if find_spec(m.rpartition(".")[0]) and find_spec(m)]
