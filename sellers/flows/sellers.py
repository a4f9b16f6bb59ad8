"""Verbs of sellers. A tier is a decision with a reason, a right of reply and a review date."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sellers.models import Platform, Seller, SellerAccount
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.flow import NEW, Transition, perform, require_text
from surveillance.references import Kind, next_reference

REGISTER = Transition(
    "seller.register",
    Right.EDIT_MARKET,
    gettext_lazy("Register a seller"),
    gettext_lazy("registered the seller"),
    from_={NEW},
    to={Seller.Tier.STANDARD},
)
ADD_ACCOUNT = Transition(
    "seller.add_account",
    Right.EDIT_MARKET,
    gettext_lazy("Add an account"),
    gettext_lazy("noted the account %(handle)s on %(platform)s"),
    from_=set(Seller.Tier),
)
WATCH = Transition(
    "seller.watch",
    Right.WATCH_SELLER,
    gettext_lazy("Watch"),
    gettext_lazy("put the seller under watch"),
    from_={Seller.Tier.STANDARD},
    to={Seller.Tier.WATCHED},
)
DESIGNATE_HIGH_RISK = Transition(
    "seller.designate_high_risk",
    Right.DESIGNATE_SELLER,
    gettext_lazy("Designate as high risk"),
    gettext_lazy("designated the seller as high risk"),
    from_={Seller.Tier.STANDARD, Seller.Tier.WATCHED},
    to={Seller.Tier.HIGH_RISK},
)
RECORD_REPLY = Transition(
    "seller.record_reply",
    Right.RECORD_REPLY,
    gettext_lazy("Record a reply"),
    gettext_lazy("recorded the seller's reply"),
    from_={Seller.Tier.WATCHED, Seller.Tier.HIGH_RISK},
)
LIFT = Transition(
    "seller.lift",
    Right.DESIGNATE_SELLER,
    gettext_lazy("Lift"),
    gettext_lazy("returned the seller to the standard tier"),
    from_={Seller.Tier.WATCHED, Seller.Tier.HIGH_RISK},
    to={Seller.Tier.STANDARD},
)


def register(
    name: str,
    *,
    by: Actor,
    legal_name: str = "",
    business_number: str = "",
    jurisdiction: str = "",
    website: str = "",
    at: datetime | None = None,
) -> Seller:
    """Take a trader into the register."""
    at = at or clock.now()
    seller = Seller(
        name=name,
        legal_name=legal_name,
        business_number=business_number,
        jurisdiction=jurisdiction,
        website=website,
    )
    with perform(REGISTER, seller, by=by, at=at):
        seller.reference = next_reference(Kind.SELLER, at)
    return seller


def add_account(
    seller: Seller,
    *,
    by: Actor,
    platform: Platform,
    handle: str,
    url: str = "",
    at: datetime | None = None,
) -> SellerAccount:
    """Note the seller's account on a platform; the same handle twice is the same account."""
    with perform(ADD_ACCOUNT, seller, by=by, at=at) as change:
        account, is_new = SellerAccount.objects.get_or_create(
            platform=platform, handle=handle, defaults={"seller": change.row, "url": url}
        )
        if not is_new and account.seller_id != seller.pk:
            raise ValidationError(
                {
                    "handle": _("%(handle)s on %(platform)s belongs to %(seller)s already.")
                    % {"handle": handle, "platform": platform, "seller": account.seller}
                }
            )
        change.note(platform=platform.slug, handle=handle)
    return account


def watch(
    seller: Seller, *, by: Actor, reason: str, review_on: date, at: datetime | None = None
) -> Seller:
    """Watch the seller more closely until the review date."""
    with perform(WATCH, seller, by=by, at=at, reason=reason) as change:
        _decide(change.row, reason, review_on, change.at)
    return change.row


def designate_high_risk(
    seller: Seller, *, by: Actor, reason: str, review_on: date, at: datetime | None = None
) -> Seller:
    """Designate the seller as high risk, with a reason, until the review date."""
    with perform(DESIGNATE_HIGH_RISK, seller, by=by, at=at, reason=reason) as change:
        _decide(change.row, reason, review_on, change.at)
    return change.row


def record_reply(seller: Seller, *, by: Actor, reply: str, at: datetime | None = None) -> Seller:
    """Record what the seller says to its tier."""
    require_text(reply=reply)
    with perform(RECORD_REPLY, seller, by=by, at=at) as change:
        change.row.reply = reply
    return change.row


def lift(seller: Seller, *, by: Actor, reason: str, at: datetime | None = None) -> Seller:
    """Return the seller to the standard tier."""
    require_text(reason=reason)
    with perform(LIFT, seller, by=by, at=at, reason=reason) as change:
        change.row.tier_reason = ""
        change.row.review_on = None
    return change.row


def _decide(seller: Seller, reason: str, review_on: date, at: datetime) -> None:
    require_text(reason=reason)
    if review_on <= at.date():
        raise ValidationError({"review_on": _("The review date must be in the future.")})
    seller.tier_reason = reason
    seller.review_on = review_on
