"""Takedown requests on the desk: the list, and one request with its items and letters."""

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cases.clock_faces import Deadlines
from cases.filters import TakedownFilter
from cases.models import Extension, TakedownRequest
from cases.pages import takedown_verbs
from cases.pages.correspondence import sent_letters
from cases.pages.formal_steps import formal_step, is_formal, with_formal_letters
from cases.pages.items import ItemPage, item_page
from cases.pages.items_table import ItemTable
from cases.pages.letters import preview_of
from cases.pages.tables import TakedownTable
from cases.pages.takedown_verbs import TAKEDOWN
from cases.pages.timeline import timeline
from cases.states import TAKEDOWN_PREPARED
from surveillance import clock
from surveillance.clock import Due
from surveillance.outbox.models import OutboxMessage
from surveillance.web.guards import ActorRequest, desk
from surveillance.web.lists import list_page
from surveillance.web.templatetags.ui import moment

# What the table reads: the rest of a request and of its case is long, and joined to every row.
SHOWN = (
    *("reference", "kind", "state", "due_at", "drafted_at"),
    *("case__reference", "case__title", "platform__name", "regime__calendar_code"),
)
SORTS = {
    "-drafted": ("-drafted_at", "-id"),
    "drafted": ("drafted_at", "id"),
    "due": ("due_at", "id"),
    "-due": ("-due_at", "-id"),
}


@desk
@require_GET
def takedown_list(request: ActorRequest) -> HttpResponse:
    """All requests, filtered and sorted by the address."""
    at = clock.now()
    rows = TakedownRequest.objects.visible_to(request.actor).for_list().only(*SHOWN)
    filterset = TakedownFilter(request.GET, rows, actor=request.actor, at=at)
    page = list_page(request, filterset, sorts=SORTS)
    table = TakedownTable(page, deadlines=Deadlines(at))
    return render(request, "desk/takedown_list.html", {"page": page, "table": table})


@desk
@require_GET
def takedown_detail(request: ActorRequest, reference: str) -> HttpResponse:
    """One request: what it demands, how far it is, what can be done."""
    actor, deadlines = request.actor, Deadlines(clock.now())
    takedown = with_formal_letters(takedown_verbs.find(actor, reference))
    asked = Extension.objects.select_related("requested_by")
    prefetch_related_objects([takedown], Prefetch("extensions", asked))
    actions = TAKEDOWN.actions(takedown, actor)
    items = item_page(takedown, request.GET, actor=actor, deadlines=deadlines)
    derivation = _next_derivation(takedown, items)
    is_prepared = takedown.state in TAKEDOWN_PREPARED
    letters = sent_letters(OutboxMessage.objects.filter(about=takedown.reference))
    context = {
        "takedown": takedown,
        "is_prepared": is_prepared,
        "deadline": deadlines.of_takedown(takedown, derivation),
        "actions": [action for action in actions if not is_formal(action)],
        "formal": formal_step(takedown, actions, actor),
        "items": items,
        "item_table": ItemTable(items, csrf_token=get_token(request), is_prepared=is_prepared),
        "facts": _facts(takedown),
        "reasons": _reasons(takedown),
        "extensions": takedown.extensions.all(),
        "letters": letters,
        "preview": preview_of(takedown),
        "timeline": timeline(takedown.reference, request.GET, letters),
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/takedown_detail.html", context)


def _next_derivation(takedown: TakedownRequest, shown: ItemPage) -> Due | None:
    """Why the next deadline is what it is: the derivation of an item that is due first."""
    if takedown.due_at is None:
        return None
    due_first = (row.item for row in shown.rows if row.item.due_at == takedown.due_at)
    first = next(due_first, None) or takedown.items.filter(due_at=takedown.due_at).first()
    return Due.from_json(first.derivation) if first and first.derivation else None


def _facts(takedown: TakedownRequest) -> list[dict[str, Any]]:
    platform = reverse("platform-detail", args=[takedown.platform.slug])
    case = reverse("case-detail", args=[takedown.case.reference])
    regime = takedown.regime
    return [
        {"label": _("Platform"), "value": takedown.platform, "url": platform},
        {
            "label": _("Case"),
            "value": takedown.case.reference,
            "url": case,
            "hint": takedown.case.title,
        },
        {"label": _("Legal basis"), "value": regime.legal_basis},
        {"label": _("Limit"), "value": _limit(takedown), "hint": regime.name},
        {"label": _("Issued"), "value": moment(takedown.issued_at) or _("not yet")},
        {"label": _("Delivered"), "value": moment(takedown.delivered_at) or _("not yet")},
        {"label": _("Acknowledged"), "value": moment(takedown.acknowledged_at) or _("not yet")},
    ]


def _limit(takedown: TakedownRequest) -> str:
    regime = takedown.regime
    if regime.limit_unit == clock.Unit.HOURS:
        return _("%(amount)d hours") % {"amount": regime.limit_amount}
    return _("%(amount)d working days") % {"amount": regime.limit_amount}


def _reasons(takedown: TakedownRequest) -> list[dict[str, Any]]:
    return [
        {"label": _("Facts"), "value": takedown.facts},
        {"label": _("Hazard"), "value": takedown.hazard},
        {"label": _("Territory"), "value": takedown.territory},
        {"label": _("What to do"), "value": takedown.action},
        {"label": _("Redress"), "value": takedown.redress},
    ]


urlpatterns = [
    path("desk/takedowns/", takedown_list, name="takedown-list"),
    path("desk/takedowns/<str:reference>/", takedown_detail, name="takedown-detail"),
    *TAKEDOWN.urls(),
]
