"""What a platform may see of a demand's history: its own deeds, and the authority's towards it.

People of the authority are "the authority". Reasons appear only where the same words went out in
a letter; what happened before the demand was issued, and within the authority, does not appear.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext

from cases.flows import (
    appeals,
    chasing,
    corrections,
    evidence,
    extensions,
    formal_steps,
    items,
    pausing,
    recomputing,
    takedowns,
)
from cases.flows.answer_sheets import by_file
from cases.models import Extension, TakedownRequest
from cases.states import LABELS, ItemState
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import User
from surveillance.accounts.rights import PLATFORM_SIDE, STAFF
from surveillance.audit.models import AuditEntry
from surveillance.flow import Transition
from surveillance.web import keyset
from surveillance.web.looks import Look, Tone, state_look

SIZE = 30
ORDER = ("-at", "-id")

# Every verb that is shown, with its look.
_SHOWN: dict[Transition, Look] = {
    takedowns.ISSUE: state_look("issued"),
    takedowns.NOTE_DELIVERY: state_look("delivered"),
    takedowns.ACKNOWLEDGE: Look(Tone.OK, "check"),
    chasing.REMIND: Look(Tone.WARN, "bell"),
    takedowns.WITHDRAW: state_look(ItemState.WITHDRAWN),
    takedowns.CLOSE: state_look("closed"),
    takedowns.REOPEN: state_look("relisted"),
    extensions.REQUEST_EXTENSION: Look(Tone.INFO, "clock"),
    extensions.GRANT_EXTENSION: Look(Tone.OK, "clock"),
    extensions.REFUSE_EXTENSION: Look(Tone.NEUTRAL, "clock"),
    items.ANSWER: Look(Tone.INFO, "chat-bubble-left-ellipsis"),
    corrections.CORRECT_ANSWER: Look(Tone.INFO, "pencil-square"),
    items.SUPPLY_INFORMATION: Look(Tone.INFO, "information-circle"),
    items.CONFIRM_REMOVAL: state_look(ItemState.CONFIRMED),
    items.REJECT_ANSWER: state_look(ItemState.STILL_ONLINE),
    items.ACCEPT_REFUSAL: state_look(ItemState.REFUSAL_ACCEPTED),
    items.WITHDRAW: state_look(ItemState.WITHDRAWN),
    appeals.APPEAL: Look(Tone.INFO, "scale"),
    appeals.UPHOLD_APPEAL: Look(Tone.OK, "hand-thumb-up"),
    appeals.DISMISS_APPEAL: Look(Tone.NEUTRAL, "hand-thumb-down"),
    chasing.NOTE_MISSED_DEADLINE: Look(Tone.DANGER, "exclamation-triangle"),
    formal_steps.SEND: Look(Tone.DANGER, "scale"),
    items.NOTE_RELISTED: state_look("relisted"),
    pausing.PAUSE_ITEM: Look(Tone.NEUTRAL, "pause"),
    pausing.RESUME_ITEM: Look(Tone.INFO, "play"),
    pausing.PAUSE_TAKEDOWN: Look(Tone.NEUTRAL, "pause"),
    pausing.RESUME_TAKEDOWN: Look(Tone.INFO, "play"),
    recomputing.MOVE_DEADLINE: Look(Tone.INFO, "calendar-days"),
    evidence.ADD_TO_ITEM: Look(Tone.NEUTRAL, "paper-clip"),
}
_LOOKS = {transition.verb: look for transition, look in _SHOWN.items()}
# The letter about these verbs carries the reason (cases/letters/to_platform.py).
_REASON_WAS_SENT = frozenset(
    {
        takedowns.WITHDRAW.verb,
        extensions.REFUSE_EXTENSION.verb,
        items.CONFIRM_REMOVAL.verb,
        items.REJECT_ANSWER.verb,
        items.ACCEPT_REFUSAL.verb,
        appeals.UPHOLD_APPEAL.verb,
        appeals.DISMISS_APPEAL.verb,
        pausing.PAUSE_ITEM.verb,
        pausing.PAUSE_TAKEDOWN.verb,
        recomputing.MOVE_DEADLINE.verb,
        items.WITHDRAW.verb,
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What components/timeline.html shows."""

    uid: str
    sentence: str
    at: datetime
    actor: str
    icon: str
    tone: str
    detail: str


@dataclass(frozen=True, slots=True)
class History:
    """One page of entries, newest first; `earlier` is the cursor of the next one, or ""."""

    entries: list[Entry]
    earlier: str


def entries(takedown: TakedownRequest, actor: Actor, cursor: str = "") -> History:
    rows = _seen_by_platform(takedown)
    try:
        page = keyset.page(rows, ORDER, size=SIZE, after=cursor)
    except keyset.BadCursor:
        page = keyset.page(rows, ORDER, size=SIZE)
    name_of = _names(page.rows, takedown, actor)
    return History([_entry(takedown, row, name_of) for row in page.rows], page.after)


def _seen_by_platform(takedown: TakedownRequest) -> QuerySet[AuditEntry]:
    """One agreement of several to more time is the authority's own affair until the last.

    The database names the entries: within the wall no index of the trail would (cases.0003).
    """
    about = RawSQL("SELECT entries_about_own_request(%s)", [takedown.reference])
    shown = AuditEntry.objects.filter(pk__in=about, verb__in=_LOOKS)
    granted = takedown.extensions.filter(state=Extension.State.GRANTED).values("decided_at")
    return shown.exclude(Q(verb=extensions.GRANT_EXTENSION.verb) & ~Q(at__in=granted))


def _names(
    rows: Iterable[AuditEntry], takedown: TakedownRequest, actor: Actor
) -> Callable[[AuditEntry], str]:
    """Who a sentence is about: colleagues by name, the authority as one."""
    colleagues = dict(
        User.objects.filter(
            pk__in={row.actor_user_id for row in rows if row.actor_user_id},
            organisation_id=actor.organisation_id,
            role__in=PLATFORM_SIDE,
        ).values_list("pk", "name")
    )

    def name_of(row: AuditEntry) -> str:
        if row.verb == takedowns.NOTE_DELIVERY.verb:
            return gettext("The letter")
        if row.verb == chasing.NOTE_MISSED_DEADLINE.verb:
            return takedown.platform.name
        if row.actor_user_id in colleagues:
            return str(colleagues[row.actor_user_id])
        role = row.actor.partition(":")[0]
        if role in STAFF:
            return gettext("The authority")
        return gettext("A former colleague") if role in PLATFORM_SIDE else gettext("The system")

    return name_of


def _entry(
    takedown: TakedownRequest, row: AuditEntry, name_of: Callable[[AuditEntry], str]
) -> Entry:
    look = _LOOKS[row.verb]
    facts: defaultdict[str, Any] = defaultdict(lambda: "…", row.facts)
    facts["outcome"] = LABELS.get(row.facts.get("outcome", ""), facts["outcome"])
    sentence = str(Transition.registry[row.verb].past) % facts
    if row.subject != takedown.reference:
        number = row.subject.rpartition("/")[2]
        sentence = gettext("%(sentence)s (no. %(number)s)") % {
            "number": number,
            "sentence": sentence,
        }
    return Entry(
        uid=f"entry-{row.pk}",
        sentence=sentence,
        at=row.at,
        actor=name_of(row),
        icon=look.icon,
        tone=look.tone,
        detail=_detail(row),
    )


def _detail(row: AuditEntry) -> str:
    if place := row.facts.get("by_file"):
        return by_file(place)
    return row.reason if row.verb in _REASON_WAS_SENT else ""
