"""The portal's pages: what a platform is asked, sorted by due, and one demand in full."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from cases import items_file
from cases.appeal_faces import AppealFace, appeals_of, with_appeals
from cases.clock_faces import Deadline, Deadlines
from cases.models import Evidence, Item, TakedownRequest
from cases.portal import history, letters, verbs
from cases.portal.filters import DemandFilter, ItemFilter
from cases.portal.views_of_demands import ANSWER, VIEWS, counts
from cases.states import ITEM_AWAITS_PLATFORM
from sellers.models import Picture
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.clock import Due
from surveillance.web import keyset
from surveillance.web.guards import ActorRequest, portal
from surveillance.web.lists import list_page

ITEMS_A_PAGE = 50
ITEM_ORDER = ("number",)
PICTURES = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One demand in the list: how far its listings are answered, and its next deadline."""

    takedown: TakedownRequest
    deadline: Deadline | None
    answered: int
    total: int

    @property
    def ground(self) -> str:
        """The article alone; how the limit is counted stands in the demand."""
        basis: str = self.takedown.regime.legal_basis
        return basis.partition(";")[0]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One listing of a demand, with what can be done about it now."""

    item: Item
    deadline: Deadline | None
    actions: list[dict[str, Any]]
    appeals: list[AppealFace]

    @property
    def can_answer(self) -> bool:
        return self.item.awaits_platform


@portal
@require_GET
def demands(request: ActorRequest) -> HttpResponse:
    """Open demands by due date; those being checked and those closed have views of their own."""
    view = VIEWS.get(request.GET.get("view", ""), ANSWER)
    mine = TakedownRequest.objects.visible_to(request.actor)
    at = clock.now()
    filterset = DemandFilter(
        request.GET, view.rows(mine).select_related("regime"), actor=request.actor, at=at
    )
    page = list_page(request, filterset, sorts=view.sorts)
    return render(
        request,
        "portal/demands.html",
        {
            "page": page,
            "view": view,
            "rows": _rows(page.rows, Deadlines(at)),
            "tabs": _tabs(view.code, counts(mine)),
            "is_filtered": any(filterset.form.cleaned_data.values())
            if filterset.is_valid()
            else True,
        },
    )


@portal
@require_GET
def demand(request: ActorRequest, reference: str) -> HttpResponse:
    """One demand: its letter, its reasons, its listings, its clock and its history."""
    takedown = verbs.find(request.actor, reference)
    at = clock.now()
    filterset = ItemFilter(request.GET, _items(takedown, request.actor), actor=request.actor, at=at)
    page = list_page(request, filterset, sorts={"number": ITEM_ORDER}, size=ITEMS_A_PAGE)
    deadlines = Deadlines(at)
    progress = _progress([takedown])[takedown.pk]
    return render(
        request,
        "portal/demand.html",
        {
            "platform": takedown.platform,
            "takedown": takedown,
            "page": page,
            "items": [_item_row(takedown, item, deadlines, request.actor) for item in page.rows],
            "deadline": deadlines.of_takedown(takedown, _next_derivation(takedown, page.rows)),
            "answered": progress.answered,
            "waiting": progress.waiting,
            "choosing": progress.waiting > 1,
            "total": progress.total,
            "extensions": list(takedown.extensions.select_related("takedown__regime")),
            "pictures": _pictures(page.rows),
            "letters": letters.sent(takedown, request.actor),
            "history": history.entries(takedown, request.actor, request.GET.get("earlier", "")),
            "actions": verbs.TAKEDOWN.actions(takedown, request.actor),
        },
    )


@portal
@require_GET
def demand_item(request: ActorRequest, reference: str, number: int) -> HttpResponse:
    """The permanent address of one listing: its place in the demand's page."""
    item = verbs.find_item(request.actor, reference, number)
    place = ""
    if number > ITEMS_A_PAGE:
        before = item.takedown.items.filter(number__lt=number).order_by("-number").first()
        place = f"?after={keyset.cursor_of(before, ITEM_ORDER)}" if before else ""
    address = reverse("portal-takedown", args=[reference])
    return HttpResponseRedirect(f"{address}{place}#item-{number}")


@portal
@require_GET
def demand_file(request: ActorRequest, reference: str) -> HttpResponse:
    """All its listings with deadline and derivation, as a spreadsheet opens them."""
    return items_file.response(verbs.find(request.actor, reference))


def _items(takedown: TakedownRequest, actor: Actor) -> Any:
    proofs = Evidence.objects.visible_to(actor)
    return takedown.items.select_related("listing__account").prefetch_related(
        Prefetch("evidence", queryset=proofs, to_attr="proofs"), *with_appeals(takedown.has_appeals)
    )


def _pictures(items: Iterable[Item]) -> list[Picture]:
    """Of the products that these listings offer, as the register knows them."""
    products = {item.listing.product_id for item in items if item.listing.product_id}
    found = Picture.objects.filter(product__in=products).order_by("id")[:PICTURES]
    return list(found) if products else []


def _item_row(takedown: TakedownRequest, item: Item, deadlines: Deadlines, actor: Actor) -> ItemRow:
    """While a listing waits, its button is the answer, whose form takes a proof along; beside it
    stands the appeal against a decision."""
    item.takedown = takedown
    actions = verbs.ITEM.actions(item, actor)
    return ItemRow(
        item=item,
        deadline=deadlines.of_item(item, takedown.regime.calendar_code),
        actions=[*actions[:1], *(one for one in actions[1:] if verbs.is_appeal(one))],
        appeals=appeals_of(item, deadlines, takedown.has_appeals),
    )


def _next_derivation(takedown: TakedownRequest, shown: Iterable[Item]) -> Due | None:
    """Why the next deadline is what it is: the derivation of an item that is due first."""
    due_first = (item for item in shown if item.clock_runs and item.due_at == takedown.due_at)
    first = next(due_first, None)
    if first is None:
        first = takedown.items.running().order_by("due_at", "number").first()
    return Due.from_json(first.derivation) if first and first.derivation else None


@dataclass(frozen=True, slots=True)
class _Progress:
    total: int = 0
    waiting: int = 0

    @property
    def answered(self) -> int:
        return self.total - self.waiting


def _progress(takedowns: Iterable[TakedownRequest]) -> dict[int, _Progress]:
    """Listings in all, and those that do not wait for the platform, by request; one query."""
    keys = [takedown.pk for takedown in takedowns]
    waiting = Count("pk", filter=Q(state__in=ITEM_AWAITS_PLATFORM))
    found = (
        Item.objects.filter(takedown__in=keys)
        .order_by()
        .values_list("takedown")
        .annotate(total=Count("pk"), waiting=waiting)
    )
    known = {key: _Progress(total, left) for key, total, left in found}
    return {key: known.get(key, _Progress()) for key in keys}


def _rows(takedowns: list[TakedownRequest], deadlines: Deadlines) -> list[Row]:
    progress = _progress(takedowns)
    return [
        Row(
            takedown,
            deadlines.of_takedown(takedown),
            progress[takedown.pk].answered,
            progress[takedown.pk].total,
        )
        for takedown in takedowns
    ]


def _tabs(current: str, numbers: Any) -> list[dict[str, Any]]:
    return [
        {
            "label": view.label,
            "url": f"{reverse('portal')}?view={code}",
            "count": numbers[code],
            "current": code == current,
        }
        for code, view in VIEWS.items()
    ]
