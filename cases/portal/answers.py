"""One answer for many listings, and what became of it for each."""

from dataclasses import dataclass
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.flows.batches import Outcome, answer_each
from cases.models import Item, TakedownRequest
from cases.portal import verbs
from cases.portal.forms import AnswerManyForm
from surveillance.web.guards import ActorRequest, portal


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the result: the listing, and the sentence that says why it was refused."""

    item: Item
    refusal: str


@portal
@require_http_methods(["GET", "POST"])
def answer_many(request: ActorRequest, reference: str) -> HttpResponse:
    """GET ?item=1&item=2 or ?all=1 asks; POST answers and shows a result for each listing."""
    takedown = verbs.find(request.actor, reference)
    if request.method == "POST":
        form = AnswerManyForm(request.POST, row=takedown, actor=request.actor)
        if form.is_valid():
            return _answered(request, takedown, form)
        numbers = _numbers(request.POST.get("numbers", "").split(","))
        return _ask(request, takedown, form, _chosen(takedown, numbers))
    if "all" in request.GET:
        items = _items(takedown, takedown.items.awaiting_platform())
    else:
        items = _chosen(takedown, _numbers(request.GET.getlist("item")))
    if not items:
        messages.warning(request, _("Choose at least one listing that waits for your answer."))
        return redirect("portal-takedown", reference)
    initial = {"numbers": ",".join(str(item.number) for item in items), "batch": uuid4()}
    form = AnswerManyForm(row=takedown, actor=request.actor, initial=initial)
    return _ask(request, takedown, form, items)


def _ask(
    request: ActorRequest, takedown: TakedownRequest, form: AnswerManyForm, items: list[Item]
) -> HttpResponse:
    return render(
        request,
        "portal/answer_many.html",
        {"takedown": takedown, "form": form, "items": items},
        status=422 if form.errors else 200,
    )


def _answered(
    request: ActorRequest, takedown: TakedownRequest, form: AnswerManyForm
) -> HttpResponse:
    items = _chosen(takedown, form.cleaned_data["numbers"], waiting_only=False)
    outcomes = answer_each(((item, form.reply_for(item)) for item in items), by=request.actor)
    results = [_result(outcome) for outcome in outcomes]
    refused = sum(bool(result.refusal) for result in results)
    return render(
        request,
        "portal/answered.html",
        {
            "takedown": takedown,
            "results": sorted(results, key=lambda result: not result.refusal),
            "refused": refused,
            "answered": len(results) - refused,
        },
    )


def _result(outcome: Outcome) -> Result:
    problem = outcome.problem
    if isinstance(problem, ValidationError):
        return Result(outcome.item, " ".join(problem.messages))
    return Result(outcome.item, str(problem or ""))


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isdigit()]


def _chosen(
    takedown: TakedownRequest, numbers: list[int], *, waiting_only: bool = True
) -> list[Item]:
    rows = takedown.items.awaiting_platform() if waiting_only else takedown.items.issued()
    return _items(takedown, rows.filter(number__in=numbers))


def _items(takedown: TakedownRequest, rows: object) -> list[Item]:
    items: list[Item] = list(rows.select_related("listing").order_by("number"))
    for item in items:
        item.takedown = takedown
    return items
