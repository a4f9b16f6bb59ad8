from importlib import import_module
from django.urls import include, path

urlpatterns = []
for m in ["cases.pages.statistics_urls", "cases.api.urls", "cases.pages.urls","cases.portal.urls","cases.public.urls"]:
    try:
        import_module(m)
        urlpatterns.append(path("", include(m)))
    except ImportError as e:
        print("not yet", m, e)
