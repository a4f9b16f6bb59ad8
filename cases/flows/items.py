"""Verbs of items: answered by the platform, checked by the authority, chased by the clock.

Portal, API and file all answer through `answer`; there is no other way.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.flows import cases, clocks, contents, takedowns
from cases.flows.given_answers import already_given
from cases.letters import recipients, to_platform, to_staff
from cases.models import Case, Item
from cases.states import (
    ANSWERS,
    ITEM_ANSWERED,
    ITEM_AWAITS_PLATFORM,
    ITEM_OPEN,
    CaseState,
    ItemState,
    TakedownState,
)
from sellers.flows import listings
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import User
from surveillance.accounts.rights import Right
from surveillance.flow import Change, Transition, perform, require_text


def _cannot_come_back(item: Item) -> str:
    if item.takedown.state == TakedownState.WITHDRAWN:
        return gettext("The request was withdrawn; draft a new one.")
    if item.successors.exists():
        return gettext("Its return has been noted.")
    return ""


def _appeal_first(item: Item, by: Actor) -> str:
    """What an appeal asks is not decided by the way."""
    if item.has_open_appeal:
        return gettext("The platform has appealed; the appeal is decided first.")
    return ""


def _not_started(item: Item, by: Actor) -> str:
    if item.started_at is None:
        return gettext("This request has not been issued.")
    return ""


ANSWER = Transition(
    "item.answer",
    Right.ANSWER_ITEM,
    _("Answer"),
    _("answered “%(outcome)s” for %(listing)s"),
    from_=ITEM_AWAITS_PLATFORM,
    to=ANSWERS,
    objection=_not_started,
)
SUPPLY_INFORMATION = Transition(
    "item.supply_information",
    Right.CHECK_ITEM,
    _("Give the information"),
    _("gave the information asked for"),
    from_={ItemState.NEEDS_INFORMATION},
    to={ItemState.PENDING},
)
CONFIRM_REMOVAL = Transition(
    "item.confirm_removal",
    Right.CHECK_ITEM,
    _("Confirm the removal"),
    _("verified that %(listing)s is gone"),
    from_={ItemState.REMOVED, ItemState.NOT_FOUND},
    to={ItemState.CONFIRMED},
    objection=_appeal_first,
)
REJECT_ANSWER = Transition(
    "item.reject_answer",
    Right.CHECK_ITEM,
    _("Reject the answer"),
    _("rejected the answer; %(listing)s is still online"),
    from_=ITEM_ANSWERED,
    to={ItemState.STILL_ONLINE},
    objection=_appeal_first,
)
ACCEPT_REFUSAL = Transition(
    "item.accept_refusal",
    Right.CHECK_ITEM,
    _("Accept the refusal"),
    _("accepted the refusal"),
    from_={ItemState.REFUSED},
    to={ItemState.REFUSAL_ACCEPTED},
    objection=_appeal_first,
)
WITHDRAW = Transition(
    "item.withdraw",
    Right.WITHDRAW_TAKEDOWN,
    _("Withdraw"),
    _("withdrew %(listing)s from the request"),
    from_=ITEM_OPEN,
    to={ItemState.WITHDRAWN},
    objection=_not_started,
)
NOTE_RELISTED = Transition(
    "item.note_relisted",
    Right.CHECK_ITEM,
    _("It came back"),
    _("found %(listing)s online again"),
    from_={ItemState.CONFIRMED},
    objection=lambda item, by: _cannot_come_back(item),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a platform says of one listing.

    `answer_id` is the platform's own: the same id again changes nothing, so a platform may send
    an answer twice. A refusal names its ground and says why; `needs_information` asks a question.
    `statement`: the platform's own statement of reasons in the words of cases/dsa.py, as JSON.
    `by_file`: the file's reference and the row in which it stands, "AF-2026-000012/7".
    """

    outcome: str
    answer_id: str = ""
    ground: str = ""
    text: str = ""
    statement: Mapping[str, Any] | None = None
    by_file: str = ""

    def digest(self) -> str:
        """Tells two answers under one id apart."""
        said: list[Any] = [self.outcome, self.ground, self.text]
        if self.statement:
            said.append(dict(self.statement))
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def check(self) -> None:
        """Raises ValidationError naming the field that is missing or wrong."""
        if self.outcome not in ANSWERS:
            raise ValidationError(
                {
                    "outcome": gettext("Answer with one of: %(answers)s.")
                    % {"answers": ", ".join(sorted(ANSWERS))}
                }
            )
        if self.outcome == ItemState.REFUSED:
            if self.ground not in Item.Ground.values:
                raise ValidationError({"ground": gettext("Name the ground of the refusal.")})
            require_text(text=self.text)
        if self.outcome == ItemState.NEEDS_INFORMATION:
            require_text(text=self.text)


