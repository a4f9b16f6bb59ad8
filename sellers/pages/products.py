"""Products on the desk: the register of what is unsafe, and what identifies it."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from sellers.countries import country_name
from sellers.filters import ProductFilter
from sellers.flows import products
from sellers.forms import ProductForm
from sellers.hazards import hazard_names
from sellers.models import Listing, Product, ProductIdentifier
from sellers.pages.creating import Creation, creation_actions
from sellers.pages.history import history
from sellers.pages.lists import MarketList
from sellers.pages.tables import AlertTable, ListingTable, ProductTable
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.web.guards import ActorRequest, desk, guarded

LATEST = 10
OFFERED = 12  # products in the picker

PRODUCTS = MarketList(
    heading=_("Products"),
    filterset=ProductFilter,
    table=ProductTable,
    sorts={"-created_at": ["-created_at", "-id"], "created_at": ["created_at", "id"]},
    icon="cube",
    empty_title=_("No product has been recorded yet"),
    empty_text=_("Unsafe products stand here: your own findings, and those of imported alerts."),
)


def find(actor: Actor, reference: str) -> Product:
    return get_object_or_404(Product.objects.visible_to(actor), reference=reference)


@desk
@require_GET
def product_list(request: ActorRequest) -> HttpResponse:
    """The list; to htmx (a picker on another page) the best matches as radio buttons."""
    rows = Product.objects.visible_to(request.actor)
    if "HX-Request" in request.headers:
        text = request.GET.get("q", "")
        found = rows.matching(text).order_by("-created_at", "-id")[:OFFERED] if text else []
        return render(request, "desk/market/product_choices.html", {"products": found, "q": text})
    actions = creation_actions(products.RECORD, reverse("product-record"), request.actor)
    return PRODUCTS.show(request, rows, actions=actions)


@guarded(Right.EDIT_MARKET)
def record(request: ActorRequest) -> HttpResponse:
    return Creation(
        transition=products.RECORD,
        form=ProductForm,
        act=products.record,
        address=lambda product: reverse("product-detail", args=[product.audit_reference]),
        back=reverse("product-list"),
        explanation=_("Search the list first: the product may be there from an imported alert."),
    ).show(request)


@desk
@require_GET
def product_detail(request: ActorRequest, reference: str) -> HttpResponse:
    product = find(request.actor, reference)
    alerts = product.alerts.visible_to(request.actor).order_by("-published_on", "-id")
    offers = Listing.objects.visible_to(request.actor).for_list()
    offers = offers.filter(product=product).order_by("-last_seen_at", "-id")[:LATEST]
    context = {
        "product": product,
        "hazards": hazard_names(product.hazards),
        "facts": _facts(product, list(product.identifiers.order_by("kind", "value"))),
        "pictures": product.pictures.order_by("pk"),
        "actions": _actions(product, request.actor),
        "alerts": AlertTable(list(alerts), orderable=False, exclude=("level",)),
        "listings": ListingTable(list(offers), orderable=False),
        "history": history(product.reference),
    }
    return render(request, "desk/market/product_detail.html", context)


def _actions(product: Product, actor: Actor) -> list[dict[str, Any]]:
    if not actor.may(Right.EDIT_MARKET):
        return []
    return [
        {
            "label": products.DRAFT_ALERT.title,
            "url": reverse("desk-alert-draft", args=[product.reference]),
            "method": "get",
            "icon": "megaphone",
        },
        {
            "label": _("Record a listing of it"),
            "url": f"{reverse('listing-record')}?product={product.reference}",
            "method": "get",
            "icon": "plus",
        },
    ]


def _facts(product: Product, identifiers: Sequence[ProductIdentifier]) -> list[dict[str, Any]]:
    def codes(kind: str) -> str:
        return ", ".join(one.raw for one in identifiers if one.kind == kind)

    kinds = ProductIdentifier.Kind
    facts = [
        {"label": _("Brand"), "value": product.brand},
        {"label": _("Models"), "value": codes(kinds.MODEL)},
        {"label": _("GTIN"), "value": codes(kinds.GTIN)},
        {"label": _("Batch or lot"), "value": product.batch},
        {"label": _("Category"), "value": product.category},
        {"label": _("Country of origin"), "value": country_name(product.origin)},
    ]
    if raw := codes(kinds.RAW_CODE):
        hint = _("check digit wrong: shown, never matched")
        facts.insert(3, {"label": _("Other codes"), "value": raw, "hint": hint})
    return facts
