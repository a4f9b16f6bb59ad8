"""Reports on the desk: the list, and one report with all that helps to decide about it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cases.filters import ReportFilter
from cases.models import Case, Report
from cases.pages.buttons import by_name
from cases.pages.evidence import photos
from cases.pages.report_queue import SORTS, list_query, next_report, ordering_of, queue
from cases.pages.report_verbs import REPORT
from cases.pages.tables import ReportTable, severity_cell
from cases.pages.timeline import timeline
from sellers.models import Product
from sellers.pages.register_matches import show_matches
from sellers.screening import Offer
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.web.guards import ActorRequest, desk
from surveillance.web.lists import list_page

SIMILAR = 5


@desk
@require_GET
def report_list(request: ActorRequest) -> HttpResponse:
    """All reports, filtered and sorted by the address."""
    at = clock.now()
    rows = queue(request.actor, ordering_of(request.GET))
    filterset = ReportFilter(request.GET, rows, actor=request.actor, at=at)
    page = list_page(request, filterset, sorts=SORTS)
    table = ReportTable(page, query=request.GET.urlencode())
    return render(request, "desk/report_list.html", {"page": page, "table": table})


@desk
@require_GET
def report_detail(request: ActorRequest, reference: str) -> HttpResponse:
    """One report, what is like it, and what can be done with it."""
    actor = request.actor
    whole = ("case", "assignee", "duplicate_of", "reporter")
    rows = Report.objects.visible_to(actor).select_related(*whole)
    report = get_object_or_404(rows, reference=reference)
    in_list = list_query(request.GET)
    similar = list(
        Report.objects.visible_to(actor).similar_to(report).prefetch_related("case")[:SIMILAR]
    )
    products = list(report.known_products().visible_to(actor).prefetch_related("alerts")[:SIMILAR])
    actions = by_name(REPORT.actions_in_list(report, actor, in_list.urlencode()))
    redaction = actions.pop("redact", None)
    context = {
        "report": report,
        "severity": severity_cell(report),
        "facts": _facts(report),
        "reporter": _reporter(report),
        "photos": photos(report.evidence.all()),
        "similar": [_likeness(report, other) for other in similar],
        "products": products,
        "cases": _likely_cases(actor, report, similar, products),
        "actions": list(actions.values()),
        "accept": actions.get("accept"),
        "mark_duplicate": actions.get("mark_duplicate"),
        "redaction": [redaction] if redaction else [],
        "list_query": in_list.urlencode(),
        "timeline": timeline(report.reference, request.GET),
    }
    return render(request, "desk/report_detail.html", context)


@desk
@require_GET
def report_after(request: ActorRequest, reference: str) -> HttpResponse:
    """To the next report of the list that this one was opened from. Found when it is asked for: it
    costs a page more than what the page is about."""
    actor = request.actor
    in_list = list_query(request.GET)
    report = get_object_or_404(queue(actor, ordering_of(in_list)), reference=reference)
    following = next_report(report, in_list, actor=actor, at=clock.now())
    query = f"?{in_list.urlencode()}"
    if following is None:
        messages.info(request, _("Nothing is left in this list."))
        return redirect(reverse("report-list") + query)
    return redirect(reverse("report-detail", args=[following.reference]) + query)


@desk
@require_GET
def report_matches(request: ActorRequest, reference: str) -> HttpResponse:
    """Known unsafe products that the report may be about."""
    report = get_object_or_404(Report.objects.visible_to(request.actor), reference=reference)
    offer = Offer(report.product_name, report.brand, report.model, ", ".join(report.gtins))
    back = reverse("report-detail", args=[reference])
    return show_matches(request, offer, about=report, back=back)


def _facts(report: Report) -> list[dict[str, Any]]:
    return [
        {"label": _("Product"), "value": report.product_name},
        {"label": _("Brand"), "value": report.brand},
        {"label": _("Model"), "value": report.model},
        {"label": _("GTIN"), "value": ", ".join(report.gtins)},
        {"label": _("Serial number"), "value": report.serial},
        {"label": _("Category"), "value": report.category},
        {"label": _("Manufacturer"), "value": report.manufacturer},
        {"label": _("Bought from"), "value": report.retailer},
        {"label": _("Offered at"), "value": report.listing_url, "url": report.listing_url},
        {"label": _("Happened on"), "value": report.happened_on},
        {"label": _("Source"), "value": report.get_source_display(), "hint": report.native_id},
    ]


def _reporter(report: Report) -> list[dict[str, Any]]:
    """What is known of who told us; empty when it has been removed, or never came."""
    contact = getattr(report, "reporter", None)
    if contact is None:
        return []
    return [
        {"label": _("Name"), "value": contact.name},
        {"label": _("E-mail"), "value": contact.email},
        {"label": _("Phone"), "value": contact.phone},
        {"label": _("Town"), "value": contact.town},
        {"label": _("Person hurt"), "value": contact.person_hurt},
        {"label": _("May be written to"), "value": _("yes") if contact.may_contact else _("no")},
    ]


def _likeness(report: Report, other: Report) -> dict[str, Any]:
    """A similar report and why it is thought so."""
    if set(report.gtins) & set(other.gtins):
        why = _("same GTIN")
    elif report.model and (report.brand.casefold(), report.model.casefold()) == (
        other.brand.casefold(),
        other.model.casefold(),
    ):
        why = _("same brand and model")
    else:
        why = _("%(percent)d %% of the wording") % {"percent": round(100 * other.similarity)}
    return {"report": other, "why": why}


def _likely_cases(
    actor: Actor, report: Report, similar: list[Report], products: list[Product]
) -> list[Case]:
    """Open cases that hold a known product of the report, or one of the similar reports: found by
    key, so that not every open case is looked at."""
    of_reports = {other.case_id for other in similar if other.case_id}
    if report.case_id or not (of_reports or products):
        return []
    of_products = Case.products.through.objects.filter(product__in=products).values("case")
    likely = Case.objects.filter(pk__in=of_reports).values("pk").union(of_products)
    found = Case.objects.visible_to(actor).open().filter(pk__in=likely)
    return list(found.order_by("-opened_at", "-id")[:3])


urlpatterns = [
    path("desk/reports/", report_list, name="report-list"),
    path("desk/reports/<str:reference>/", report_detail, name="report-detail"),
    path("desk/reports/<str:reference>/next/", report_after, name="report-next"),
    path("desk/reports/<str:reference>/matches/", report_matches, name="report-matches"),
    *REPORT.urls(),
]
