"""Sellers of the platform that stand in a tier, and what the platform says for them."""

from contextlib import nullcontext

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from cases.flows import contests
from cases.models import Contest
from sellers.models import SellerAccount
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.accounts.wall import beyond_the_wall, is_within_the_wall
from surveillance.web.guards import ActorRequest, guarded, portal
from surveillance.web.verbs import FactsForm

LATEST = 50


class ContestForm(FactsForm):
    reason = forms.CharField(
        label=gettext_lazy("Why should the tier be reviewed?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("It is recorded as the seller's reply."),
    )
    file = forms.FileField(
        label=gettext_lazy("Proof"),
        required=False,
        help_text=gettext_lazy("A JPEG, PNG or WebP picture, or a PDF; at most 10 MB."),
    )


@portal
@require_GET
def sellers(request: ActorRequest) -> HttpResponse:
    """Whose tier can be contested, and what became of contests; the newest first."""
    filed = Contest.objects.visible_to(request.actor)[:LATEST]
    waiting = set(Contest.objects.visible_to(request.actor).open().values_list("handle", flat=True))
    context = {
        "accounts": [(account, account.handle in waiting) for account in _accounts(request.actor)],
        "contests": filed,
        "may_contest": request.actor.may(Right.CONTEST_SELLER),
    }
    return render(request, "portal/sellers.html", context)


@guarded(Right.CONTEST_SELLER)
@require_http_methods(["GET", "POST"])
def contest(request: ActorRequest, handle: str) -> HttpResponse:
    """Speak for the seller that trades under this account."""
    account = next((one for one in _accounts(request.actor) if one.handle == handle), None)
    if account is None:
        raise Http404
    if request.method != "POST":
        return _ask(request, account, ContestForm(row=account, actor=request.actor))
    form = ContestForm(request.POST, request.FILES, row=account, actor=request.actor)
    if form.is_valid():
        try:
            contests.file(account, by=request.actor, **form.facts())
        except ValidationError as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("The authority has your contest, and will decide."))
            return redirect("own-sellers")
    return _ask(request, account, form)


def _ask(request: ActorRequest, account: SellerAccount, form: ContestForm) -> HttpResponse:
    context = {"account": account, "form": form}
    return render(request, "portal/contest.html", context, status=422 if form.errors else 200)


def _accounts(actor: Actor) -> list[SellerAccount]:
    with beyond_the_wall() if is_within_the_wall() else nullcontext():
        return contests.contestable(actor)


urlpatterns = [
    path("portal/sellers/", sellers, name="own-sellers"),
    path("portal/sellers/<path:handle>/contest/", contest, name="portal-contest"),
]
