"""The supervisor's page: what was demanded, what came of it, how fast. Every number leads to its
rows; charts are loaded after the numbers and have their twin as a table."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import defusedcsv.csv as defused
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cases.models import Item
from cases.pages.statistics_form import ScopeForm
from cases.stats import figures
from cases.stats.figures import Scope, Share
from cases.stats.numbers import NUMBERS
from surveillance import clock
from surveillance.accounts.rights import Right
from surveillance.web import charts, keyset
from surveillance.web.guards import ActorRequest, guarded

PAGE = 50
MONTH = "%Y-%m"
COLUMNS = (
    "requested",
    "identified",
    "claimed_removed",
    "verified_removed",
    "refused",
    "overdue",
    "missed",
)
# What peers publish, for context: (figure, what it is, source).
PEERS = (
    (
        "87.36 %",
        gettext_lazy("removed within 2 working days, EU pledge, 2018–19"),
        "European Commission",
    ),
    ("98 %", gettext_lazy("removed within 2 business days, Australian pledge"), "ACCC"),
    ("23.7 %", gettext_lazy("of blocked products came back, Korea, 2019"), "KATS"),
    ("87 %", gettext_lazy("of banned or recalled products still on sale, sweep of 2021"), "OECD"),
)
staff = guarded(Right.SEE_STATISTICS)


def _scope(request: ActorRequest) -> tuple[ScopeForm, Scope | None]:
    form = ScopeForm(request.GET, actor=request.actor)
    return form, form.scope() if form.is_valid() else None


def _rows_address(query: QueryDict, number: str, **more: str) -> str:
    """The rows behind a number, within the same scope."""
    parameters = query.copy()
    for name, value in {"number": number, **more}.items():
        parameters[name] = value
    return f"{reverse('statistics-rows')}?{parameters.urlencode()}"


@staff
@require_GET
def statistics(request: ActorRequest) -> HttpResponse:
    form, scope = _scope(request)
    if scope is None:
        return render(request, "desk/statistics.html", {"form": form}, status=422)
    at = clock.now()
    items = scope.items(request.actor)
    found = figures.counts(items, at)
    context: dict[str, Any] = {
        "form": form,
        "at": at,
        "query": request.GET.urlencode(),
        "stats": [
            {
                "value": found[name],
                "label": number.title,
                "definition": number.definition,
                "url": _rows_address(request.GET, name),
            }
            for name, number in NUMBERS.items()
            if name != "in_time"
        ],
        "shares": _shares(found, request.GET),
        "times": [
            (_("to acknowledge"), figures.working_days_to_acknowledge(items)),
            (_("to the first answer"), figures.working_days_to_answer(items)),
            (_("to the verified removal"), figures.working_days_to_verified_removal(items)),
        ],
        "peers": PEERS,
        "has_items": bool(found["requested"]),
    }
    if request.actor.may(Right.SEE_STATISTICS_BY_PERSON):
        context["workload"] = figures.workload(request.actor, at)
    return render(request, "desk/statistics.html", context)


def _shares(found: dict[str, int], query: QueryDict) -> list[dict[str, Any]]:
    return [
        _share(
            _("Answered within the limit"),
            figures.within_limit(found),
            _("%(part)d of %(whole)d listings answered or past their limit"),
            _rows_address(query, "in_time"),
        ),
        _share(
            _("Verified removed, of requested"),
            figures.removed_of_requested(found),
            _("%(part)d of %(whole)d listings requested"),
            _rows_address(query, "verified_removed"),
        ),
        _share(
            _("Claimed removed, of identified"),
            figures.removed_of_identified(found),
            _("%(part)d of %(whole)d listings the platforms say they identified"),
            _rows_address(query, "claimed_removed"),
        ),
    ]


def _share(label: str, share: Share, of: str, url: str) -> dict[str, Any]:
    percent = share.percent
    return {
        "value": "–" if percent is None else f"{percent:.1f}",
        "unit": "" if percent is None else "%",
        "label": label,
        "of": of % {"part": share.part, "whole": share.whole},
        "url": url,
    }


@staff
@require_GET
def rows(request: ActorRequest) -> HttpResponse:
    """The items behind a number, within the scope; ?month=2026-09 narrows it to one of issue."""
    _form, scope = _scope(request)
    name = request.GET.get("number", "")
    if name not in NUMBERS or scope is None:
        raise Http404(_("There is no such number."))
    found = figures.rows_of(scope.items(request.actor), name, clock.now()).for_list()
    found = _of_month(found, request.GET.get("month", ""))
    at = {place: request.GET.get(place, "") for place in ("after", "before")}
    try:
        page = keyset.page(found, ("due_at", "id"), size=PAGE, **at)
    except keyset.BadCursor as problem:
        raise Http404(_("This page of the list does not exist.")) from problem
    back = _without(request.GET, "number", "month", "after", "before")
    context = {
        "number": NUMBERS[name],
        "items": page.rows,
        "total": found.count(),
        "back": f"{reverse('statistics')}?{back}",
        "first_url": keyset.address(request.GET),
        "previous_url": keyset.address(request.GET, before=page.before) if page.before else "",
        "next_url": keyset.address(request.GET, after=page.after) if page.after else "",
    }
    return render(request, "desk/statistics_rows.html", context)


def _of_month(items: QuerySet[Item], month: str) -> QuerySet[Item]:
    if not month:
        return items
    try:
        first = datetime.strptime(month, MONTH).replace(tzinfo=UTC)
    except ValueError as problem:
        raise Http404(_("A month is written like 2026-09.")) from problem
    return items.filter(
        takedown__issued_at__year=first.year, takedown__issued_at__month=first.month
    )


def _without(query: QueryDict, *names: str) -> str:
    parameters = query.copy()
    for name in names:
        parameters.pop(name, None)
    return parameters.urlencode()


@staff
@require_GET
def chart(request: ActorRequest, name: str) -> HttpResponse:
    """One chart with its twin, as a part of the page or, without JavaScript, as a page."""
    _form, scope = _scope(request)
    if scope is None or name not in CHARTS:
        raise Http404(_("There is no such chart."))
    context = CHARTS[name](request, scope)
    context["downloads"] = [
        {
            "label": _("CSV"),
            "url": f"{reverse('statistics-csv', args=[name])}?{request.GET.urlencode()}",
        }
    ]
    template = "desk/statistics_chart.html" if request.htmx else "desk/statistics_chart_page.html"
    return render(request, template, context | {"uid": f"chart-{name}"})


@staff
@require_GET
def table_csv(request: ActorRequest, name: str) -> HttpResponse:
    """The table of a chart, as Excel opens it: with a byte order mark, and no live formulas."""
    _form, scope = _scope(request)
    if scope is None or name not in CHARTS:
        raise Http404(_("There is no such table."))
    context = CHARTS[name](request, scope)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = defused.writer(response, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(context["columns"])
    writer.writerows(context["rows"])
    return response


def _by_month(request: ActorRequest, scope: Scope) -> dict[str, Any]:
    at = clock.now()
    found = figures.counts_by_month(scope.items(request.actor), at)
    shown = ("requested", "verified_removed")
    bars = [
        {
            "month": row["month"].strftime(MONTH),
            "series": str(NUMBERS[name].title),
            "count": row[name],
            "url": _rows_address(request.GET, name, month=row["month"].strftime(MONTH)),
        }
        for row in found
        for name in shown
    ]
    title = _("Requested and verified removed, by month of issue")
    return {
        "title": title,
        "svg": charts.grouped_bars(
            bars,
            category="month",
            value="count",
            series=[str(NUMBERS[name].title) for name in shown],
            label=title,
        ),
        "columns": [_("Month"), *(NUMBERS[name].title for name in COLUMNS)],
        "rows": [[row["month"].strftime(MONTH), *_cells(row)] for row in found],
        "definition": _("Listings by the month in which their request was issued (UTC)."),
    }


def _by_platform(request: ActorRequest, scope: Scope) -> dict[str, Any]:
    found = figures.counts_by_platform(scope.items(request.actor), clock.now())
    shares = [(row, figures.within_limit(row)) for row in found]
    shares.sort(key=lambda pair: (-(pair[1].percent or 0), pair[0]["name"]))
    bars = [
        {
            "platform": row["name"],
            "share": share.percent,
            "text": f"{share.percent:.0f} % ({share.part}/{share.whole})",
            "url": _rows_address(request.GET, "in_time", platform=row["slug"]),
        }
        for row, share in shares
        if share.percent is not None
    ]
    title = _("Answered within the limit, by platform")
    return {
        "title": title,
        "svg": charts.level_bars(bars, category="platform", value="share", label=title),
        "columns": [_("Platform"), _("In time, %"), *(NUMBERS[name].title for name in COLUMNS)],
        "rows": [
            [row["name"], "–" if share.percent is None else f"{share.percent:.1f}", *_cells(row)]
            for row, share in shares
        ],
        "definition": _("Of the listings answered, or past their limit without an answer."),
    }


def _cells(row: dict[str, Any]) -> Sequence[int]:
    return [row[name] for name in COLUMNS]


CHARTS = {"by-month": _by_month, "by-platform": _by_platform}
