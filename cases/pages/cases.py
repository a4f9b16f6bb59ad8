"""Cases on the desk: the list, and the one page with everything on it."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cases.clock_faces import Deadlines
from cases.filters import CaseFilter
from cases.forms.cases import CaseEvidenceForm, NoteForm
from cases.models import Case, CaseListing, Item, RiskAssessment, TakedownRequest
from cases.pages.buttons import by_name
from cases.pages.case_verbs import ASSESSMENT, CASE
from cases.pages.evidence import photos
from cases.pages.tables import CaseTable
from cases.pages.takedown_progress import Progress, progress
from cases.pages.timeline import timeline
from cases.risk import Assessment
from cases.states import AssessmentState
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.counting import counted
from surveillance.web.guards import ActorRequest, desk
from surveillance.web.lists import list_page

SORTS = {
    "-opened": ("-opened_at", "-id"),
    "opened": ("opened_at", "id"),
    "due": ("due_at", "id"),
    "-due": ("-due_at", "-id"),
}
LISTINGS = 50  # on one page of a case
MORE = ("assign", "restrict", "lift_restriction", "merge", "split", "close")


def case_rows(actor: Actor) -> QuerySet[Case]:
    """Every case the actor sees, with the calendar of the request that is due first: it tells how
    many working days are left."""
    first = TakedownRequest.objects.open().filter(case=OuterRef("pk"), due_at__isnull=False)
    calendar = first.order_by("due_at").values("regime__calendar_code")[:1]
    return Case.objects.visible_to(actor).for_list().annotate(calendar_code=Subquery(calendar))


@desk
@require_GET
def case_list(request: ActorRequest) -> HttpResponse:
    """All cases, filtered and sorted by the address."""
    at = clock.now()
    filterset = CaseFilter(request.GET, case_rows(request.actor), actor=request.actor, at=at)
    page = list_page(request, filterset, sorts=SORTS)
    table = CaseTable(page, deadlines=Deadlines(at))
    return render(request, "desk/case_list.html", {"page": page, "table": table})


@desk
@require_GET
def case_detail(request: ActorRequest, reference: str) -> HttpResponse:
    """One case: its rows in panels, its verbs, and one timeline of everything."""
    actor, deadlines = request.actor, Deadlines(clock.now())
    listings = CaseListing.objects.filter(case=OuterRef("pk"))
    rows = case_rows(actor).annotate(listing_count=counted(listings))
    case = get_object_or_404(rows.select_related("merged_into"), reference=reference)
    actions = by_name(CASE.actions(case, actor))
    takedowns = list(_takedowns(case))
    assessments = list(case.assessments.select_related("assessed_by", "validated_by"))
    evidence = list(case.evidence.select_related("added_by"))
    context = {
        "case": case,
        "deadline": deadlines.of_case(case, case.calendar_code or ""),
        "actions": actions,
        "more": [actions[name] for name in MORE if name in actions],
        "reports": list(case.reports.for_list().order_by("received_at", "id")),
        "products": list(case.products.order_by("name", "id")),
        "listings": _listings(case, takedowns, request.GET),
        "takedowns": [_takedown(takedown, deadlines) for takedown in takedowns],
        "assessments": [_assessment(assessment) for assessment in assessments],
        "assessment_actions": ASSESSMENT.actions(assessments[0], actor) if assessments else [],
        "may_draft": "add_note" in actions and actor.may(Right.DRAFT_TAKEDOWN),
        "photos": photos(evidence),
        "documents": [file for file in evidence if not file.is_picture],
        "evidence_form": CaseEvidenceForm(row=case, actor=actor, auto_id="evidence-%s"),
        "note_form": NoteForm(row=case, actor=actor, auto_id="note-%s"),
        "timeline": timeline(case.reference, request.GET),
    }
    return render(request, "desk/case_detail.html", context)


def _takedowns(case: Case) -> Any:
    items = Item.objects.defer("derivation", "answer_text", "question", "information")
    return (
        case.takedowns.select_related("platform", "regime")
        .prefetch_related(Prefetch("items", items))
        .order_by("-drafted_at", "-id")
    )


def _takedown(takedown: TakedownRequest, deadlines: Deadlines) -> dict[str, Any]:
    shown: Progress = progress(takedown.items.all())
    return {
        "row": takedown,
        "url": reverse("takedown-detail", args=[takedown.reference]),
        "deadline": deadlines.of_takedown(takedown),
        "progress": shown,
    }


@dataclass(frozen=True, slots=True)
class ListingPage:
    """Some of a case's listings, each with the requests that name it, newest first."""

    rows: list[dict[str, Any]]
    total: int
    previous_url: str
    next_url: str

    @property
    def shown(self) -> int:
        return len(self.rows)


def _listings(case: Case, takedowns: list[TakedownRequest], query: QueryDict) -> ListingPage:
    """By platform; `query` says from which on: ?listings=2."""
    named: dict[int, list[dict[str, Any]]] = {}
    for takedown in takedowns:
        for item in takedown.items.all():
            named.setdefault(item.listing_id, []).append({"takedown": takedown, "item": item})
    rows = CaseListing.objects.filter(case=case).select_related(
        "listing__platform", "listing__account__seller"
    )
    pages = Paginator(rows.order_by("listing__platform__name", "listing__reference"), LISTINGS)
    pages.count = case.listing_count  # asked with the case
    page = pages.get_page(query.get("listings"))

    def address(number: int) -> str:
        kept = query.copy()
        kept["listings"] = str(number)
        return f"?{kept.urlencode()}#listings"

    return ListingPage(
        rows=[
            {"row": found.listing, "requests": named.get(found.listing_id, [])} for found in page
        ],
        total=pages.count,
        previous_url=address(page.previous_page_number()) if page.has_previous() else "",
        next_url=address(page.next_page_number()) if page.has_next() else "",
    )


def _assessment(row: RiskAssessment) -> dict[str, Any]:
    """An assessment worked out again from its stored scenarios, exact fractions and all."""
    result = Assessment.from_json(row.result)
    return {
        "row": row,
        "result": result,
        "is_provisional": row.state == AssessmentState.PROPOSED,
        "is_past": row.state == AssessmentState.SUPERSEDED,
        "state": row.get_state_display(),
        "sensitivity": result.sensitivity.sentence(),
        "who": _("%(name)s, validated by %(second)s")
        % {"name": row.assessed_by, "second": row.validated_by}
        if row.validated_by
        else str(row.assessed_by),
    }


urlpatterns = [
    path("desk/cases/", case_list, name="case-list"),
    path("desk/cases/<str:reference>/", case_detail, name="case-detail"),
    *CASE.urls(),
    *ASSESSMENT.urls(),
]