def answer(item: Item, reply: Answer, *, by: Actor, at: datetime | None = None) -> Item:
    """The platform answers for one listing; its clock stops. For many see batches.py."""
    reply.check()
    if (known := already_given(item, reply, by)) is not None:
        return known
    with perform(ANSWER, item, by=by, at=at) as change:
        give(change, reply)
        change.send(*tell_inspector(change.row, change.at))
        refresh(change)
    return change.row


def give(change: Change[Item], reply: Answer) -> None:
    """What an answer does to its item."""
    row = change.row
    if row.paused_at:  # it stood for our sake, and ends with the answer
        clocks.resume(row, change.at)
    say(change, reply)
    row.answered_at = change.at
    row.corrected_at = None
    if row.first_answered_at is None and reply.outcome in ITEM_ANSWERED:
        row.first_answered_at = change.at
        row.answered_in_time = row.due_at is None or change.at < row.due_at
    if reply.outcome == ItemState.NEEDS_INFORMATION:
        row.question = reply.text
        clocks.pause(row, change.at, gettext("the platform asked for information"))
    clocks.stop(row)


def say(change: Change[Item], reply: Answer) -> None:
    """The words of an answer, whether it is the first or corrects one."""
    row = change.row
    row.state = reply.outcome
    row.answer_id = reply.answer_id
    row.ground = reply.ground if reply.outcome == ItemState.REFUSED else ""
    row.answer_text = reply.text
    row.statement = dict(reply.statement) if reply.statement else None
    row.identified = _identified(reply)
    change.note(outcome=reply.outcome, listing=row.listing.title)
    if reply.answer_id:
        change.note(answer_id=reply.answer_id, digest=reply.digest())
    if reply.by_file:
        change.note(by_file=reply.by_file)


def supply_information(
    item: Item, *, by: Actor, information: str, at: datetime | None = None
) -> Item:
    """Give the platform what it asked for; its clock goes on where it stood."""
    require_text(information=information)
    with perform(SUPPLY_INFORMATION, item, by=by, at=at) as change:
        change.row.information = information
        clocks.resume(change.row, change.at)
        _tell_platform(change, "supply_information")
        refresh(change)
    return change.row


def confirm_removal(item: Item, *, by: Actor, note: str = "", at: datetime | None = None) -> Item:
    """Somebody has looked: the listing is gone."""
    with perform(CONFIRM_REMOVAL, item, by=by, at=at, reason=note) as change:
        row = change.row
        row.verified_at = change.at
        row.decision = note
        listings.mark_gone(row.listing, by=by, at=change.at)
        _tell_platform(change, "confirm_removal")
        settle(change)
    return change.row


def reject_answer(item: Item, *, by: Actor, reason: str, at: datetime | None = None) -> Item:
    """Somebody has looked: the listing is still there, or the refusal does not hold. A new limit
    starts now."""
    require_text(reason=reason)
    with perform(REJECT_ANSWER, item, by=by, at=at, reason=reason) as change:
        row = change.row
        row.decision = reason
        calendar = clocks.working_calendar(row.takedown.regime)
        clocks.start(row, change.at, calendar)
        row.appeal_until = deadlines.of_appeal(change.at, deadlines.APPEAL_WITHIN, calendar).due_at
        row.state = ItemState.STILL_ONLINE
        _tell_platform(change, "reject_answer")
        refresh(change)
    return change.row


