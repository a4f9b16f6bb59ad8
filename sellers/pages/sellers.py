"""Sellers on the desk: the list, one seller, and the decisions about it."""

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from sellers.countries import country_name
from sellers.filters import SellerFilter
from sellers.flows import sellers
from sellers.forms import AccountForm, ReplyForm, SellerForm, TierForm
from sellers.models import Listing, Seller
from sellers.pages.creating import Creation, creation_actions
from sellers.pages.history import history
from sellers.pages.lists import MarketList, both_ways
from sellers.pages.supplied import said_of_seller
from sellers.pages.tables import AccountTable, ListingTable, SellerTable
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.web.guards import ActorRequest, desk, guarded
from surveillance.web.verbs import ReasonForm, VerbForm, VerbPages

LATEST = 10

SELLERS = MarketList(
    heading=_("Sellers"),
    filterset=SellerFilter,
    table=SellerTable,
    sorts=both_ways(name=["name", "id"], review_on=["review_on", "id"]),
    icon="user-group",
    empty_title=_("No seller has been registered yet"),
    empty_text=_("Traders stand here, one across all platforms, with the tier they are in."),
)


def find(actor: Actor, reference: str) -> Seller:
    return get_object_or_404(Seller.objects.visible_to(actor), reference=reference)


PAGES = VerbPages(
    prefix="seller",
    route="desk/sellers/<str:reference>",
    guard=desk,
    find=find,
    template="desk/verb.html",
    verbs=[
        VerbForm(
            sellers.WATCH,
            sellers.watch,
            TierForm,
            icon="eye",
            consequence=_("New offers of a watched seller are looked at first."),
        ),
        VerbForm(
            sellers.DESIGNATE_HIGH_RISK,
            sellers.designate_high_risk,
            TierForm,
            tone="danger",
            icon="shield-exclamation",
            consequence=_("The seller may reply, and somebody decides again on the review date."),
        ),
        VerbForm(
            sellers.RECORD_REPLY, sellers.record_reply, ReplyForm, icon="chat-bubble-left-ellipsis"
        ),
        VerbForm(
            sellers.LIFT,
            sellers.lift,
            ReasonForm,
            icon="arrow-uturn-left",
            consequence=_("The seller is back in the standard tier. The decision stays on record."),
        ),
        VerbForm(sellers.ADD_ACCOUNT, sellers.add_account, AccountForm, icon="plus", adds=True),
    ],
)


@desk
@require_GET
def seller_list(request: ActorRequest) -> HttpResponse:
    actions = creation_actions(sellers.REGISTER, reverse("seller-register"), request.actor)
    rows = Seller.objects.visible_to(request.actor).for_list()
    return SELLERS.show(request, rows, actions=actions)


@guarded(Right.EDIT_MARKET)
def register(request: ActorRequest) -> HttpResponse:
    return Creation(
        transition=sellers.REGISTER,
        form=SellerForm,
        act=sellers.register,
        address=PAGES.home,
        back=reverse("seller-list"),
        explanation=_("One trader is one seller, however many accounts it has on platforms."),
    ).show(request)


@desk
@require_GET
def seller_detail(request: ActorRequest, reference: str) -> HttpResponse:
    seller = find(request.actor, reference)
    accounts = seller.accounts.select_related("platform").annotate(listing_count=Count("listings"))
    offers = Listing.objects.visible_to(request.actor).for_list()
    offers = offers.filter(account__seller=seller).order_by("-last_seen_at", "-id")[:LATEST]
    context = {
        "seller": seller,
        "facts": _facts(seller),
        "review_is_due": bool(seller.review_on and seller.review_on <= clock.now().date()),
        "actions": PAGES.actions(seller, request.actor),
        "accounts": AccountTable(list(accounts)),
        "listings": ListingTable(list(offers), orderable=False, exclude=["seller"]),
        "said": said_of_seller(seller, request.actor),
        "history": history(seller.reference),
    }
    return render(request, "desk/market/seller_detail.html", context)


def _facts(seller: Seller) -> list[dict[str, Any]]:
    return [
        {"label": _("Legal name"), "value": seller.legal_name},
        {"label": _("Business number"), "value": seller.business_number},
        {"label": _("Established in"), "value": country_name(seller.jurisdiction)},
        {"label": _("Website"), "value": seller.website, "url": seller.website},
        {"label": _("E-mail"), "value": seller.email},
    ]
