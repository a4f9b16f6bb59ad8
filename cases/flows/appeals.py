"""Verbs of appeals: a platform contests a decision about its answer, a second person decides.

An appeal stops no clock: the listing's own limit runs on, and an answer given meanwhile leaves the
appeal open. What it asks is decided by upholding or dismissing it, never by the way: until then the
answer is neither rejected nor accepted again (items.py).
"""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.flows import clocks, items
from cases.letters import appeals as letters
from cases.letters import recipients
from cases.models import Appeal, Item
from cases.states import (
    ITEM_ANSWERED,
    ITEM_AWAITS_AUTHORITY,
    ITEM_AWAITS_PLATFORM,
    ITEM_OPEN,
    ItemState,
)
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import User
from surveillance.accounts.rights import Right
from surveillance.audit.models import AuditEntry
from surveillance.flow import Change, Transition, WrongState, perform, require_text

_TOO_LATE = _("The time to appeal against this decision has passed.")


def open_appeal(item: Item) -> Appeal | None:
    """The appeal that is to be decided; no query where there is none."""
    if not item.has_open_appeal:
        return None
    return next((one for one in item.appeals.all() if one.state == Appeal.State.OPEN), None)


def _cannot_appeal(item: Item, by: Actor) -> str:
    if item.has_open_appeal:
        return gettext("You have appealed already; the authority will decide.")
    if item.appeal_until is None:
        return gettext("There is no decision that could still be appealed.")
    return str(_TOO_LATE) if item.appeal_until <= clock.now() else ""


def _cannot_decide(item: Item, by: Actor) -> str:
    appeal = open_appeal(item)
    if appeal is None:
        return gettext("No appeal is to be decided.")
    if appeal.against_by_id is not None and appeal.against_by_id == by.user_id:
        return gettext("You took the decision; another person decides about the appeal.")
    return ""


APPEAL = Transition(
    "item.appeal",
    Right.APPEAL,
    _("Appeal"),
    _("appealed against the decision about %(listing)s"),
    from_={ItemState.STILL_ONLINE},
    objection=_cannot_appeal,
)
UPHOLD_APPEAL = Transition(
    "item.uphold_appeal",
    Right.DECIDE_APPEAL,
    _("Uphold the appeal"),
    _("upheld the appeal about %(listing)s"),
    from_=ITEM_OPEN,
    to={ItemState.REFUSAL_ACCEPTED, *ITEM_AWAITS_AUTHORITY},
    objection=_cannot_decide,
)
DISMISS_APPEAL = Transition(
    "item.dismiss_appeal",
    Right.DECIDE_APPEAL,
    _("Dismiss the appeal"),
    _("dismissed the appeal about %(listing)s"),
    from_=ITEM_OPEN,
    objection=_cannot_decide,
)
NOTE_LATE_APPEAL = Transition(
    "item.note_late_appeal",
    Right.RUN_SWEEP,
    _("Note the late appeal"),
    _("noted that the appeal was not decided in time; told the supervisors"),
    from_=ITEM_OPEN,
    objection=lambda item, by: "" if open_appeal(item) else gettext("No appeal is to be decided."),
)


def appeal(item: Item, *, by: Actor, reason: str, at: datetime | None = None) -> Item:
    """The platform says why the decision is wrong. Its own limit runs on."""
    require_text(reason=reason)
    with perform(APPEAL, item, by=by, at=at) as change:
        row = change.row
        if row.appeal_until is None or row.appeal_until <= change.at:
            raise WrongState(str(_TOO_LATE))
        assert row.started_at is not None, "a rejection starts the limit anew"
        calendar = clocks.working_calendar(row.takedown.regime)
        due = deadlines.of_appeal(change.at, deadlines.DECIDE_APPEAL_WITHIN, calendar)
        decided = _decision_against(row)
        lodged = Appeal.objects.create(
            item=row,
            denied=_denied(decided),
            against_at=row.started_at,
            against_by_id=decided.actor_user_id if decided else None,
            reason=reason,
            lodged_at=change.at,
            lodged_by_id=by.user_id,
            due_at=due.due_at,
            derivation=due.to_json(),
        )
        row.appeal_until = None
        row.appeal_due_at = due.due_at
        change.note(listing=row.listing.title, reason=reason)
        change.send(letters.AppealLodged(**letters.to_supervisors(lodged, _deciders(lodged))))
    return change.row


