"""Verbs of takedown requests: drafted, approved, issued, acknowledged, extended, ended."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.flows import cases, clocks, contents, formal_steps
from cases.letters import recipients, to_platform, to_staff
from cases.models import Case, TakedownRequest
from cases.states import (
    ITEM_OPEN,
    TAKEDOWN_PREPARED,
    CaseState,
    ItemState,
    TakedownState,
)
from sellers.models import Listing, Platform
from surveillance import clock
from surveillance.accounts.actor import SYSTEM, Actor
from surveillance.accounts.models import User
from surveillance.accounts.rights import Right
from surveillance.flow import NEW, Transition, WrongState, perform, require_text
from surveillance.references import Kind, next_reference


def _cannot_issue(takedown: TakedownRequest, by: Actor) -> str:
    if takedown.needs_approval and takedown.state != TakedownState.APPROVED:
        return gettext("A second person approves this request before it goes out.")
    return ""


def _cannot_approve(takedown: TakedownRequest, by: Actor) -> str:
    if takedown.drafted_by_id == by.user_id:
        return gettext("You drafted this request; a second person approves it.")
    return ""


DRAFT = Transition(
    "takedown.draft",
    Right.DRAFT_TAKEDOWN,
    _("Draft a takedown request"),
    _("drafted a request to %(platform)s about %(count)s listings"),
    from_={NEW},
    to={TakedownState.DRAFT},
)
REVISE = Transition(
    "takedown.revise",
    Right.DRAFT_TAKEDOWN,
    _("Revise"),
    _("revised the draft"),
    from_={TakedownState.DRAFT},
)
ADD_LISTINGS = Transition(
    "takedown.add_listings",
    Right.DRAFT_TAKEDOWN,
    _("Add listings"),
    _("added %(count)s listings"),
    from_={TakedownState.DRAFT},
)
DROP_LISTINGS = Transition(
    "takedown.drop_listings",
    Right.DRAFT_TAKEDOWN,
    _("Drop listings"),
    _("dropped %(count)s listings"),
    from_={TakedownState.DRAFT},
)
SUBMIT = Transition(
    "takedown.submit",
    Right.DRAFT_TAKEDOWN,
    _("Ask for approval"),
    _("asked for approval"),
    from_={TakedownState.DRAFT},
    to={TakedownState.AWAITING_APPROVAL},
    objection=lambda takedown, by: (
        "" if takedown.needs_approval else gettext("This request needs no approval.")
    ),
)
APPROVE = Transition(
    "takedown.approve",
    Right.APPROVE_TAKEDOWN,
    _("Approve"),
    _("approved the request"),
    from_={TakedownState.AWAITING_APPROVAL},
    to={TakedownState.APPROVED},
    objection=_cannot_approve,
)
SEND_BACK = Transition(
    "takedown.send_back",
    Right.APPROVE_TAKEDOWN,
    _("Send back"),
    _("sent the draft back"),
    from_={TakedownState.AWAITING_APPROVAL, TakedownState.APPROVED},
    to={TakedownState.DRAFT},
)
ISSUE = Transition(
    "takedown.issue",
    Right.ISSUE_TAKEDOWN,
    _("Issue"),
    _("issued the request to %(platform)s about %(count)s listings"),
    from_={TakedownState.DRAFT, TakedownState.APPROVED},
    to={TakedownState.ISSUED},
    objection=_cannot_issue,
)
NOTE_DELIVERY = Transition(
    "takedown.note_delivery",
    Right.RUN_SWEEP,
    _("Note the delivery"),
    _("was delivered"),
    from_={TakedownState.ISSUED, TakedownState.CLOSED, TakedownState.WITHDRAWN},
    objection=lambda takedown, by: (
        gettext("Its delivery has been noted.") if takedown.delivered_at else ""
    ),
)
ACKNOWLEDGE = Transition(
    "takedown.acknowledge",
    Right.ACKNOWLEDGE_TAKEDOWN,
    _("Acknowledge"),
    _("acknowledged the request"),
    from_={TakedownState.ISSUED},
    objection=lambda takedown, by: (
        gettext("It has been acknowledged already.") if takedown.acknowledged_at else ""
    ),
)
WITHDRAW = Transition(
    "takedown.withdraw",
    Right.WITHDRAW_TAKEDOWN,
    _("Withdraw"),
    _("withdrew the request"),
    from_={*TAKEDOWN_PREPARED, TakedownState.ISSUED},
    to={TakedownState.WITHDRAWN},
)
CLOSE = Transition(
    "takedown.close",
    Right.CHECK_ITEM,
    _("Close"),
    _("closed the request"),
    from_={TakedownState.ISSUED},
    to={TakedownState.CLOSED},
    objection=lambda takedown, by: _still_open(takedown),
)
REOPEN = Transition(
    "takedown.reopen",
    Right.CHECK_ITEM,
    _("Reopen"),
    _("reopened the request"),
    from_={TakedownState.CLOSED},
    to={TakedownState.ISSUED},
)


@dataclass(frozen=True, slots=True)
class StatementOfReasons:
    """What the request says, beside its listings and its legal basis."""

    facts: str
    hazard: str
    territory: str
    action: str
    redress: str = ""


def draft(
    case: Case,
    *,
    by: Actor,
    platform: Platform,
    kind: str,
    listings: Sequence[Listing],
    reasons: StatementOfReasons,
    at: datetime | None = None,
) -> TakedownRequest:
    """Prepare a demand to one platform about listings of the case."""
    at = at or clock.now()
    takedown = TakedownRequest(case=case, platform=platform, kind=kind, drafted_at=at)
    _set_reasons(takedown, reasons)
    regime = platform.regime(kind)
    if regime is None:
        raise ValidationError(
            {
                "kind": gettext("%(platform)s has no regime for this kind of demand.")
                % {"platform": platform.name}
            }
        )
    takedown.regime = regime
    with perform(DRAFT, takedown, by=by, at=at) as change:
        cases.lock_open(case, by)
        takedown.drafted_by_id = by.person_id
        takedown.reference = next_reference(Kind.TAKEDOWN, at)
        change.note(platform=platform.name, count=len(listings))
        change.afterwards(lambda: contents.add(takedown, listings, at))
    return takedown


def revise(
    takedown: TakedownRequest,
    *,
    by: Actor,
    reasons: StatementOfReasons,
    at: datetime | None = None,
) -> TakedownRequest:
    """Write the statement of reasons anew."""
    with perform(REVISE, takedown, by=by, at=at) as change:
        _set_reasons(change.row, reasons)
    return change.row


def add_listings(
    takedown: TakedownRequest,
    *,
    by: Actor,
    listings: Sequence[Listing],
    at: datetime | None = None,
) -> TakedownRequest:
    """More listings for the draft."""
    with perform(ADD_LISTINGS, takedown, by=by, at=at) as change:
        contents.add(change.row, listings, change.at)
        change.note(count=len(listings))
    return change.row


def drop_listings(
    takedown: TakedownRequest,
    *,
    by: Actor,
    listings: Sequence[Listing],
    at: datetime | None = None,
) -> TakedownRequest:
    """Fewer listings in the draft."""
    with perform(DROP_LISTINGS, takedown, by=by, at=at) as change:
        count, _deleted = change.row.items.filter(listing__in=listings).delete()
        change.note(count=count)
    return change.row


def submit(takedown: TakedownRequest, *, by: Actor, at: datetime | None = None) -> TakedownRequest:
    """Ask a second person to approve the draft."""
    with perform(SUBMIT, takedown, by=by, at=at) as change:
        contents.require_listings(change.row)
        change.send(
            to_staff.ApprovalRequested(
                about=takedown.reference,
                recipients=recipients.of_staff(
                    recipients.others_who_may(Right.APPROVE_TAKEDOWN, takedown.case.office_id, by)
                ),
                link=to_staff.desk_link(takedown),
                takedown=change.row,
            )
        )
    return change.row


def approve(takedown: TakedownRequest, *, by: Actor, at: datetime | None = None) -> TakedownRequest:
    """Stand behind the draft as a second person; it may now be issued."""
    with perform(APPROVE, takedown, by=by, at=at) as change:
        change.row.approved_at = change.at
        change.row.approved_by_id = by.person_id
        change.send(_approval_decided(change.row, approved=True))
    return change.row


def send_back(
    takedown: TakedownRequest, *, by: Actor, reason: str, at: datetime | None = None
) -> TakedownRequest:
    """Not like this: back to the drafter, with the reason."""
    require_text(reason=reason)
    with perform(SEND_BACK, takedown, by=by, at=at, reason=reason) as change:
        change.row.approved_at = None
        change.row.approved_by = None
        change.send(_approval_decided(change.row, approved=False, reason=reason))
    return change.row


def issue(takedown: TakedownRequest, *, by: Actor, at: datetime | None = None) -> TakedownRequest:
    """Send it out. From this instant each item's clock runs under the regime's current version."""
    with perform(ISSUE, takedown, by=by, at=at) as change:
        row = change.row
        contents.require_listings(row)
        row.regime = row.platform.regime(row.kind) or row.regime
        if objection := _cannot_issue(row, by):  # the regime may ask for it since the draft
            raise WrongState(objection)
        row.issued_at = change.at
        items = contents.start_clocks(row, change.at)
        change.note(platform=row.platform.name, count=len(items))
        change.send(
            to_platform.TakedownIssued(
                **to_platform.addressed(row), at=change.at, items=tuple(items)
            )
        )
        change.afterwards(lambda: clocks.refresh(row, change.at))
        if row.case.state != CaseState.ENFORCING:
            cases.enforce(row.case, by=by, at=change.at)
    return change.row


def note_delivery(
    takedown: TakedownRequest, *, by: Actor, at: datetime | None = None
) -> TakedownRequest:
    """The letter has reached the platform on one of its channels; the first one counts."""
    with perform(NOTE_DELIVERY, takedown, by=by, at=at) as change:
        change.row.delivered_at = change.at
    return change.row


def arrived(reference: str, at: datetime) -> None:
    """For the outbox: the letter with the request `reference` has been delivered."""
    waiting = TakedownRequest.objects.filter(reference=reference, delivered_at=None)
    if takedown := waiting.first():
        with suppress(WrongState):  # another channel was faster
            note_delivery(takedown, by=SYSTEM, at=at)


def acknowledge(
    takedown: TakedownRequest, *, by: Actor, at: datetime | None = None
) -> TakedownRequest:
    """The platform says that it has the request and works on it."""
    with perform(ACKNOWLEDGE, takedown, by=by, at=at) as change:
        change.row.acknowledged_at = change.at
    return change.row


def withdraw(
    takedown: TakedownRequest, *, by: Actor, reason: str, at: datetime | None = None
) -> TakedownRequest:
    """Take the request back, with all that is still open in it."""
    require_text(reason=reason)
    with perform(WITHDRAW, takedown, by=by, at=at, reason=reason) as change:
        row = change.row
        row.items.filter(state__in=ITEM_OPEN).update(
            state=ItemState.WITHDRAWN,
            settled_at=change.at,
            escalate_at=None,
            decision=reason,
            changed_at=change.at,
            version=F("version") + 1,
        )
        row.closed_at = change.at
        formal_steps.drop_with_request(row, change.at)
        if row.issued_at:
            change.send(
                to_platform.TakedownWithdrawn(
                    **to_platform.addressed(row), at=change.at, reason=reason
                )
            )
        change.afterwards(lambda: clocks.refresh(row, change.at))
        change.afterwards(lambda: cases.monitor_when_settled(row.case_id, by=by, at=change.at))
    return change.row


def close(takedown: TakedownRequest, *, by: Actor, at: datetime | None = None) -> TakedownRequest:
    """Every listing is settled. Refused while an item is open, naming it."""
    with perform(CLOSE, takedown, by=by, at=at) as change:
        change.row.closed_at = change.at
        formal_steps.drop_with_request(change.row, change.at)
    return change.row


def reopen(
    takedown: TakedownRequest, *, by: Actor, reason: str, at: datetime | None = None
) -> TakedownRequest:
    """A listing came back: the order still stands."""
    require_text(reason=reason)
    with perform(REOPEN, takedown, by=by, at=at, reason=reason) as change:
        change.row.closed_at = None
    return change.row


def _set_reasons(takedown: TakedownRequest, reasons: StatementOfReasons) -> None:
    require_text(
        facts=reasons.facts,
        hazard=reasons.hazard,
        territory=reasons.territory,
        action=reasons.action,
    )
    takedown.facts = reasons.facts
    takedown.hazard = reasons.hazard
    takedown.territory = reasons.territory
    takedown.action = reasons.action
    takedown.redress = reasons.redress


def _still_open(takedown: TakedownRequest) -> str:
    names = [item.audit_reference for item in takedown.items.open().order_by("number")[:5]]
    if not names:
        return ""
    return gettext("Still open: %(items)s.") % {"items": ", ".join(names)}


def _approval_decided(
    takedown: TakedownRequest, *, approved: bool, reason: str = ""
) -> to_staff.ApprovalDecided:
    drafter = User.objects.filter(pk=takedown.drafted_by_id)
    return to_staff.ApprovalDecided(
        about=takedown.reference,
        recipients=recipients.of_staff(drafter, by_email=False),
        link=to_staff.desk_link(takedown),
        takedown=takedown,
        approved=approved,
        reason=reason,
    )
