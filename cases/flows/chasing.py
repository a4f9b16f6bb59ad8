"""Verbs of the clock: remind of what falls due, note what was missed, climb the ladder.

Only the sweeps perform them (cases/flows/sweeps.py). Each checks under the lock that its instant
has come, so that two sweeps at once, or a late one, never do the same step twice.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.flows import clocks, formal_steps
from cases.letters import recipients, to_platform, to_staff
from cases.models import Item, TakedownRequest
from cases.states import ITEM_AWAITS_PLATFORM, TakedownState
from sellers.models import ContactPoint
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import User
from surveillance.accounts.rights import Right
from surveillance.calendars.models import Regime
from surveillance.clock import Unit, WorkingCalendar, next_working_instant
from surveillance.flow import Change, FlowError, Transition, WrongState, perform, perform_many

_RELATED = (
    "takedown__case__office__organisation",
    "takedown__platform__organisation",
    "takedown__regime",
    "listing",
)

REMIND = Transition(
    "takedown.remind",
    Right.RUN_SWEEP,
    _("Remind"),
    _("reminded the platform of %(count)s listings"),
    from_={TakedownState.ISSUED},
    objection=lambda takedown, by: "" if takedown.remind_at else gettext("No reminder is due."),
)
NOTE_MISSED_DEADLINE = Transition(
    "item.note_missed_deadline",
    Right.RUN_SWEEP,
    _("Note the missed deadline"),
    _("missed the deadline"),
    from_=ITEM_AWAITS_PLATFORM,
    objection=lambda item, by: (
        gettext("This missed deadline has been noted.") if item.missed_at else ""
    ),
)
ESCALATE = Transition(
    "item.escalate",
    Right.RUN_SWEEP,
    _("Escalate"),
    _("is still unanswered; told %(to)s"),
    from_=ITEM_AWAITS_PLATFORM,
    objection=lambda item, by: "" if item.escalate_at else gettext("No rung is due."),
)


def remind(takedown: TakedownRequest, *, by: Actor, at: datetime | None = None) -> TakedownRequest:
    """Remind the platform of what it has not answered yet: each point of the regime once, and
    not once the limit has passed. A sweep that comes after closing time waits for the opening."""
    with perform(REMIND, takedown, by=by, at=at) as change:
        row = change.row
        if row.remind_at is None or change.at < row.remind_at:
            raise WrongState(gettext("No reminder is due."))
        calendar = clocks.agreed_calendar(row)
        if not _in_working_hours(row.regime, calendar, change.at):
            raise WrongState(gettext("The platform is reminded in its working hours."))
        waiting = row.items.running().filter(due_at__gt=change.at)
        items = tuple(waiting.select_related("listing", "takedown__regime").order_by("number"))
        change.note(count=len(items))
        if items:
            change.send(
                to_platform.TakedownReminder(
                    **to_platform.chasing(row),
                    at=change.at,
                    items=items,
                    useful_until=min(filter(None, (item.due_at for item in items))),
                    unique=f"remind:{row.reference}:{row.remind_at:%Y-%m-%dT%H:%M}",
                )
            )
        row.remind_at = None
        change.afterwards(lambda: clocks.refresh(row, change.at))
    return change.row


class Late:
    """What is late in one request as its items are noted or climb: read once for all of them, and
    each letter written once."""

    def __init__(self, takedown: TakedownRequest, at: datetime) -> None:
        self.takedown = takedown
        self.at = at
        self.calendar = clocks.agreed_calendar(takedown)
        self._together: dict[datetime, tuple[Item, ...]] = {}
        self._said: set[str] = set()

    def together_with(self, item: Item) -> tuple[Item, ...]:
        """The items that were due with this one and have not been answered either."""
        due_at = item.due_at
        assert due_at is not None
        if due_at not in self._together:
            late = self.takedown.items.overdue(self.at).filter(due_at=due_at)
            self._together[due_at] = tuple(late.for_list().order_by("number"))
        return self._together[due_at]

    def first_to_say(self, unique: str) -> bool:
        """Whether this letter has not been written yet: the queue would drop it anyway."""
        if unique in self._said:
            return False
        self._said.add(unique)
        return True


def note_missed_deadline(item: Item, *, by: Actor, at: datetime | None = None) -> Item:
    """The limit has passed without an answer: noted once, told to the platform and to the first
    rung of the ladder. The letter names every listing of the request that is late with it."""
    with perform(NOTE_MISSED_DEADLINE, item, by=by, at=at) as change:
        _note_missed(change, Late(change.row.takedown, change.at))
    return change.row


def note_missed_deadlines(items: Sequence[Item], *, by: Actor, at: datetime) -> int:
    """The same for items of one request, in one transaction. Returns how many were noted."""
    return _each_of_request(NOTE_MISSED_DEADLINE, items, _note_missed, by, at)


def escalate(item: Item, *, by: Actor, at: datetime | None = None) -> Item:
    """Still no answer: the next rung of the ladder."""
    with perform(ESCALATE, item, by=by, at=at) as change:
        _escalate(change, Late(change.row.takedown, change.at))
    return change.row


def escalate_together(items: Sequence[Item], *, by: Actor, at: datetime) -> int:
    """The same for items of one request, in one transaction. Returns how many have climbed."""
    return _each_of_request(ESCALATE, items, _escalate, by, at)


def _each_of_request(
    transition: Transition,
    items: Sequence[Item],
    act: Callable[[Change[Item], Late], None],
    by: Actor,
    at: datetime,
) -> int:
    """Items that somebody was faster with are passed over."""
    done = 0
    with perform_many(transition, items, by=by, at=at, related=_RELATED) as many:
        rows = list(many.rows.values())
        late = Late(rows[0].takedown, at) if rows else None
        for row in rows:
            with suppress(FlowError), many.one(row) as change:
                assert late is not None
                act(change, late)
                done += 1
    return done


def _note_missed(change: Change[Item], late: Late) -> None:
    row = change.row
    if row.due_at is None or change.at < row.due_at or row.paused_at:
        raise WrongState(gettext("The deadline has not passed."))
    together = late.together_with(row)
    row.missed_at = change.at
    row.missed_count += 1
    change.note(due_at=row.due_at)
    unique = f"missed:{row.takedown.reference}:{row.due_at:%Y-%m-%dT%H:%M}"
    # The first of its request to be noted speaks for all that were due together.
    if not any(item.missed_at for item in together) and late.first_to_say(unique):
        change.send(
            to_platform.DeadlineMissed(
                **to_platform.chasing(row.takedown),
                at=change.at,
                items=together,
                unique=unique,
            )
        )
    _climb(change, late)


def _escalate(change: Change[Item], late: Late) -> None:
    row = change.row
    if row.escalate_at is None or change.at < row.escalate_at:
        raise WrongState(gettext("No rung is due."))
    _climb(change, late)


def _climb(change: Change[Item], late: Late) -> None:
    """Tell the rung that is reached now, and note when the next one will be."""
    item = change.row
    if rung := clocks.next_rung(item):
        change.note(to=rung.to)
        if late.first_to_say(_unique(rung.to, item)):
            _RUNGS[rung.to](change, late)
        item.escalation_step += 1
    clocks.await_next_rung(item, late.calendar)


def _unique(to: str, item: Item) -> str:
    return f"{to}:{item.takedown.reference}:{item.due_at:%Y-%m-%dT%H:%M}"


def _in_working_hours(regime: Regime, calendar: WorkingCalendar, at: datetime) -> bool:
    """A limit in hours runs day and night, and so do its reminders."""
    if regime.limit_unit == Unit.HOURS:
        return True
    return next_working_instant(at, calendar, deadlines.OPENS, deadlines.CLOSES) <= at


def _tell_staff(change: Change[Item], late: Late, to: str, users: Iterable[User]) -> None:
    item = change.row
    change.send(
        to_staff.DeadlineMissedNotice(
            about=item.takedown.reference,
            recipients=recipients.at_work(
                recipients.of_staff(users), recipients.working_days_in(_authority_in(item))
            ),
            link=to_staff.desk_link(item.takedown) + _PLACES.get(to, ""),
            takedown=item.takedown,
            items=late.together_with(item),
            to=to,
            unique=_unique(to, item),
        )
    )


def _authority_in(item: Item) -> str:
    jurisdiction: str = item.takedown.case.office.organisation.jurisdiction
    return jurisdiction


def _tell_inspector(change: Change[Item], late: Late) -> None:
    assignee = change.row.takedown.case.assignee_id
    _tell_staff(change, late, "inspector", User.objects.active().filter(pk=assignee))


def _tell_supervisors(change: Change[Item], late: Late) -> None:
    office = change.row.takedown.case.office_id
    supervisors = recipients.who_may(Right.GRANT_EXTENSION, office)
    _tell_staff(change, late, "supervisor", supervisors)


def _tell_second_contact(change: Change[Item], late: Late) -> None:
    item = change.row
    change.send(
        to_platform.DeadlineMissed(
            **to_platform.chasing(item.takedown, purpose=ContactPoint.Purpose.ESCALATION),
            at=change.at,
            items=late.together_with(item),
            unique=_unique("second", item),
        )
    )


def _propose_formal_step(change: Change[Item], late: Late) -> None:
    """The letter is drafted when the items are saved; supervisors are told where it stands."""
    item = change.row
    supervisors = recipients.who_may(Right.SEND_FORMAL_LETTER, item.takedown.case.office_id)
    _tell_staff(change, late, "formal_step", supervisors)
    change.afterwards(lambda: formal_steps.prepare_for(item, change.at))


# Where in the page of the request a rung leads, if not to its top.
_PLACES = {"formal_step": "#formal-step"}
_RUNGS: dict[str, Callable[[Change[Item], Late], None]] = {
    "inspector": _tell_inspector,
    "supervisor": _tell_supervisors,
    "second_contact": _tell_second_contact,
    "formal_step": _propose_formal_step,
}
