"""Drafting requests from a case: to several platforms in one go, looked at, then sent.

Two steps: choose listings and write the reasons (drafts are kept), then read the letters and
issue them, or ask for approval where the regime wants a second person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from cases.flows import takedowns
from cases.forms.takedowns import ReasonsForm
from cases.models import Case, CaseListing, Item, TakedownRequest
from cases.pages import case_verbs, reasons
from cases.pages.drafting_form import Offer, PlatformForm
from cases.pages.letters import preview_of
from cases.states import CASE_OPEN, ITEM_OPEN, TAKEDOWN_PREPARED, TakedownState
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.calendars.models import Regime
from surveillance.flow import FlowError, available, told_by
from surveillance.web.guards import ActorRequest, desk


@desk
def draft(request: ActorRequest, reference: str) -> HttpResponse:
    """Choose listings by platform and say why. One draft a platform comes of it."""
    case = case_verbs.find(request.actor, reference)
    platforms = _platforms(case, request)
    given = request.POST if request.method == "POST" else None
    form = ReasonsForm(given, initial=reasons.proposed(case))
    if request.method == "POST":
        valid = all([form.is_valid(), *[platform.is_valid() for platform in platforms]])
        chosen = [
            platform for platform in platforms if platform.is_valid() and platform.chosen_listings
        ]
        if not chosen:
            form.add_error(None, _("Choose at least one listing."))
        elif valid:
            return _drafted(case, chosen, form, request.actor)
    context = {
        "case": case,
        "form": form,
        "platforms": platforms,
        "q": request.GET.get("q", ""),
        "is_open": case.state in CASE_OPEN,
        "is_wrong": bool(form.errors or any(platform.errors for platform in platforms)),
    }
    status = 422 if context["is_wrong"] else 200
    return render(request, "desk/draft.html", context, status=status)


def _platforms(case: Case, request: ActorRequest) -> list[PlatformForm]:
    """The listings of the case by platform. ?listing= ticks these alone, ?q= narrows them down."""
    rows = CaseListing.objects.filter(case=case).select_related(
        "listing__platform", "listing__account__seller"
    )
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(
            Q(listing__title__icontains=text)
            | Q(listing__account__seller__name__icontains=text)
            | Q(listing__reference__iexact=text)
        )
    rows = rows.order_by("listing__platform__name", "listing__reference")
    busy = {item.listing_id: item for item in _undecided(case)}
    regimes = {regime.code: regime for regime in Regime.objects.current()}
    offers = (Offer(row.listing, busy.get(row.listing_id)) for row in rows)
    return [
        PlatformForm(
            request.POST if request.method == "POST" else None,
            platform=platform,
            offers=list(group),
            regimes=regimes,
            chosen=request.GET.getlist("listing") or None,
        )
        for platform, group in groupby(offers, lambda offer: offer.listing.platform)
    ]


def _undecided(case: Case) -> QuerySet[Item]:
    """Items that demand, or are about to demand, a listing of the case."""
    asked = Q(state__in=ITEM_OPEN, takedown__state=TakedownState.ISSUED)
    prepared = Q(takedown__state__in=TAKEDOWN_PREPARED)
    return Item.objects.filter(asked | prepared, takedown__case=case).select_related("takedown")


def _drafted(
    case: Case, chosen: Sequence[PlatformForm], form: ReasonsForm, actor: Actor
) -> HttpResponse:
    drafts = [
        takedowns.draft(
            case,
            by=actor,
            platform=platform.platform,
            kind=platform.cleaned_data["kind"],
            listings=platform.chosen_listings,
            reasons=form.reasons(),
        )
        for platform in chosen
    ]
    query = urlencode([("request", takedown.reference) for takedown in drafts])
    address = reverse("takedown-review", args=[case.reference])
    return HttpResponseRedirect(f"{address}?{query}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A prepared request with what can be done to it next: "issue", "submit" or nothing."""

    takedown: TakedownRequest
    preview: dict[str, str]
    listing_count: int
    step: str


@dataclass(frozen=True, slots=True)
class SendResult:
    takedown: TakedownRequest
    problem: str = ""


@desk
def review(request: ActorRequest, reference: str) -> HttpResponse:
    """Read the letters of the prepared requests (?request=…: of these alone), then send them."""
    case = case_verbs.find(request.actor, reference)
    context: dict[str, Any] = {"case": case}
    if request.method == "POST":
        chosen = (
            _prepared(case, request.POST.getlist("request")) if "request" in request.POST else []
        )
        context["results"] = [_send(takedown, request.actor) for takedown in chosen]
        if not chosen:
            context["problem"] = _("Choose at least one request.")
    drafts = [
        _draft(takedown, request.actor)
        for takedown in _prepared(case, request.GET.getlist("request"))
    ]
    context |= {
        "drafts": drafts,
        "to_issue": [draft for draft in drafts if draft.step == "issue"],
        "to_submit": [draft for draft in drafts if draft.step == "submit"],
    }
    return render(request, "desk/review.html", context, status=422 if "problem" in context else 200)


def _prepared(case: Case, references: Sequence[str]) -> list[TakedownRequest]:
    rows = case.takedowns.filter(state__in=TAKEDOWN_PREPARED).select_related(
        "case", "platform__organisation", "regime"
    )
    if references:
        rows = rows.filter(reference__in=references)
    return list(rows.order_by("platform__name", "reference"))


def _draft(takedown: TakedownRequest, actor: Actor) -> Draft:
    return Draft(
        takedown=takedown,
        preview=preview_of(takedown),
        listing_count=takedown.items.count(),
        step=_next_step(takedown, actor),
    )


def _next_step(takedown: TakedownRequest, actor: Actor) -> str:
    possible = available(takedown, by=actor)
    if takedowns.ISSUE in possible:
        return "issue"
    return "submit" if takedowns.SUBMIT in possible else ""


def _send(takedown: TakedownRequest, actor: Actor) -> SendResult:
    """Issue it, or ask for approval where a second person must agree first."""
    verb = takedowns.submit if _next_step(takedown, actor) == "submit" else takedowns.issue
    try:
        return SendResult(verb(takedown, by=actor, at=clock.now()))
    except (FlowError, ValidationError) as problem:
        return SendResult(takedown, told_by(problem))


urlpatterns = [
    path("desk/cases/<str:reference>/draft/", draft, name="takedown-draft"),
    path("desk/cases/<str:reference>/review/", review, name="takedown-review"),
]
