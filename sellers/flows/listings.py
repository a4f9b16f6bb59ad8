"""Verbs of listings: found, gone, seen again."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext_lazy as _

from sellers.models import Listing, Platform, Product, SellerAccount
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.flow import NEW, Transition, perform
from surveillance.references import Kind, next_reference

RECORD = Transition(
    "listing.record",
    Right.EDIT_MARKET,
    _("Record a listing"),
    _("recorded the listing on %(platform)s"),
    from_={NEW},
    to={Listing.State.ONLINE},
)
SEE_AGAIN = Transition(
    "listing.see_again",
    Right.EDIT_MARKET,
    _("Seen again"),
    _("saw the listing online"),
    from_={Listing.State.ONLINE, Listing.State.GONE},
    to={Listing.State.ONLINE},
)
MARK_GONE = Transition(
    "listing.mark_gone",
    Right.CHECK_ITEM,
    _("Mark as gone"),
    _("found that the listing is gone"),
    from_=set(Listing.State),
    to={Listing.State.GONE},
)
_TRACKING = ("utm_", "fbclid", "gclid", "spm", "ref", "tag")


@dataclass(frozen=True, slots=True)
class ListingFacts:
    url: str
    title: str
    brand: str = ""
    model: str = ""
    gtins: list[str] = field(default_factory=list)
    price: Decimal | None = None
    currency: str = ""
    text: str = ""


def record(
    platform: Platform,
    facts: ListingFacts,
    *,
    by: Actor,
    account: SellerAccount | None = None,
    product: Product | None = None,
    at: datetime | None = None,
) -> Listing:
    """Note an offer as found now. The same address twice is the same listing, seen again."""
    at = at or clock.now()
    key = address_key(facts.url)
    if known := Listing.objects.filter(platform=platform, address_key=key).first():
        return see_again(known, by=by, at=at)
    listing = Listing(
        platform=platform,
        account=account,
        product=product,
        address_key=key,
        url=facts.url,
        title=facts.title,
        brand=facts.brand,
        model=facts.model,
        gtins=facts.gtins,
        price=facts.price,
        currency=facts.currency,
        text=facts.text,
        first_seen_at=at,
        last_seen_at=at,
        is_sandbox=by.is_sandbox,
    )
    with perform(RECORD, listing, by=by, at=at) as change:
        kind = Kind.SANDBOX_LISTING if by.is_sandbox else Kind.LISTING
        listing.reference = next_reference(kind, at)
        change.note(platform=platform.slug, url=facts.url)
    return listing


def see_again(listing: Listing, *, by: Actor, at: datetime | None = None) -> Listing:
    """The offer is online (still, or again)."""
    with perform(SEE_AGAIN, listing, by=by, at=at) as change:
        change.row.last_seen_at = change.at
        change.row.gone_at = None
    return change.row


def mark_gone(listing: Listing, *, by: Actor, at: datetime | None = None) -> Listing:
    """Somebody looked, and the offer is no longer there; the first to look says since when."""
    with perform(MARK_GONE, listing, by=by, at=at) as change:
        change.row.gone_at = change.row.gone_at or change.at
    return change.row


def address_key(url: str) -> str:
    """One writing of an address: scheme and "www." dropped, host in lower case, tracking
    parameters and fragment removed, the others in order."""
    parts = urlsplit(url.strip())
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith(_TRACKING)
    ]
    host = (parts.hostname or "").removeprefix("www.")
    path = parts.path.rstrip("/") or "/"
    return urlunsplit(("", host, path, urlencode(sorted(query)), "")).removeprefix("//")
