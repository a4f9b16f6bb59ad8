"""What the work knows of a seller, a platform, a product or a listing.

The market's pages do not know cases; each of them asks for its panel by address. htmx swaps the
panel in; without JavaScript the same address is a page of its own.
"""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from cases.clock_faces import Deadlines
from cases.models import Case, CaseListing, Item, TakedownRequest
from cases.models.case import CaseQuerySet
from cases.models.takedown import TakedownRequestQuerySet
from sellers.models import Listing, Platform, Product, Seller
from surveillance import clock
from surveillance.web.guards import ActorRequest, desk

SHOWN = 20


@desk
@require_GET
def seller_cases(request: ActorRequest, reference: str) -> HttpResponse:
    """Cases that hold a listing of any of the seller's accounts."""
    seller = get_object_or_404(Seller.objects.visible_to(request.actor), reference=reference)
    offers = CaseListing.objects.filter(case=OuterRef("pk"), listing__account__seller=seller)
    return _show(
        request,
        title=_("Cases it appears in"),
        empty=_("No case you can see holds a listing of this seller."),
        uid="cases",
        about=seller,
        back=reverse("seller-detail", args=[reference]),
        cases=Case.objects.visible_to(request.actor).filter(Exists(offers)),
    )


@desk
@require_GET
def product_cases(request: ActorRequest, reference: str) -> HttpResponse:
    product = get_object_or_404(Product.objects.visible_to(request.actor), reference=reference)
    return _show(
        request,
        title=_("Cases about it"),
        empty=_("No case you can see is about this product."),
        uid="cases",
        about=product,
        back=reverse("product-detail", args=[reference]),
        cases=Case.objects.visible_to(request.actor).filter(products=product),
    )


@desk
@require_GET
def listing_cases(request: ActorRequest, reference: str) -> HttpResponse:
    """Cases that hold the listing, and the requests in which it is an item."""
    listing = get_object_or_404(Listing.objects.visible_to(request.actor), reference=reference)
    items = Item.objects.filter(takedown=OuterRef("pk"), listing=listing)
    return _show(
        request,
        title=_("Cases and takedown requests"),
        empty=_("No case you can see holds this listing. Add it from a case's page."),
        uid="cases",
        about=listing,
        back=reverse("listing-detail", args=[reference]),
        cases=Case.objects.visible_to(request.actor).filter(listings=listing),
        takedowns=TakedownRequest.objects.visible_to(request.actor)
        .filter(Exists(items))
        .order_by("-drafted_at", "-id"),
    )


@desk
@require_GET
def platform_demands(request: ActorRequest, slug: str) -> HttpResponse:
    """What the platform has been asked and not settled yet."""
    platform = get_object_or_404(Platform.objects.visible_to(request.actor), slug=slug)
    asked = TakedownRequest.objects.visible_to(request.actor).open().addressed_to(platform)
    return _show(
        request,
        title=_("Open requests"),
        empty=_("Nothing is being asked of this platform."),
        uid="demands",
        about=platform,
        back=reverse("platform-detail", args=[slug]),
        takedowns=asked.order_by("due_at", "id"),
        more=f"{reverse('takedown-list')}?platform={slug}&state=issued",
    )


def _show(
    request: ActorRequest,
    *,
    title: Promise,
    empty: Promise,
    uid: str,
    about: Any,
    back: str,
    cases: CaseQuerySet | None = None,
    takedowns: TakedownRequestQuerySet | None = None,
    more: str = "",
) -> HttpResponse:
    """The panel to htmx, a page around it otherwise; the newest cases, requests as ordered."""
    deadlines = Deadlines(clock.now())
    newest = cases.for_list().order_by("-opened_at", "-id")[:SHOWN] if cases is not None else ()
    asked = takedowns.for_list()[:SHOWN] if takedowns is not None else ()
    context = {
        "title": title,
        "empty": empty,
        "uid": uid,
        "about": about,
        "back": back,
        "cases": newest,
        "takedowns": [(row, deadlines.of_takedown(row)) for row in asked],
        "more": more,
    }
    template = "desk/market/work_panel.html"
    part = "#panel" if "HX-Request" in request.headers else ""
    return render(request, template + part, context)


urlpatterns = [
    path("desk/sellers/<str:reference>/cases/", seller_cases, name="seller-cases"),
    path("desk/products/<str:reference>/cases/", product_cases, name="product-cases"),
    path("desk/listings/<str:reference>/cases/", listing_cases, name="listing-cases"),
    path("desk/platforms/<slug:slug>/requests/", platform_demands, name="platform-demands"),
]
