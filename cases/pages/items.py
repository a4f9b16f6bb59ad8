"""The items of a request: shown in groups, decided one by one or many at once."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Prefetch, prefetch_related_objects
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from cases.appeal_faces import AppealFace, appeals_of, with_appeals
from cases.clock_faces import Deadline, Deadlines
from cases.flows import items
from cases.items_file import response
from cases.models import Item, TakedownRequest
from cases.pages import takedown_verbs
from cases.pages.evidence import photos
from cases.pages.takedown_verbs import ITEM
from cases.states import ITEM_AWAITS_AUTHORITY, ITEM_AWAITS_PLATFORM, ITEM_SETTLED
from surveillance.accounts.actor import Actor
from surveillance.flow import FlowError, told_by
from surveillance.web import keyset
from surveillance.web.guards import ActorRequest, desk

SIZE = 50
ORDER = ("number",)
GROUPS: dict[str, tuple[Promise, frozenset[str]]] = {
    "check": (gettext_lazy("To check"), frozenset(ITEM_AWAITS_AUTHORITY)),
    "platform": (gettext_lazy("With the platform"), frozenset(ITEM_AWAITS_PLATFORM)),
    "settled": (gettext_lazy("Settled"), frozenset(ITEM_SETTLED)),
}
BULK_VERBS = (items.CONFIRM_REMOVAL, items.REJECT_ANSWER)


@dataclass(frozen=True, slots=True)
class ItemRow:
    item: Item
    deadline: Deadline | None
    actions: list[dict[str, Any]]
    photos: list[dict[str, Any]]
    appeals: list[AppealFace]
    can_be_bulk_decided: bool


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One page of the items of a request, with the groups that they fall into."""

    rows: list[ItemRow]
    has_answers: bool
    tabs: list[dict[str, Any]]
    total: int
    previous_url: str
    next_url: str
    first_url: str

    @property
    def shown(self) -> int:
        return len(self.rows)


def item_page(
    takedown: TakedownRequest, query: QueryDict, *, actor: Actor, deadlines: Deadlines
) -> ItemPage:
    """`query`: ?items=GROUP, and ?after= or ?before= within it. Before anything is answered, and
    without a group, all items are shown."""
    counts = dict(takedown.items.order_by().values_list("state").annotate(Count("id")))
    sizes = {
        name: sum(counts.get(state, 0) for state in states) for name, (_l, states) in GROUPS.items()
    }
    group = query.get("items", "")
    rows = takedown.items.select_related("listing").annotate(was=F("predecessor__number"))
    proofs = Prefetch("evidence", to_attr="proofs")
    rows = rows.prefetch_related(proofs, *with_appeals(takedown.has_appeals))
    if group in GROUPS:
        rows = rows.filter(state__in=GROUPS[group][1])
    try:
        page = keyset.page(
            rows,
            ORDER,
            size=SIZE,
            after=query.get("after", ""),
            before=query.get("before", ""),
        )
    except keyset.BadCursor as problem:
        raise Http404 from problem
    gone = [item for item in page.rows if items.NOTE_RELISTED.starts_from(item.state)]
    prefetch_related_objects(gone, "successors")
    shown = [_row(takedown, item, actor, deadlines) for item in page.rows]
    return ItemPage(
        rows=shown,
        has_answers=any(row.can_be_bulk_decided for row in shown),
        tabs=_tabs(query, group, sizes),
        total=sizes.get(group, sum(sizes.values())),
        previous_url=keyset.address(query, before=page.before) if page.before else "",
        next_url=keyset.address(query, after=page.after) if page.after else "",
        first_url=keyset.address(query),
    )


def _row(takedown: TakedownRequest, item: Item, actor: Actor, deadlines: Deadlines) -> ItemRow:
    item.takedown = takedown
    return ItemRow(
        item=item,
        deadline=deadlines.of_item(item, takedown.regime.calendar_code),
        actions=ITEM.actions(item, actor),
        photos=photos(item.proofs),
        appeals=appeals_of(item, deadlines, takedown.has_appeals),
        can_be_bulk_decided=not item.has_open_appeal
        and any(verb.starts_from(item.state) for verb in BULK_VERBS),
    )


