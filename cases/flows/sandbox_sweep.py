"""The authority's part in sandbox demands, played by the clockwork (docs/decisions/0027).

What the platform did is answered half a minute later, so that an integrator has the time to correct
an answer. The table that platforms read stands in docs/partners/README.md. Safe to run twice, late,
or on two machines at once: each deed checks under its lock that it is still to be done.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from cases.flows import appeals, extensions, items, takedowns
from cases.flows.sandbox import STILL_ONLINE
from cases.letters import recipients
from cases.models import Extension, Item, TakedownRequest
from cases.states import ItemState
from surveillance.accounts.actor import SANDBOX
from surveillance.flow import FlowError

logger = logging.getLogger(__name__)
THINKS = timedelta(seconds=30)
KEPT = timedelta(days=30)  # then whatever is still open is withdrawn
DISMISS = "dismiss"  # in the reason of an appeal: it is

Deed = Callable[..., Any]


def play(at: datetime) -> int:
    """Returns how many deeds were done."""
    waiting = TakedownRequest.objects.sandbox().open().select_related("platform__organisation")
    return sum(_play_in(takedown, at) for takedown in waiting.order_by("pk"))


def _play_in(takedown: TakedownRequest, at: datetime) -> int:
    with translation.override(recipients.language_of(takedown.platform)):
        return sum(_do(deed, row, facts, at) for deed, row, facts in _deeds(takedown, at))


def _do(deed: Deed, row: Any, facts: dict[str, str], at: datetime) -> int:
    try:
        deed(row, by=SANDBOX, at=at, **facts)
    except FlowError as refusal:  # somebody was faster: the platform, a second sweep
        logger.info("%s: %s", row, refusal)
    except Exception:
        logger.exception("%s could not be played", row)
    else:
        return 1
    return 0


def _deeds(takedown: TakedownRequest, at: datetime) -> Iterator[tuple[Deed, Any, dict[str, str]]]:
    """What there is to do, each with its row and what it says; looked up as it is come to."""
    if takedown.issued_at and takedown.issued_at <= at - KEPT:
        reason = gettext("TEST: the sandbox demand was open for %(days)d days.")
        yield takedowns.withdraw, takedown, {"reason": reason % {"days": KEPT.days}}
        return
    asked = takedown.extensions.filter(state=Extension.State.REQUESTED)
    if asked.filter(requested_at__lte=at - THINKS).exists():
        yield extensions.grant_extension, takedown, {}
    rows = takedown.items.open().filter(changed_at__lte=at - THINKS)
    for item in rows.select_related("listing").prefetch_related("appeals").order_by("number"):
        item.takedown = takedown
        if deed := _about(item):
            yield deed[0], item, deed[1]
    if not takedown.items.open().exists():
        yield takedowns.close, takedown, {}


def _about(item: Item) -> tuple[Deed, dict[str, str]] | None:
    if appeal := appeals.open_appeal(item):
        if DISMISS in appeal.reason.casefold():
            return appeals.dismiss_appeal, {"reason": gettext("TEST: the appeal is dismissed.")}
        return appeals.uphold_appeal, {"reason": gettext("TEST: the appeal is upheld.")}
    if item.state == ItemState.NEEDS_INFORMATION:
        told = gettext("TEST: the information that you asked for would stand here.")
        return items.supply_information, {"information": told}
    if item.state == ItemState.REFUSED:
        return items.accept_refusal, {"reason": gettext("TEST: the refusal is accepted.")}
    if item.state not in {ItemState.REMOVED, ItemState.NOT_FOUND}:
        return None
    if STILL_ONLINE in item.listing.url and not item.decision:
        return items.reject_answer, {"reason": gettext("TEST: the listing is still online.")}
    return items.confirm_removal, {"note": gettext("TEST: the removal is verified.")}
