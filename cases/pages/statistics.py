"""The supervisor's page: what was demanded, what came of it, how fast. Every number leads to its
rows; charts are loaded after the numbers and have their twin as a table."""

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cases.pages.statistics_form import ScopeForm
from cases.pages.statistics_tables import PLACES, TABLES, ChartTable, rows_within
from cases.stat_faces import number_of, rows_of, shares, tiles, times
from cases.stats.figures import breakdown, totals
from cases.stats.peers import PEERS
from cases.stats.scope import Scope
from cases.stats.workload import workload
from sellers.models import Platform, PlatformRemark
from surveillance import clock
from surveillance.accounts.rights import Right
from surveillance.web.guards import ActorRequest, guarded
from surveillance.web.spreadsheets import csv_download

staff = guarded(Right.SEE_STATISTICS)


@staff
@require_GET
def statistics(request: ActorRequest) -> HttpResponse:
    """All numbers of the scope that stands in the address."""
    form = ScopeForm(request.GET, actor=request.actor)
    if not form.is_valid():
        return render(request, "desk/statistics.html", {"form": form}, status=422)
    at = clock.now()
    rows_to = rows_within(request.GET)
    found = totals(form.scope(), request.actor, at)
    context: dict[str, Any] = {
        "form": form,
        "at": at,
        "query": request.GET.urlencode(),
        "counts": list(tiles(found, rows_to)),
        "shares": list(shares(found, rows_to)),
        "times": times(found, rows_to),
        "remark": _remark_of(form.scope().platform),
        "peers": PEERS,
        "has_items": bool(found["requested"]),
    }
    if request.actor.may(Right.SEE_STATISTICS_BY_PERSON):
        context["workload"] = workload(request.actor, at)
    return render(request, "desk/statistics.html", context)


@staff
@require_GET
def rows(request: ActorRequest) -> HttpResponse:
    """The items behind a number, within the scope: ?number=overdue&platform=…&month=2026-09."""
    number = number_of(request.GET)
    found = number.rows(_scope(request).items(request.actor), clock.now())
    context = rows_of(number, found, request.GET)
    context["back"] = f"{reverse('statistics')}?{_without(request.GET, *PLACES)}"
    return render(request, "desk/statistics_rows.html", context)


@staff
@require_GET
def chart(request: ActorRequest, name: str) -> HttpResponse:
    """One chart with its twin, as a part of the page or, without JavaScript, as a page."""
    table = _table(request, name)
    csv_address = reverse("statistics-csv", args=[name])
    query = _without(request.GET, *PLACES)
    context = {
        "table": table,
        "uid": f"chart-{name}",
        "downloads": [{"label": _("CSV"), "url": f"{csv_address}?{query}"}],
        "back": f"{reverse('statistics')}?{query}",
    }
    template = "desk/statistics_chart.html" if request.htmx else "desk/statistics_chart_page.html"
    return render(request, template, context)


@staff
@require_GET
def table_csv(request: ActorRequest, name: str) -> HttpResponseBase:
    """The table of a chart, as Excel opens it."""
    table = _table(request, name)
    rows = [[cell.value for cell in row] for row in table.rows]
    return csv_download(f"statistics-{name}", table.columns, rows)


def _remark_of(platform: Platform | None) -> PlatformRemark | None:
    """The platform's own word to its numbers, where one is chosen."""
    if platform is None:
        return None
    return PlatformRemark.objects.filter(platform=platform).first()


def _table(request: ActorRequest, name: str) -> ChartTable:
    if name not in TABLES:
        raise Http404(_("There is no such table."))
    found = breakdown(_scope(request), request.actor, clock.now())
    table: ChartTable = TABLES[name](found, request.GET)
    return table


def _scope(request: ActorRequest) -> Scope:
    """Raises Http404 for an address that was not made by the page's own form."""
    form = ScopeForm(request.GET, actor=request.actor)
    if not form.is_valid():
        raise Http404(_("There is no such choice."))
    return form.scope()


def _without(query: QueryDict, *names: str) -> str:
    parameters = query.copy()
    for name in names:
        parameters.pop(name, None)
    return parameters.urlencode()