def uphold_appeal(item: Item, *, by: Actor, reason: str, at: datetime | None = None) -> Item:
    """The platform was right: what the decision denied holds. A refusal is accepted; an answer is
    to be checked again, unless the platform has given another meanwhile."""
    require_text(reason=reason)
    with perform(UPHOLD_APPEAL, item, by=by, at=at, reason=reason) as change:
        row = change.row
        decided = _decide(change, Appeal.State.UPHELD, reason)
        if row.paused_at:
            clocks.resume(row, change.at)
        if decided.denied == ItemState.REFUSED:
            row.decision = reason
            row.state = ItemState.REFUSAL_ACCEPTED
            items.settle(change)
        elif row.state in ITEM_AWAITS_PLATFORM:
            row.decision = reason
            row.state = decided.denied
            clocks.stop(row)
            items.refresh(change)
        _tell_platform(change, decided)
    return change.row


def dismiss_appeal(item: Item, *, by: Actor, reason: str, at: datetime | None = None) -> Item:
    """The decision stands. Whatever the platform has answered meanwhile is checked as ever."""
    require_text(reason=reason)
    with perform(DISMISS_APPEAL, item, by=by, at=at, reason=reason) as change:
        _tell_platform(change, _decide(change, Appeal.State.DISMISSED, reason))
    return change.row


def note_late_appeal(item: Item, *, by: Actor, at: datetime | None = None) -> Item:
    """The authority's own limit has passed: its supervisors are told, once."""
    with perform(NOTE_LATE_APPEAL, item, by=by, at=at) as change:
        late = Appeal.objects.late(change.at).filter(item=change.row).first()
        if late is None:
            raise WrongState(gettext("No appeal is late, or its being late has been noted."))
        late.item = change.row
        late.late_at = change.at
        late.save(update_fields=["late_at"])
        change.note(due_at=late.due_at)
        change.send(letters.AppealLate(**letters.to_supervisors(late, _deciders(late))))
    return change.row


def _decision_against(item: Item) -> AuditEntry | None:
    """The entry of the rejection that is appealed: it says who decided, and about which answer."""
    entries = AuditEntry.objects.filter(
        context__contains=[item.audit_reference],
        subject=item.audit_reference,
        verb=items.REJECT_ANSWER.verb,
    )
    found: QuerySet[AuditEntry] = entries.order_by("-at", "-id")
    return found.first()


def _denied(decided: AuditEntry | None) -> str:
    before, _after = (decided.changes if decided else {}).get("state", [ItemState.REMOVED, ""])
    return str(before) if before in ITEM_ANSWERED else ItemState.REMOVED


def _deciders(appeal: Appeal) -> list[User]:
    """The supervisors of the office, but for whoever took the decision."""
    able = recipients.who_may(Right.DECIDE_APPEAL, appeal.item.takedown.case.office_id)
    return [user for user in able if user.pk != appeal.against_by_id]


def _decide(change: Change[Item], state: str, reason: str) -> Appeal:
    row = change.row
    appeal: Appeal = row.appeals.get(state=Appeal.State.OPEN)
    appeal.item = row
    appeal.state = state
    appeal.decided_at = change.at
    appeal.decided_by_id = change.by.signing_id
    appeal.decision = reason
    appeal.save(update_fields=["state", "decided_at", "decided_by", "decision"])
    row.appeal_due_at = None
    change.note(listing=row.listing.title)
    return appeal


def _tell_platform(change: Change[Item], appeal: Appeal) -> None:
    change.send(letters.AppealDecided(**letters.to_the_platform(appeal), at=change.at))
