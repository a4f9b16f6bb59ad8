"""Listings on the desk: offers as they were found."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from sellers.filters import ListingFilter
from sellers.flows import listings
from sellers.forms import ListingForm
from sellers.models import Listing
from sellers.pages.creating import Creation, creation_actions
from sellers.pages.history import history
from sellers.pages.lists import MarketList
from sellers.pages.register_matches import show_matches
from sellers.pages.supplied import said_of_listing
from sellers.pages.tables import ListingTable
from sellers.screening import Offer
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.web.guards import ActorRequest, desk, guarded
from surveillance.web.templatetags import ui
from surveillance.web.verbs import VerbForm, VerbPages

LISTINGS = MarketList(
    heading=_("Listings"),
    filterset=ListingFilter,
    table=ListingTable,
    sorts={"-last_seen": ["-last_seen_at", "-id"], "last_seen": ["last_seen_at", "id"]},
    icon="shopping-bag",
    empty_title=_("No listing has been recorded yet"),
    empty_text=_("Offers of unsafe products stand here, each at its address on one platform."),
)


def find(actor: Actor, reference: str) -> Listing:
    rows = Listing.objects.visible_to(actor).for_list()
    return get_object_or_404(rows, reference=reference)


PAGES = VerbPages(
    prefix="listing",
    route="desk/listings/<str:reference>",
    guard=desk,
    find=find,
    template="desk/verb.html",
    verbs=[
        VerbForm(listings.SEE_AGAIN, listings.see_again, icon="eye"),
        VerbForm(
            listings.MARK_GONE,
            listings.mark_gone,
            icon="link-slash",
            consequence=_("You looked at the address just now, and the offer is no longer there."),
        ),
    ],
)


@desk
@require_GET
def listing_list(request: ActorRequest) -> HttpResponse:
    actions = creation_actions(listings.RECORD, reverse("listing-record"), request.actor)
    rows = Listing.objects.visible_to(request.actor).for_list()
    return LISTINGS.show(request, rows, actions=actions)


@guarded(Right.EDIT_MARKET)
def record(request: ActorRequest) -> HttpResponse:
    """?product= and ?seller= fill in what the page one came from is about."""
    return Creation(
        transition=listings.RECORD,
        form=ListingForm,
        act=listings.record,
        address=PAGES.home,
        back=reverse("listing-list"),
        explanation=_("The same address twice is the same listing: it is noted as seen again."),
        initial={name: request.GET.get(name, "") for name in ("product", "seller", "platform")},
    ).show(request)


@desk
@require_GET
def listing_detail(request: ActorRequest, reference: str) -> HttpResponse:
    listing = find(request.actor, reference)
    context = {
        "listing": listing,
        "facts": _facts(listing),
        "actions": PAGES.actions(listing, request.actor),
        "said": said_of_listing(listing, request.actor),
        "history": history(listing.reference),
    }
    return render(request, "desk/market/listing_detail.html", context)


@desk
@require_GET
def listing_matches(request: ActorRequest, reference: str) -> HttpResponse:
    """Known unsafe products that the offer looks like."""
    listing = find(request.actor, reference)
    offer = Offer(listing.title, listing.brand, listing.model, ", ".join(listing.gtins))
    back = reverse("listing-detail", args=[reference])
    return show_matches(request, offer, about=listing, back=back)


def _facts(listing: Listing) -> list[dict[str, Any]]:
    gone = {"label": _("Gone since"), "value": ui.moment(listing.gone_at)}
    price = f"{listing.price} {listing.currency}" if listing.price is not None else ""
    return [
        {
            "label": _("Platform"),
            "value": listing.platform,
            "url": reverse("platform-detail", args=[listing.platform.slug]),
        },
        {"label": _("Brand"), "value": listing.brand},
        {"label": _("Model"), "value": listing.model},
        {"label": _("GTIN"), "value": ", ".join(listing.gtins)},
        {"label": _("Price"), "value": price},
        {"label": _("First seen"), "value": ui.moment(listing.first_seen_at)},
        {"label": _("Last seen"), "value": ui.moment(listing.last_seen_at)},
        *([gone] if listing.gone_at else []),
    ]
