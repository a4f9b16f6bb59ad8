"""The scorecard: a platform's own numbers as the authority counts them, and its word to them.

They are the statistics of the desk (cases/stats), asked by the platform about itself.
"""

from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from cases.forms.fields import MonthField
from cases.stat_faces import (
    month_columns,
    month_row,
    number_of,
    rows_of,
    shares,
    tiles,
    times,
)
from cases.stats.figures import Breakdown, breakdown
from cases.stats.scope import Scope
from sellers.flows import platform_setup
from sellers.models import Platform, PlatformRemark
from sellers.portal.setup import own_platform
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.accounts.wall import beyond_the_wall, is_within_the_wall
from surveillance.web.guards import ActorRequest, guarded, portal
from surveillance.web.verbs import FactsForm


class RemarkForm(FactsForm):
    text = forms.CharField(
        label=gettext_lazy("Your remark"),
        required=False,
        max_length=PlatformRemark.MOST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "At most 1,000 characters. The authority reads it beside your numbers. Empty it to take"
            " it back."
        ),
    )


class _MonthForm(forms.Form):
    month = MonthField(required=False)


@portal
@require_GET
def scorecard(request: ActorRequest) -> HttpResponse:
    """All months, in all and one by one; every number leads to its listings."""
    return _page(request, own_platform(request.actor))


@portal
@require_GET
def rows(request: ActorRequest) -> HttpResponse:
    """The platform's listings behind a number: ?number=overdue&month=2026-09."""
    number = number_of(request.GET)
    given = _MonthForm(request.GET)
    if not given.is_valid():
        raise Http404(_("There is no such choice."))
    platform = own_platform(request.actor)
    scope = Scope(platform=platform, month=given.cleaned_data["month"])
    found = number.rows(scope.items(request.actor), clock.now())
    context = rows_of(number, found, request.GET) | {"platform": platform}
    return render(request, "portal/scorecard_rows.html", context)


@guarded(Right.REMARK)
@require_POST
def remark(request: ActorRequest) -> HttpResponse:
    platform = own_platform(request.actor)
    form = RemarkForm(request.POST, row=platform, actor=request.actor)
    if form.is_valid():
        try:
            platform_setup.remark(platform, by=request.actor, **form.facts())
        except ValidationError as problem:
            form.refuse(problem)
        else:
            response = redirect("scorecard")
            response["Location"] += "#remark"
            return response
    return _page(request, platform, form)


def rows_address(number: str, **narrower: str) -> str:
    return f"{reverse('scorecard-rows')}?{urlencode({'number': number, **narrower})}"


def _page(
    request: ActorRequest, platform: Platform, form: RemarkForm | None = None
) -> HttpResponse:
    at = clock.now()
    found = _figures(platform, request.actor, at)
    written = PlatformRemark.objects.filter(platform=platform).select_related("written_by").first()
    initial = {"text": written.text if written else ""}
    context: dict[str, Any] = {
        "platform": platform,
        "at": at,
        "has_items": bool(found.total["requested"]),
        "shares": list(shares(found.total, rows_address)),
        "counts": list(tiles(found.total, rows_address)),
        "times": times(found.total, rows_address),
        "columns": month_columns(),
        "months": [
            [cell.as_html for cell in month_row(month, figures, rows_address)]
            for month, figures in reversed(list(found.by_month.items()))
        ],
        "remark": written,
        "form": form or RemarkForm(row=platform, actor=request.actor, initial=initial),
        "may_remark": request.actor.may(Right.REMARK),
    }
    return render(request, "portal/scorecard.html", context, status=422 if form else 200)


def _figures(platform: Platform, actor: Actor, at: datetime) -> Breakdown:
    """Beyond the wall, for tallies are read together with the marks that make them void, and those
    are nobody's outside; what is counted is the platform's own by `Scope` and `visible_to`."""
    ask = partial(breakdown, Scope(platform=platform), actor, at)
    if not is_within_the_wall():
        return ask()
    with beyond_the_wall():
        return ask()


urlpatterns = [
    path("portal/scorecard/", scorecard, name="scorecard"),
    path("portal/scorecard/listings/", rows, name="scorecard-rows"),
    path("portal/scorecard/remark/", remark, name="scorecard-remark"),
]
