"""Known unsafe products that something on the desk looks like, by the screening core.

A panel that its page asks for by address, since comparing takes longer than the page; without
JavaScript the same address is a page of its own.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from sellers.models import Alert
from sellers.published_register import REGISTER
from sellers.screening import Decision, Offer
from surveillance.accounts.actor import PUBLIC
from surveillance.web.guards import ActorRequest

SHOWN = 10


def show_matches(request: ActorRequest, offer: Offer, *, about: Any, back: str) -> HttpResponse:
    """`about`: the row that the offer was read from, on the page at `back`."""
    context = {"about": about, "back": back, "matches": _matches(offer)}
    part = "#panel" if "HX-Request" in request.headers else ""
    return render(request, f"desk/market/register_matches.html{part}", context)


def _matches(offer: Offer) -> list[dict[str, Any]]:
    """The most certain first."""
    (found,) = REGISTER.current().check([offer])
    keys = [match.key for match in found[:SHOWN]]
    alerts = Alert.objects.visible_to(PUBLIC).select_related("product").in_bulk(keys)
    return [
        {
            "alert": alerts[match.key],
            "decides": match.decision is Decision.MATCH,
            "reasons": match.reasons,
        }
        for match in found[:SHOWN]
        if match.key in alerts
    ]
