"""What a changed calendar does to clocks that run: shown beforehand, and done request by request.

A limit only ever moves later; what has been answered stays as it was judged. Why:
docs/decisions/0016-changed-calendars.md. A request notes the version that its clocks agree with,
so that the sweep finds what is left however often, late or widely it runs.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.flows import clocks
from cases.letters import to_platform
from cases.models import Item, TakedownRequest
from cases.states import ITEM_AWAITS_PLATFORM
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.calendars.models import Calendar
from surveillance.clock import CalendarHorizon, Due, WorkingCalendar, last_day
from surveillance.flow import Forbidden, Many, Transition, perform_many

SHOWN = 200  # moves that a preview names one by one

MOVE_DEADLINE = Transition(
    "item.move_deadline",
    Right.RUN_SWEEP,
    _("Move the deadline"),
    _("moved the deadline from %(before)s to %(after)s"),
    from_=ITEM_AWAITS_PLATFORM,
    objection=lambda item, by: gettext("The clock stands.") if item.paused_at else "",
)
_RELATED = (
    "takedown__case__office",
    "takedown__platform__organisation",
    "takedown__regime",
    "listing",
)


@dataclass(frozen=True, slots=True)
class Move:
    """An item whose limit would end later."""

    item: Item
    before: datetime
    after: datetime
    undoes_miss: bool


@dataclass
class Preview:
    """What a calendar would do to the clocks that run by an earlier version of it.

    `moves` holds the first SHOWN; `total` counts all. `kept`: limits that it would end earlier,
    and that therefore stay. `beyond`: items whose limit it cannot count, with the reason.
    """

    moves: list[Move] = field(default_factory=list)
    total: int = 0
    requests: set[int] = field(default_factory=set)
    by_platform: Counter[str] = field(default_factory=Counter)
    misses_undone: int = 0
    kept: int = 0
    beyond: list[tuple[Item, str]] = field(default_factory=list)

    def add(self, move: Move) -> None:
        self.total += 1
        self.requests.add(move.item.takedown_id)
        self.by_platform[move.item.takedown.platform.name] += 1
        self.misses_undone += move.undoes_miss
        if len(self.moves) < SHOWN:
            self.moves.append(move)


def preview(calendar: WorkingCalendar) -> Preview:
    """What making `calendar` current would move. Nothing is saved."""
    found = Preview()
    derived = Derivations(calendar)
    running = Item.objects.real().running()
    running = running.filter(takedown__regime__calendar_code=calendar.code)
    rows = running.select_related("takedown__platform", "takedown__regime", "listing")
    for item in rows.order_by("due_at", "takedown_id", "number").iterator(chunk_size=2000):
        try:
            due = derived.of(item)
        except CalendarHorizon as problem:
            found.beyond.append((item, str(problem)))
            continue
        if due is None or item.due_at is None or due.due_at == item.due_at:
            continue
        if due.due_at < item.due_at:
            found.kept += 1
        else:
            found.add(Move(item, item.due_at, due.due_at, _undoes_miss(item, due)))
    return found


def recompute(takedown: TakedownRequest, calendar: Calendar, *, by: Actor, at: datetime) -> int:
    """Derive the running clocks of one request by `calendar`, its current version. Returns how many
    limits have moved; the platform is told of them in one letter. Raises Forbidden."""
    if not by.may(MOVE_DEADLINE.right):
        raise Forbidden(gettext("Only the clockwork derives clocks again."))
    with transaction.atomic():
        lock = TakedownRequest.objects.select_for_update(no_key=True).filter(pk=takedown.pk)
        if not lock.stale(working := calendar.working()).exists():
            return 0  # another sweep was faster
        items = list(lock.get().items.running().order_by("pk"))
        with perform_many(MOVE_DEADLINE, items, by=by, at=at, related=_RELATED) as many:
            moved = _move(many, calendar, Derivations(working))
            if moved:
                many.afterwards(lambda: clocks.refresh(moved[0].item.takedown, at))
        TakedownRequest.objects.filter(pk=takedown.pk).update(calendar_version=calendar.version)
    return len(moved)


def _move(
    many: Many[Item], calendar: Calendar, derived: "Derivations"
) -> tuple[to_platform.MovedItem, ...]:
    later = [
        (item, due)
        for item in many.rows.values()
        if (due := derived.of(item)) and item.due_at and due.due_at > item.due_at
    ]
    moved = tuple(
        to_platform.MovedItem(item, item.due_at, due.due_at)
        for item, due in later
        if item.due_at is not None
    )
    for (item, due), one in zip(later, moved, strict=True):
        with many.one(item, reason=_reason(calendar, item, due)) as change:
            _set(item, due, derived.calendar)
            change.note(
                before=_label(one.before, derived.calendar),
                after=_label(one.after, derived.calendar),
                calendar=str(calendar),
            )
            if one is moved[0]:
                change.send(_letter(moved, calendar, change.at))
    return moved


def _letter(
    moved: tuple[to_platform.MovedItem, ...], calendar: Calendar, at: datetime
) -> to_platform.DeadlineMoved:
    takedown = moved[0].item.takedown
    return to_platform.DeadlineMoved(
        **to_platform.addressed(takedown),
        at=at,
        moved=moved,
        reason=calendar.note,
        unique=f"moved:{takedown.reference}:{calendar}",
    )


def _set(item: Item, due: Due, calendar: WorkingCalendar) -> None:
    undone = _undoes_miss(item, due)
    item.due_at = due.due_at
    item.derivation = due.to_json()
    if undone:
        clocks.undo_miss(item)
        item.missed_count -= 1
    elif item.escalate_at:
        clocks.await_next_rung(item, calendar)


def _undoes_miss(item: Item, due: Due) -> bool:
    """By the calendar as it is now, the limit had not passed when it was noted as missed."""
    return item.missed_at is not None and item.missed_at < due.due_at


def _reason(calendar: Calendar, item: Item, due: Due) -> str:
    if not _undoes_miss(item, due):
        return calendar.note
    undone = gettext("The limit had been noted as missed; that is undone.")
    return f"{calendar.note} {undone}".strip()


def _label(due_at: datetime, calendar: WorkingCalendar) -> str:
    """For the trail, in no language: the last day, and 24:00 for the midnight that closes it."""
    day, local = last_day(due_at, calendar.zone), due_at.astimezone(calendar.zone)
    return f"{day.isoformat()} {'24:00' if local.date() != day else local.strftime('%H:%M')}"


class Derivations:
    """Due dates by one calendar; items that started together are derived once."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.calendar = calendar
        self._known: dict[tuple[object, ...], Due | None] = {}

    def of(self, item: Item) -> Due | None:
        """Raises CalendarHorizon where the calendar does not reach as far as the limit."""
        spans = json.dumps(item.pauses)
        key = (
            item.takedown.regime_id,
            item.started_at,
            item.extension,
            item.paused_at,
            spans,
        )
        if key not in self._known:
            self._known[key] = clocks.derive(item, self.calendar)
        return self._known[key]