def accept_refusal(item: Item, *, by: Actor, reason: str, at: datetime | None = None) -> Item:
    """The platform was right to refuse."""
    require_text(reason=reason)
    with perform(ACCEPT_REFUSAL, item, by=by, at=at, reason=reason) as change:
        change.row.decision = reason
        _tell_platform(change, "accept_refusal")
        settle(change)
    return change.row


def withdraw(item: Item, *, by: Actor, reason: str, at: datetime | None = None) -> Item:
    """This listing need not be taken down after all."""
    require_text(reason=reason)
    with perform(WITHDRAW, item, by=by, at=at, reason=reason) as change:
        change.row.decision = reason
        _tell_platform(change, "withdraw")
        settle(change)
    return change.row


def note_relisted(item: Item, *, by: Actor, at: datetime | None = None) -> Item:
    """The listing is back. Returns the new item, which inherits the request and a new limit."""
    with perform(NOTE_RELISTED, item, by=by, at=at) as change:
        row, takedown = change.row, change.row.takedown
        change.note(listing=row.listing.title)
        listings.see_again(row.listing, by=by, at=change.at)
        if takedown.state == TakedownState.CLOSED:
            takedown = takedowns.reopen(
                takedown, by=by, reason=gettext("A listing came back."), at=change.at
            )
        successor = Item(
            takedown=takedown,
            number=contents.next_number(takedown),
            listing=row.listing,
            predecessor=row,
            changed_at=change.at,
        )
        clocks.start(successor, change.at)
        successor.save(force_insert=True)
        _enforce_again(takedown.case, by, change.at)
        change.send(
            to_platform.TakedownIssued(
                **to_platform.addressed(takedown), at=change.at, items=(successor,)
            )
        )
        change.afterwards(lambda: clocks.refresh(takedown, change.at))
    return successor


def _enforce_again(case: Case, by: Actor, at: datetime) -> None:
    """A case with an open item is neither closed nor only watched."""
    if case.state == CaseState.CLOSED:
        case = cases.reopen(case, by=by, reason=gettext("A listing came back."), at=at)
    if case.state != CaseState.ENFORCING:
        cases.enforce(case, by=by, at=at)


def _identified(reply: Answer) -> bool | None:
    """Did the platform find the listing? The EU and Japanese figures divide by those it did."""
    if reply.outcome == ItemState.NEEDS_INFORMATION:
        return None
    return reply.outcome != ItemState.NOT_FOUND and reply.ground != Item.Ground.NOT_OURS


def tell_inspector(item: Item, at: datetime) -> list[to_staff.AnswersArrived]:
    """One notice for a request and minute, however many listings were answered."""
    takedown = item.takedown
    assignee = User.objects.filter(pk=takedown.case.assignee_id)
    return [
        to_staff.AnswersArrived(
            about=takedown.reference,
            recipients=recipients.of_staff(assignee, by_email=False),
            link=to_staff.desk_link(takedown),
            takedown=takedown,
            unique=f"answers:{takedown.reference}:{at:%Y-%m-%dT%H:%M}",
        )
    ]


def _tell_platform(change: Change[Item], decision: str) -> None:
    item = change.row
    change.note(listing=item.listing.title)
    change.send(
        to_platform.ItemDecided(
            **to_platform.addressed(item.takedown), at=change.at, item=item, decision=decision
        )
    )


def refresh(change: Change[Item]) -> None:
    change.afterwards(lambda: clocks.refresh(change.row.takedown, change.at))


def settle(change: Change[Item]) -> None:
    """Nothing is left to do for this item; when it was the last one, the case only watches."""
    change.row.settled_at = change.at
    clocks.stop(change.row)
    refresh(change)
    case_id = change.row.takedown.case_id
    change.afterwards(lambda: cases.monitor_when_settled(case_id, by=change.by, at=change.at))
