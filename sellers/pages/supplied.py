"""What platforms say of a seller or listing, for the desk: shown apart from what we established."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from sellers.models import Listing, ListingData, Platform, Seller, SellerData
from surveillance.accounts.actor import Actor

_SELLER = (
    "handle",
    "name",
    "address",
    "country",
    "email",
    "phone",
    "trade_register",
    "register_number",
    "self_certified",
    "responsible_person",
)
_LISTING = (
    "seller_handle",
    "title",
    "brand",
    "model",
    "gtins",
    "manufacturer",
    "responsible_person",
    "warnings",
    "offered_since",
    "units_sold",
)


@dataclass(frozen=True, slots=True)
class Said:
    """`facts` as components/facts.html wants them; what was left out is left out."""

    platform: Platform
    at: datetime
    facts: list[dict[str, Any]]


def said_of_seller(seller: Seller, actor: Actor) -> list[Said]:
    accounts = seller.accounts.values_list("platform", "handle")
    ours = Q(pk__in=[])
    for platform, handle in accounts:
        ours |= Q(platform=platform, handle=handle)
    rows = SellerData.objects.visible_to(actor).filter(ours).select_related("platform")
    return [Said(row.platform, row.changed_at, _facts(row, _SELLER)) for row in rows.order_by("pk")]


def said_of_listing(listing: Listing, actor: Actor) -> list[Said]:
    rows = ListingData.objects.visible_to(actor).filter(listing=listing)
    return [Said(listing.platform, row.changed_at, _facts(row, _LISTING)) for row in rows]


def _facts(row: SellerData | ListingData, names: tuple[str, ...]) -> list[dict[str, Any]]:
    labels = {field.name: capfirst(str(field.verbose_name)) for field in row._meta.concrete_fields}
    return [
        {"label": labels[name], "value": _written(value)}
        for name, value in ((name, getattr(row, name)) for name in names)
        if value not in ("", None, [])
    ]


def _written(value: Any) -> Any:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(value) if isinstance(value, list) else value
