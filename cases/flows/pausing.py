"""Verbs of clocks that stand because they wait for us: an item's, or all of a request's."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.flows import clocks
from cases.letters import to_platform
from cases.models import Item, TakedownRequest
from cases.models.takedown import ItemQuerySet
from cases.states import ITEM_AWAITS_PLATFORM, TakedownState
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.flow import Transition, perform, require_text

WRITTEN = [
    "pauses",
    "paused_at",
    "due_at",
    "derivation",
    "escalate_at",
    "changed_at",
    "version",
]


def _runs_not(item: Item) -> str:
    if item.started_at is None:
        return gettext("This request has not been issued.")
    return gettext("The clock stands already.") if item.paused_at else ""


PAUSE_ITEM = Transition(
    "item.pause",
    Right.CHECK_ITEM,
    _("Pause the clock"),
    _("stopped the clock: it waits for the authority"),
    from_=ITEM_AWAITS_PLATFORM,
    objection=lambda item, by: _runs_not(item),
)
RESUME_ITEM = Transition(
    "item.resume",
    Right.CHECK_ITEM,
    _("Let the clock run"),
    _("let the clock run again"),
    from_=ITEM_AWAITS_PLATFORM,
    objection=lambda item, by: "" if item.paused_at else gettext("The clock runs."),
)
PAUSE_TAKEDOWN = Transition(
    "takedown.pause",
    Right.CHECK_ITEM,
    _("Pause the clocks"),
    _("stopped the clocks of %(count)s listings: they wait for the authority"),
    from_={TakedownState.ISSUED},
    objection=lambda takedown, by: (
        "" if takedown.due_at else gettext("No clock of this request runs.")
    ),
)
RESUME_TAKEDOWN = Transition(
    "takedown.resume",
    Right.CHECK_ITEM,
    _("Let the clocks run"),
    _("let the clocks of %(count)s listings run again"),
    from_={TakedownState.ISSUED},
    objection=lambda takedown, by: (
        "" if takedown.items.paused().exists() else gettext("No clock of this request stands.")
    ),
)


def pause_item(item: Item, *, by: Actor, reason: str, at: datetime | None = None) -> Item:
    """This listing's limit waits for us: for a laboratory, a translation, another office."""
    require_text(reason=reason)
    with perform(PAUSE_ITEM, item, by=by, at=at, reason=reason) as change:
        row = change.row
        clocks.pause(row, change.at, reason)
        change.send(_paused(row.takedown, [row], reason, change.at))
        change.afterwards(lambda: clocks.refresh(row.takedown, change.at))
    return change.row


def resume_item(item: Item, *, by: Actor, at: datetime | None = None) -> Item:
    """The limit goes on where it stood; no day that the pause touched is counted."""
    with perform(RESUME_ITEM, item, by=by, at=at) as change:
        row = change.row
        clocks.resume(row, change.at)
        change.send(_resumed(row.takedown, [row], change.at))
        change.afterwards(lambda: clocks.refresh(row.takedown, change.at))
    return change.row


def pause_takedown(
    takedown: TakedownRequest, *, by: Actor, reason: str, at: datetime | None = None
) -> TakedownRequest:
    """The same for every clock of the request that runs."""
    require_text(reason=reason)
    with perform(PAUSE_TAKEDOWN, takedown, by=by, at=at, reason=reason) as change:
        items = _of(change.row, change.row.items.running())
        for item in items:
            clocks.pause(item, change.at, reason)
        _save(items, change.at)
        change.note(count=len(items))
        change.send(_paused(change.row, items, reason, change.at))
        change.afterwards(lambda: clocks.refresh(change.row, change.at))
    change.row.refresh_from_db(fields=["due_at", "remind_at"])
    return change.row


def resume_takedown(
    takedown: TakedownRequest, *, by: Actor, at: datetime | None = None
) -> TakedownRequest:
    """Every clock of the request that stands for our sake goes on."""
    with perform(RESUME_TAKEDOWN, takedown, by=by, at=at) as change:
        items = _of(change.row, change.row.items.paused())
        calendar = clocks.working_calendar(change.row.regime)
        for item in items:
            clocks.resume(item, change.at, calendar)
        _save(items, change.at)
        change.note(count=len(items))
        change.send(_resumed(change.row, items, change.at))
        change.afterwards(lambda: clocks.refresh(change.row, change.at))
    change.row.refresh_from_db(fields=["due_at", "remind_at"])
    return change.row


def _of(takedown: TakedownRequest, rows: ItemQuerySet) -> list[Item]:
    items = list(rows.select_related("listing").order_by("number"))
    for item in items:
        item.takedown = takedown
    return items


def _save(items: Sequence[Item], at: datetime) -> None:
    for item in items:
        item.changed_at = at
        item.version += 1
    Item.objects.bulk_update(items, WRITTEN, batch_size=500)


def _paused(
    takedown: TakedownRequest, items: Sequence[Item], reason: str, at: datetime
) -> to_platform.ClockPaused:
    return to_platform.ClockPaused(
        **to_platform.addressed(takedown), at=at, items=tuple(items), reason=reason
    )


def _resumed(
    takedown: TakedownRequest, items: Sequence[Item], at: datetime
) -> to_platform.ClockResumed:
    return to_platform.ClockResumed(**to_platform.addressed(takedown), at=at, items=tuple(items))
