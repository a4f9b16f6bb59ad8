"""The states of the work, and what each is called. Pure: no ORM, no settings.

Overdue is never a state: it is `due_at < now` on an open clock.
"""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ReportState(StrEnum):
    RECEIVED = "received"
    NEEDS_INFORMATION = "needs_information"
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    DISMISSED = "dismissed"


class CaseState(StrEnum):
    INVESTIGATING = "investigating"
    ENFORCING = "enforcing"
    MONITORING = "monitoring"
    CLOSED = "closed"
    MERGED = "merged"


class AssessmentState(StrEnum):
    PROPOSED = "proposed"
    VALIDATED = "validated"
    SUPERSEDED = "superseded"


class TakedownState(StrEnum):
    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"
    ISSUED = "issued"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class ItemState(StrEnum):
    PENDING = "pending"
    NEEDS_INFORMATION = "needs_information"
    REMOVED = "removed"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    STILL_ONLINE = "still_online"
    CONFIRMED = "confirmed"
    REFUSAL_ACCEPTED = "refusal_accepted"
    WITHDRAWN = "withdrawn"


REPORT_TRIAGE = frozenset({ReportState.RECEIVED, ReportState.NEEDS_INFORMATION})
CASE_OPEN = frozenset({CaseState.INVESTIGATING, CaseState.ENFORCING, CaseState.MONITORING})
TAKEDOWN_PREPARED = frozenset(
    {TakedownState.DRAFT, TakedownState.AWAITING_APPROVAL, TakedownState.APPROVED}
)
# The platform's clock runs, the authority has an answer to check, the item is settled.
ITEM_AWAITS_PLATFORM = frozenset({ItemState.PENDING, ItemState.STILL_ONLINE})
ITEM_ANSWERED = frozenset({ItemState.REMOVED, ItemState.NOT_FOUND, ItemState.REFUSED})
ITEM_AWAITS_AUTHORITY = ITEM_ANSWERED | {ItemState.NEEDS_INFORMATION}
ITEM_OPEN = ITEM_AWAITS_PLATFORM | ITEM_AWAITS_AUTHORITY
ITEM_SETTLED = frozenset(ItemState) - ITEM_OPEN
# What a platform may answer.
ANSWERS = ITEM_ANSWERED | {ItemState.NEEDS_INFORMATION}

# Keyed by the word itself: a word that two flows share ("closed") means the same in both.
LABELS: dict[str, Promise] = {
    ReportState.RECEIVED: _("received"),
    ReportState.NEEDS_INFORMATION: _("needs information"),
    ReportState.ACCEPTED: _("accepted"),
    ReportState.DUPLICATE: _("duplicate"),
    ReportState.DISMISSED: _("dismissed"),
    CaseState.INVESTIGATING: _("investigating"),
    CaseState.ENFORCING: _("enforcing"),
    CaseState.MONITORING: _("monitoring"),
    CaseState.CLOSED: _("closed"),
    CaseState.MERGED: _("merged"),
    AssessmentState.PROPOSED: _("proposed"),
    AssessmentState.VALIDATED: _("validated"),
    AssessmentState.SUPERSEDED: _("superseded"),
    TakedownState.DRAFT: _("draft"),
    TakedownState.AWAITING_APPROVAL: _("awaiting approval"),
    TakedownState.APPROVED: _("approved"),
    TakedownState.ISSUED: _("issued"),
    TakedownState.CLOSED: _("closed"),
    TakedownState.WITHDRAWN: _("withdrawn"),
    ItemState.PENDING: _("pending"),
    ItemState.REMOVED: _("removed, to be verified"),
    ItemState.NOT_FOUND: _("not found, to be verified"),
    ItemState.REFUSED: _("refused"),
    ItemState.STILL_ONLINE: _("still online"),
    ItemState.CONFIRMED: _("removal verified"),
    ItemState.REFUSAL_ACCEPTED: _("refusal accepted"),
}


def choices(states: type[StrEnum]) -> list[tuple[str, Promise]]:
    """(value, label) pairs, for a model's field or a filter."""
    return [(state.value, LABELS[state]) for state in states]
