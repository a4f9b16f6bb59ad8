"""What stands in a takedown request: its listings as numbered items, and their clocks' start."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import F, Max
from django.utils.translation import gettext

from cases.flows import clocks
from cases.models import CaseListing, Item, TakedownRequest
from sellers.models import Listing


def add(takedown: TakedownRequest, listings: Sequence[Listing], at: datetime) -> None:
    """Items for listings of the request's own platform and case, each listing once."""
    keys = [listing.pk for listing in listings]
    of_case = set(
        CaseListing.objects.filter(case=takedown.case_id, listing__in=keys).values_list(
            "listing_id", flat=True
        )
    )
    for listing in listings:
        if listing.platform_id != takedown.platform_id or listing.pk not in of_case:
            raise ValidationError(
                {
                    "listings": gettext(
                        "%(listing)s is not a listing of this case on %(platform)s."
                    )
                    % {"listing": listing.reference, "platform": takedown.platform.name}
                }
            )
    known = set(takedown.items.values_list("listing_id", flat=True))
    new = [listing for listing in dict.fromkeys(listings) if listing.pk not in known]
    Item.objects.bulk_create(
        Item(takedown=takedown, number=number, listing=listing, changed_at=at)
        for number, listing in enumerate(new, start=next_number(takedown))
    )


def start_clocks(takedown: TakedownRequest, at: datetime) -> list[Item]:
    """The clocks of all items start, saved.

    The numbers of before go out of the way first, so that none is held twice meanwhile.
    """
    takedown.items.update(number=F("number") + next_number(takedown))
    items = clocks.start_request(takedown, at)
    for item in items:
        item.changed_at = at
        item.version += 1
    Item.objects.bulk_update(
        items,
        ["number", "started_at", "due_at", "derivation", "changed_at", "version"],
        batch_size=500,
    )
    return items


def next_number(takedown: TakedownRequest) -> int:
    """The number that a further item of the request has."""
    last = takedown.items.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def require_listings(takedown: TakedownRequest) -> None:
    if not takedown.items.exists():
        raise ValidationError(
            {"listings": gettext("Add at least one listing: there is nothing to take down.")}
        )
