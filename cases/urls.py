from importlib.util import find_spec
from django.urls import include, path
from django.http import HttpResponse

def _stub(request, **kw): return HttpResponse("stub")
urlpatterns = [path("", include(m)) for m in ["cases.pages.urls","cases.portal.urls","cases.public.urls"] if find_spec(m.rpartition(".")[0]) and find_spec(m)]
for n in ["case-detail","takedown-detail","report-detail","portal-takedown"]:
    urlpatterns.append(path(f"stub/{n}/<str:reference>/", _stub, name=n))
for n in ["track","desk","portal","public-home","search","alert-list","report-start","report-list","case-list","takedown-list","statistics"]:
    urlpatterns.append(path(f"stub/{n}/", _stub, name=n))
