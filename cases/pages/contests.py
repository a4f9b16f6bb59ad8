"""Contests on the desk: the list, those of one seller in its page, their files, the decision."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from cases.filters import ContestFilter
from cases.flows import contests
from cases.models import Contest
from cases.pages.evidence import served
from cases.pages.tables import ContestTable
from sellers.models import Seller
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.web.guards import ActorRequest, desk, signed_in
from surveillance.web.lists import list_page
from surveillance.web.verbs import ReasonForm, VerbForm, VerbPages

SORTS = {"filed": ("filed_at", "id"), "-filed": ("-filed_at", "-id")}


def find(actor: Actor, reference: str) -> Contest:
    contest: Contest = get_object_or_404(
        Contest.objects.visible_to(actor).for_list(), reference=reference
    )
    return contest


PAGES = VerbPages(
    prefix="contest",
    route="desk/contests/<str:reference>",
    guard=desk,
    find=find,
    template="desk/verb.html",
    verbs=[
        VerbForm(
            contests.UPHOLD,
            contests.uphold,
            ReasonForm,
            tone="primary",
            icon="arrow-uturn-left",
            consequence=_("The seller is back in the standard tier, and the platform is told so."),
        ),
        VerbForm(
            contests.DISMISS,
            contests.dismiss,
            ReasonForm,
            icon="hand-thumb-down",
            consequence=_("The tier stands, and the platform is told why."),
        ),
    ],
)


@desk
@require_GET
def contest_list(request: ActorRequest) -> HttpResponse:
    """What platforms say for sellers, those that wait longest first."""
    rows = Contest.objects.visible_to(request.actor).for_list()
    filterset = ContestFilter(request.GET, rows, actor=request.actor, at=clock.now())
    page = list_page(request, filterset, sorts=SORTS)
    context = {"page": page, "table": ContestTable(page)}
    return render(request, "desk/contest_list.html", context)


@desk
@require_GET
def contest_detail(request: ActorRequest, reference: str) -> HttpResponse:
    """A contest is shown with its seller."""
    seller = find(request.actor, reference).seller
    address = reverse("seller-detail", args=[seller.reference])
    return HttpResponseRedirect(f"{address}#contests")


@desk
@require_GET
def seller_contests(request: ActorRequest, reference: str) -> HttpResponse:
    """The panel of a seller's page to htmx, a page of its own otherwise."""
    seller = get_object_or_404(Seller.objects.visible_to(request.actor), reference=reference)
    rows = Contest.objects.visible_to(request.actor).filter(seller=seller).for_list()
    context: dict[str, Any] = {
        "seller": seller,
        "back": reverse("seller-detail", args=[reference]),
        "contests": [(row, PAGES.actions(row, request.actor)) for row in rows],
    }
    part = "#panel" if "HX-Request" in request.headers else ""
    return render(request, "desk/market/contests.html" + part, context)


@signed_in
@require_GET
def contest_evidence(request: ActorRequest, reference: str) -> FileResponse:
    """The file that came with it, for both sides."""
    contest = get_object_or_404(Contest.objects.visible_to(request.actor), reference=reference)
    if not contest.file:
        raise Http404
    return served(contest.file, contest.filename, contest.content_type, as_attachment=True)


urlpatterns = [
    path("desk/contests/", contest_list, name="contest-list"),
    path("desk/contests/<str:reference>/", contest_detail, name="contest-detail"),
    path("desk/sellers/<str:reference>/contests/", seller_contests, name="seller-contests"),
    path("contests/<str:reference>/file/", contest_evidence, name="contest-evidence"),
    *PAGES.urls(),
]
