"""What a rival says against decisions: appeals about a listing, contests of a seller's tier."""

from typing import Any

from cases.flows import appeals, contests, items
from cases.flows.items import Answer
from cases.models import Contest, Item
from cases.states import ItemState
from sellers.flows import sellers
from sellers.models import SellerAccount
from surveillance.accounts.actor import Actor
from tests.cast import REVIEW, photo


def appeal(rivals: Any, name: str, item: Item, by: Actor) -> None:
    """In vain; another appeal, against the next decision, is open."""
    for lost in (True, False):
        removed = Answer(ItemState.REMOVED, answer_id=rivals.word(name, f"gone{lost}"))
        item = items.answer(item, removed, by=by)
        rejected = rivals.word(name, f"rejected{lost}")
        item = items.reject_answer(item, by=rivals.story.ana, reason=rejected)
        item = appeals.appeal(item, by=by, reason=rivals.word(name, f"appeal{lost}"))
        if lost:
            reason = rivals.word(name, "dismissal")
            item = appeals.dismiss_appeal(item, by=rivals.story.bo, reason=reason)


def contest(rivals: Any, name: str, account: SellerAccount, by: Actor) -> Contest:
    """Its seller is watched. One contest was lost, another waits."""
    sellers.watch(
        account.seller, by=rivals.story.ana, reason=rivals.word(name, "tier"), review_on=REVIEW
    )
    lost = _filed(rivals, name, account, by, "contestlost")
    contests.dismiss(lost, by=rivals.story.bo, reason=rivals.word(name, "contestdecision"))
    return _filed(rivals, name, account, by, "contest")


def _filed(rivals: Any, name: str, account: SellerAccount, by: Actor, what: str) -> Contest:
    return contests.file(
        account,
        by=by,
        reason=rivals.word(name, what),
        file=photo(f"{rivals.word(name, f'{what}file')}.png"),
    )
