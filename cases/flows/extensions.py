"""Verbs about more time: a platform asks, the authority grants or refuses."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.flows import clocks
from cases.letters import recipients, to_platform, to_staff
from cases.models import Extension, Item, TakedownRequest
from cases.states import TakedownState
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.flow import Transition, perform, require_text


def _requested(takedown: TakedownRequest) -> Extension | None:
    """What waits for a decision; no query where a page has read the extensions already."""
    extensions = takedown.extensions.all()
    return next((one for one in extensions if one.state == Extension.State.REQUESTED), None)


def _not_requested(takedown: TakedownRequest, by: Actor) -> str:
    waiting = _requested(takedown)
    if waiting is None:
        return gettext("No extension has been asked for.")
    if waiting.approvals.filter(pk=by.user_id).exists():
        return gettext("You have agreed already; another person must agree too.")
    return ""


REQUEST_EXTENSION = Transition(
    "takedown.request_extension",
    Right.REQUEST_EXTENSION,
    _("Ask for more time"),
    _("asked for %(working_days)s more working days"),
    from_={TakedownState.ISSUED},
    objection=lambda takedown, by: (
        gettext("You have asked already; the authority will answer.")
        if _requested(takedown)
        else ""
    ),
)
GRANT_EXTENSION = Transition(
    "takedown.grant_extension",
    Right.GRANT_EXTENSION,
    _("Grant the extension"),
    _("agreed to %(working_days)s more working days"),
    from_={TakedownState.ISSUED},
    objection=_not_requested,
)
REFUSE_EXTENSION = Transition(
    "takedown.refuse_extension",
    Right.GRANT_EXTENSION,
    _("Refuse the extension"),
    _("refused more time"),
    from_={TakedownState.ISSUED},
    objection=lambda takedown, by: (
        "" if _requested(takedown) else gettext("No extension has been asked for.")
    ),
)


def request_extension(
    takedown: TakedownRequest,
    *,
    by: Actor,
    working_days: int,
    reason: str,
    at: datetime | None = None,
) -> TakedownRequest:
    """The platform asks for more working days, and says why."""
    require_text(reason=reason)
    if not 1 <= working_days <= 60:
        raise ValidationError({"working_days": gettext("Ask for 1 to 60 working days.")})
    with perform(REQUEST_EXTENSION, takedown, by=by, at=at) as change:
        Extension.objects.create(
            takedown=change.row,
            working_days=working_days,
            reason=reason,
            requested_at=change.at,
            requested_by_id=by.user_id,
        )
        change.note(working_days=working_days, reason=reason)
        change.send(
            to_staff.ExtensionRequested(
                about=takedown.reference,
                recipients=recipients.of_staff(
                    recipients.who_may(Right.GRANT_EXTENSION, takedown.case.office_id)
                ),
                link=to_staff.desk_link(takedown),
                takedown=change.row,
                working_days=working_days,
                reason=reason,
            )
        )
    return change.row


def grant_extension(
    takedown: TakedownRequest, *, by: Actor, at: datetime | None = None
) -> TakedownRequest:
    """Agree to the time asked for; it counts once as many people agree as the regime says."""
    with perform(GRANT_EXTENSION, takedown, by=by, at=at) as change:
        row = change.row
        extension = row.extensions.get(state=Extension.State.REQUESTED)
        change.note(working_days=extension.working_days)
        if not by.is_sandbox:
            extension.approvals.add(by.person_id)
            if extension.approvals.count() < row.regime.extension_approvals:
                return row
        _extend(row, extension.working_days, change.at)
        extension.state = Extension.State.GRANTED
        extension.decided_at = change.at
        extension.save(update_fields=["state", "decided_at"])
        clocks.refresh(row, change.at)
        row.refresh_from_db(fields=["due_at", "remind_at"])
        change.send(
            to_platform.ExtensionDecided(
                **to_platform.addressed(row), at=change.at, extension=extension
            )
        )
    return change.row


def refuse_extension(
    takedown: TakedownRequest, *, by: Actor, reason: str, at: datetime | None = None
) -> TakedownRequest:
    """No more time, for a reason."""
    require_text(reason=reason)
    with perform(REFUSE_EXTENSION, takedown, by=by, at=at, reason=reason) as change:
        extension = change.row.extensions.get(state=Extension.State.REQUESTED)
        extension.state = Extension.State.REFUSED
        extension.decided_at = change.at
        extension.decision = reason
        extension.save(update_fields=["state", "decided_at", "decision"])
        change.send(
            to_platform.ExtensionDecided(
                **to_platform.addressed(change.row), at=change.at, extension=extension
            )
        )
    return change.row


def _extend(takedown: TakedownRequest, working_days: int, at: datetime) -> None:
    """More time for every item whose clock runs; a limit that had passed is open again."""
    items = list(takedown.items.awaiting_platform())
    calendar = clocks.working_calendar(takedown.regime)
    for item in items:
        item.takedown = takedown
        item.extension += working_days
        clocks.recompute(item, calendar)
        if item.due_at and item.due_at > at:
            clocks.undo_miss(item)
        item.changed_at = at
        item.version += 1
    Item.objects.bulk_update(
        items,
        [
            "extension",
            "due_at",
            "derivation",
            "missed_at",
            "escalation_step",
            "escalate_at",
            "changed_at",
            "version",
        ],
        batch_size=500,
    )