def _tabs(query: QueryDict, group: str, sizes: dict[str, int]) -> list[dict[str, Any]]:
    def tab(name: str, label: str | Promise, count: int) -> dict[str, Any]:
        kept = query.copy()
        kept.pop("items", None)
        if name:
            kept["items"] = name
        url = f"{keyset.address(kept)}#items"
        return {"label": label, "url": url, "count": count, "current": name == group}

    return [
        tab("", _("All"), sum(sizes.values())),
        *(tab(name, GROUPS[name][0], size) for name, size in sizes.items() if size),
    ]


class BulkForm(forms.Form):
    """What to do with the chosen items of one request."""

    items = forms.ModelMultipleChoiceField(
        queryset=Item.objects.none(),
        to_field_name="number",
        error_messages={"required": gettext_lazy("Choose at least one listing.")},
    )
    verb = forms.ChoiceField(choices=[(verb.name, verb.title) for verb in BULK_VERBS])
    note = forms.CharField(required=False)

    def __init__(self, *args: Any, takedown: TakedownRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].queryset = takedown.items.select_related("listing")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("verb") == items.REJECT_ANSWER.name and not given.get("note", "").strip():
            self.add_error("note", _("To reject answers, write the reason."))
        return given


@dataclass(frozen=True, slots=True)
class ItemResult:
    item: Item
    problem: str = ""


@desk
@require_POST
def decide_items(request: ActorRequest, reference: str) -> HttpResponse:
    """Confirm or reject many answers: each is its own decision, with a result of its own."""
    takedown = takedown_verbs.find(request.actor, reference)
    form = BulkForm(request.POST, takedown=takedown)
    context: dict[str, Any] = {
        "takedown": takedown,
        "back": f"{reverse('takedown-detail', args=[reference])}?{request.GET.urlencode()}#items",
    }
    if not form.is_valid():
        context["problems"] = [error for errors in form.errors.values() for error in errors]
        return render(request, "desk/items_decided.html", context, status=422)
    verb, note = form.cleaned_data["verb"], form.cleaned_data["note"]
    context["results"] = [
        _decide(item, verb, note, request.actor)
        for item in form.cleaned_data["items"].order_by("number")
    ]
    return render(request, "desk/items_decided.html", context)


def _decide(item: Item, verb: str, note: str, actor: Actor) -> ItemResult:
    try:
        if verb == items.CONFIRM_REMOVAL.name:
            return ItemResult(items.confirm_removal(item, by=actor, note=note))
        return ItemResult(items.reject_answer(item, by=actor, reason=note))
    except (FlowError, ValidationError) as problem:
        return ItemResult(item, problem=told_by(problem))


@desk
@require_GET
def item_detail(request: ActorRequest, reference: str, number: int) -> HttpResponse:
    """An item is shown within its request."""
    item = takedown_verbs.find_item(request.actor, reference, number)
    address = reverse("takedown-detail", args=[reference])
    place = ""
    if number > SIZE:
        before = item.takedown.items.filter(number__lt=number).order_by("-number").first()
        place = f"?after={keyset.cursor_of(before, ORDER)}" if before else ""
    return HttpResponseRedirect(f"{address}{place}#item-{item.number}")


@desk
@require_GET
def items_file(request: ActorRequest, reference: str) -> HttpResponse:
    """All items with deadline and derivation, as a spreadsheet opens them."""
    return response(takedown_verbs.find(request.actor, reference))


urlpatterns = [
    path("desk/takedowns/<str:reference>/items.csv", items_file, name="items-file"),
    path("desk/takedowns/<str:reference>/items/", decide_items, name="items-decide"),
    path("desk/takedowns/<str:reference>/items/<int:number>/", item_detail, name="item-detail"),
    *ITEM.urls(),
]
