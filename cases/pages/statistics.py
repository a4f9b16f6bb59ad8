"""The supervisor's page: what was demanded, what came of it, how fast. Every number leads to its
rows; charts are loaded after the numbers and have their twin as a table."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cases.pages.statistics_form import ScopeForm
from cases.pages.statistics_tables import PLACES, TABLES, ChartTable, percent, rows_address
from cases.stats.figures import Figures, Share, breakdown, totals
from cases.stats.numbers import NUMBERS
from cases.stats.peers import PEERS
from cases.stats.scope import Scope
from cases.stats.working_days import MEASURES, Calendars, taken
from cases.stats.workload import workload
from surveillance import clock
from surveillance.accounts.rights import Right
from surveillance.web import keyset
from surveillance.web.guards import ActorRequest, guarded
from surveillance.web.spreadsheets import csv_download

PAGE = 50
ORDER = ("due_at", "id")
TILES = (
    "requested",
    "identified",
    "claimed_removed",
    "verified_removed",
    "refused",
    "withdrawn",
    "still_open",
    "overdue",
    "missed",
    "relisted",
)
staff = guarded(Right.SEE_STATISTICS)


@staff
@require_GET
def statistics(request: ActorRequest) -> HttpResponse:
    """All numbers of the scope that stands in the address."""
    form = ScopeForm(request.GET, actor=request.actor)
    if not form.is_valid():
        return render(request, "desk/statistics.html", {"form": form}, status=422)
    at = clock.now()
    found = totals(form.scope(), request.actor, at)
    context: dict[str, Any] = {
        "form": form,
        "at": at,
        "query": request.GET.urlencode(),
        "counts": list(_tiles(found, request.GET)),
        "shares": list(_shares(found, request.GET)),
        "times": [
            (measure.title, found.working_days(name), rows_address(request.GET, measure.number))
            for name, measure in MEASURES.items()
        ],
        "peers": PEERS,
        "has_items": bool(found["requested"]),
    }
    if request.actor.may(Right.SEE_STATISTICS_BY_PERSON):
        context["workload"] = workload(request.actor, at)
    return render(request, "desk/statistics.html", context)


def _tiles(found: Figures, query: QueryDict) -> Iterator[dict[str, Any]]:
    for name in TILES:
        number = NUMBERS[name]
        yield {
            "value": f"{found[name]:,}",
            "label": number.title,
            "definition": number.definition,
            "url": rows_address(query, name),
        }


def _shares(found: Figures, query: QueryDict) -> Iterator[dict[str, Any]]:
    yield _share(
        _("Answered within the limit"),
        found.within_limit,
        _("%(part)s of %(whole)s listings answered or past their limit"),
        rows_address(query, "in_time"),
    )
    yield _share(
        _("Verified removed, of requested"),
        found.removed_of_requested,
        _("%(part)s of %(whole)s listings requested"),
        rows_address(query, "verified_removed"),
    )
    yield _share(
        _("Verified removed, of identified"),
        found.removed_of_identified,
        _("%(part)s of %(whole)s listings the platforms say they identified"),
        rows_address(query, "identified_removed"),
    )


def _share(label: str, share: Share, of: str, url: str) -> dict[str, Any]:
    return {
        "value": percent(share),
        "unit": "" if share.percent is None else "%",
        "label": label,
        "of": of % {"part": f"{share.part:,}", "whole": f"{share.whole:,}"},
        "url": url,
    }


@staff
@require_GET
def rows(request: ActorRequest) -> HttpResponse:
    """The items behind a number, within the scope: ?number=overdue&platform=…&month=2026-09."""
    number = NUMBERS.get(request.GET.get("number", ""))
    if number is None:
        raise Http404(_("There is no such number."))
    found = number.rows(_scope(request).items(request.actor), clock.now())
    places = {name: request.GET.get(name, "") for name in ("after", "before")}
    try:
        page = keyset.page(
            found.for_list().select_related("takedown__regime"), ORDER, size=PAGE, **places
        )
    except keyset.BadCursor as problem:
        raise Http404(_("This page of the list does not exist.")) from problem
    measure = next((one for one in MEASURES.values() if one.number == number.name), None)
    calendars = Calendars()
    return render(
        request,
        "desk/statistics_rows.html",
        {
            "number": number,
            "measure": measure,
            "items": [
                (item, taken(item, measure, calendars) if measure else None) for item in page.rows
            ],
            "total": found.count(),
            "back": f"{reverse('statistics')}?{_without(request.GET, *PLACES)}",
            "first_url": keyset.address(request.GET),
            "previous_url": keyset.address(request.GET, before=page.before) if page.before else "",
            "next_url": keyset.address(request.GET, after=page.after) if page.after else "",
        },
    )


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
