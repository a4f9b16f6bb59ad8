"""Verbs of what a platform says of its sellers and listings.

Saying it again puts the new words in the place of the old ones; the trail keeps both (of personal
fields, that they changed). What the authority established about a seller or listing stays as it is.
"""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from sellers.models import Listing, ListingData, Platform, SellerData
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.flow import NEW, NotVisible, Transition, perform, require_text

SUPPLY_SELLER = Transition(
    "seller_data.supply",
    Right.SUPPLY_DATA,
    _("Supply a seller's data"),
    _("supplied data on the account %(handle)s"),
    from_={NEW, "kept"},
)
SUPPLY_LISTING = Transition(
    "listing_data.supply",
    Right.SUPPLY_DATA,
    _("Supply a listing's data"),
    _("supplied data on the listing"),
    from_={NEW, "kept"},
)


@dataclass(frozen=True, slots=True)
class SellerWords:
    """See sellers/models/supplied.py."""

    name: str
    address: str = ""
    country: str = ""
    email: str = ""
    phone: str = ""
    trade_register: str = ""
    register_number: str = ""
    self_certified: bool | None = None
    responsible_person: str = ""


@dataclass(frozen=True, slots=True)
class ListingWords:
    """See sellers/models/supplied.py. `gtins`: 14 digits each."""

    seller_handle: str = ""
    title: str = ""
    brand: str = ""
    model: str = ""
    gtins: list[str] = field(default_factory=list)
    manufacturer: str = ""
    responsible_person: str = ""
    warnings: str = ""
    offered_since: date | None = None
    units_sold: int | None = None


def supply_seller(
    platform: Platform, handle: str, words: SellerWords, *, by: Actor, at: datetime | None = None
) -> SellerData:
    """The platform says who trades under this account."""
    require_text(name=words.name, handle=handle)
    if by.organisation_id != platform.pk:
        raise NotVisible(_("This platform is not here."))
    known = SellerData.objects.visible_to(by).filter(platform=platform, handle=handle).first()
    row = known or SellerData(platform=platform, handle=handle)
    with perform(SUPPLY_SELLER, row, by=by, at=at) as change:
        _put(change.row, asdict(words))
        change.note(handle=handle)
    return change.row


def supply_listing(
    listing: Listing, words: ListingWords, *, by: Actor, at: datetime | None = None
) -> ListingData:
    """The platform says what is offered at this address. That `by` may know of the listing is for
    the caller to see to: a platform knows it from a demand."""
    if by.organisation_id != listing.platform_id:
        raise NotVisible(_("This listing is not here."))
    known = ListingData.objects.visible_to(by).filter(listing=listing).first()
    with perform(SUPPLY_LISTING, known or ListingData(listing=listing), by=by, at=at) as change:
        _put(change.row, asdict(words))
    return change.row


def _put(row: SellerData | ListingData, words: dict[str, object]) -> None:
    for name, value in words.items():
        setattr(row, name, value)
