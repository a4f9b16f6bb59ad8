"""Verbs of contests: a platform speaks for a seller in a tier, a supervisor reviews the tier.

What the platform says is recorded as the seller's reply at once, and stays so whatever is decided.
"""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.letters import contests as letters
from cases.models import Contest
from sellers.flows import sellers
from sellers.models import Seller, SellerAccount
from surveillance.accounts.actor import SYSTEM, Actor
from surveillance.accounts.rights import Right
from surveillance.flow import (
    NEW,
    Change,
    NotVisible,
    Transition,
    WrongState,
    perform,
    require_text,
)
from surveillance.references import Kind, next_reference
from surveillance.uploads import keep, take_in

FILE = Transition(
    "contest.file",
    Right.CONTEST_SELLER,
    _("Contest"),
    _("contested the tier of %(handle)s"),
    from_={NEW},
    to={Contest.State.OPEN},
)
UPHOLD = Transition(
    "contest.uphold",
    Right.DESIGNATE_SELLER,
    _("Uphold: lift the tier"),
    _("upheld the contest about %(handle)s"),
    from_={Contest.State.OPEN},
    to={Contest.State.UPHELD},
)
DISMISS = Transition(
    "contest.dismiss",
    Right.DESIGNATE_SELLER,
    _("Dismiss"),
    _("dismissed the contest about %(handle)s"),
    from_={Contest.State.OPEN},
    to={Contest.State.DISMISSED},
)


def file(
    account: SellerAccount,
    *,
    by: Actor,
    reason: str,
    file: UploadedFile | None = None,
    at: datetime | None = None,
) -> Contest:
    """Speak for the seller that trades under this account of the platform's. Its reply is recorded,
    and supervisors are asked to review the tier."""
    require_text(reason=reason)
    intake = take_in(file) if file else None
    contest = Contest(reason=reason, filed_by_id=by.user_id)
    with perform(FILE, contest, by=by, at=at) as change:
        if account.platform_id != by.organisation_id:
            raise NotVisible(gettext("%(row)s is not here.") % {"row": account.handle})
        contest.platform_id = account.platform_id
        contest.handle = account.handle
        contest.seller = _contestable(account)
        contest.tier = contest.seller.state
        contest.filed_at = change.at
        contest.reference = next_reference(Kind.CONTEST, change.at)
        sellers.record_reply(contest.seller, by=SYSTEM, reply=_reply(contest), at=change.at)
        change.note(handle=account.handle, reason=reason)
        if intake:
            contest.filename = intake.filename
            contest.content_type = intake.content_type
            contest.sha256 = intake.sha256
            keep(contest.file, intake.filename, intake.content, field=intake.field)
            change.note(filename=intake.filename, sha256=intake.sha256)
        change.send(letters.filed(contest))
    return contest


def uphold(contest: Contest, *, by: Actor, reason: str, at: datetime | None = None) -> Contest:
    """The seller returns to the standard tier, and the platform is told. It may have been lifted
    already."""
    require_text(reason=reason)
    with perform(UPHOLD, contest, by=by, at=at, reason=reason) as change:
        seller = change.row.seller
        if seller.state != Seller.Tier.STANDARD:
            sellers.lift(seller, by=by, reason=reason, at=change.at)
        _decide(change, Contest.State.UPHELD, reason)
    return change.row


def dismiss(contest: Contest, *, by: Actor, reason: str, at: datetime | None = None) -> Contest:
    """The tier stands, and the platform is told why."""
    require_text(reason=reason)
    with perform(DISMISS, contest, by=by, at=at, reason=reason) as change:
        _decide(change, Contest.State.DISMISSED, reason)
    return change.row


def contestable(actor: Actor) -> list[SellerAccount]:
    """The accounts on the actor's platform whose sellers stand in a tier, by handle. Which they are
    is the authority's own view of a seller: ask beyond the wall, and show no more than the tier,
    its reason and its day of review."""
    if not actor.is_platform:
        return []
    own = SellerAccount.objects.filter(platform_id=actor.organisation_id)
    in_a_tier = own.exclude(seller__state=Seller.Tier.STANDARD)
    return list(in_a_tier.select_related("seller").order_by("handle"))


def _contestable(account: SellerAccount) -> Seller:
    seller: Seller = Seller.objects.select_for_update(no_key=True).get(pk=account.seller_id)
    if seller.state == Seller.Tier.STANDARD:
        raise WrongState(
            gettext("This seller is in the standard tier: there is nothing to contest.")
        )
    if Contest.objects.open().filter(platform=account.platform_id, seller=seller).exists():
        raise WrongState(gettext("You have contested this already; the authority will decide."))
    return seller


def _reply(contest: Contest) -> str:
    return gettext("%(platform)s, for its account %(handle)s: %(reason)s") % {
        "platform": contest.platform.name,
        "handle": contest.handle,
        "reason": contest.reason,
    }


def _decide(change: Change[Contest], state: str, reason: str) -> None:
    row = change.row
    row.state = state
    row.decision = reason
    row.decided_at = change.at
    row.decided_by_id = change.by.person_id
    change.note(handle=row.handle)
    change.send(letters.decided(row, change.at))
