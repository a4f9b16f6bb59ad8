"""The clocks of items: started, paused, extended, restarted; and what the rows above them show.

Only these functions write `due_at`, its derivation, and what is computed from it.
"""

from datetime import datetime, timedelta

from django.db.models import Min
from django.utils.translation import gettext

from cases import deadlines
from cases.models import Case, Item, TakedownRequest
from surveillance import clock
from surveillance.calendars.models import Calendar, Regime
from surveillance.calendars.reference.regimes import Rung
from surveillance.clock import Due, Pause, Unit, WorkingCalendar
from surveillance.flow import WrongState

_INSTANT = timedelta(microseconds=1)


def working_calendar(regime: Regime) -> WorkingCalendar:
    calendar: Calendar = Calendar.objects.current().get(code=regime.calendar_code)
    return calendar.working()


def agreed_calendar(takedown: TakedownRequest) -> WorkingCalendar:
    """The calendar that the clocks of this request run by. Raises WrongState where it has changed
    since they were derived: first they are derived again, so that nothing comes too early."""
    calendar = working_calendar(takedown.regime)
    if takedown.calendar_version < calendar.version:
        raise WrongState(
            gettext("The calendar has changed; the clocks of %(takedown)s are derived again first.")
            % {"takedown": takedown.reference}
        )
    return calendar


def start(item: Item, at: datetime, calendar: WorkingCalendar | None = None) -> None:
    """The limit runs from `at`; earlier pauses, extensions and misses belong to the past."""
    item.started_at = at
    item.due_at = None
    item.derivation = None
    item.pauses = []
    item.paused_at = None
    item.extension = 0
    item.missed_at = None
    item.escalation_step = 0
    item.escalate_at = None
    recompute(item, calendar or working_calendar(item.takedown.regime))


def start_request(takedown: TakedownRequest, at: datetime) -> list[Item]:
    """The items of a request, numbered anew and their limits running from `at`: all start alike,
    so that one derivation serves them all. In memory only."""
    calendar = working_calendar(takedown.regime)
    items = list(takedown.items.select_related("listing__account").order_by("number"))
    for number, item in enumerate(items, start=1):
        item.takedown = takedown
        item.number = number
    for item in items[:1]:
        start(item, at, calendar)
        takedown.calendar_version = calendar.version
    for item in items[1:]:
        item.started_at = at
        item.due_at, item.derivation = items[0].due_at, items[0].derivation
    return items


def derive(item: Item, calendar: WorkingCalendar) -> Due | None:
    """The due date from start, limit, calendar, pauses and extension; None while the clock stands,
    and before it has started."""
    if item.started_at is None or item.paused_at is not None:
        return None
    return clock.due(
        item.started_at,
        item.takedown.regime.limit(),
        calendar,
        pauses=[Pause.from_json(span) for span in item.pauses],
        extension=item.extension,
    )


def recompute(item: Item, calendar: WorkingCalendar) -> None:
    """Derive the due date again. While the clock stands the one last derived remains.

    A date that the platform has been told is never brought forward: where a changed calendar
    would give an earlier one, date and derivation stay (docs/decisions/0016).
    """
    due = derive(item, calendar)
    if due is None or (item.due_at is not None and due.due_at < item.due_at):
        return
    item.due_at = due.due_at
    item.derivation = due.to_json()


def pause(item: Item, at: datetime, reason: str) -> None:
    """The clock stands from now on, and nobody is told that the listing is late."""
    item.pauses = [*item.pauses, Pause(at, None, reason).to_json()]
    item.paused_at = at
    stop(item)


def resume(item: Item, at: datetime, calendar: WorkingCalendar | None = None) -> None:
    """The clock goes on; if its limit was missed before it stood, so does the ladder."""
    calendar = calendar or working_calendar(item.takedown.regime)
    item.pauses = [
        {**span, "to": span["to"] or at.isoformat()}  # the open span ends now
        for span in item.pauses
    ]
    item.paused_at = None
    recompute(item, calendar)
    if item.missed_at:
        await_next_rung(item, calendar)


def undo_miss(item: Item) -> None:
    """The limit is open again: nothing of it has been missed, and the ladder begins anew."""
    item.missed_at = None
    item.escalation_step = 0
    item.escalate_at = None


def next_rung(item: Item) -> Rung | None:
    """The rung of the regime's ladder that the item reaches next; None at its top."""
    ladder = deadlines.rungs(item.takedown.regime.escalation)
    return ladder[item.escalation_step] if item.escalation_step < len(ladder) else None


def await_next_rung(item: Item, calendar: WorkingCalendar | None = None) -> None:
    """Note when the next rung is reached."""
    rung = next_rung(item)
    if rung is None or item.due_at is None:
        item.escalate_at = None
        return
    calendar = calendar or working_calendar(item.takedown.regime)
    item.escalate_at = deadlines.rung_instant(item.due_at, rung, calendar)


def stop(item: Item) -> None:
    """Nobody waits for the platform any more: the ladder is not climbed further."""
    item.escalate_at = None


def refresh(takedown: TakedownRequest, at: datetime) -> None:
    """Bring `due_at` and `remind_at` of the request, and `due_at` of its case, up to date.

    A reminder whose instant has come but which no sweep has sent yet stays due.
    """
    request = TakedownRequest.objects.filter(pk=takedown.pk)
    due_at = takedown.items.running().aggregate(first=Min("due_at"))["first"]
    waiting = request.values_list("remind_at", flat=True).get()
    since = min(at, waiting - _INSTANT) if waiting else at
    remind_at = _next_reminder(takedown, due_at, since) if due_at else None
    request.update(due_at=due_at, remind_at=remind_at)
    refresh_case(takedown.case_id)


def refresh_case(case_id: int) -> None:
    """Under the case's lock: two requests of it that change at once must see each other."""
    list(Case.objects.filter(pk=case_id).select_for_update(no_key=True).values_list("pk"))
    open_takedowns = TakedownRequest.objects.filter(case_id=case_id).open()
    first = open_takedowns.aggregate(first=Min("due_at"))["first"]
    Case.objects.filter(pk=case_id).update(due_at=first)


def _next_reminder(takedown: TakedownRequest, due_at: datetime, at: datetime) -> datetime | None:
    regime = takedown.regime
    instants = deadlines.reminder_instants(
        due_at, regime.reminders, Unit(regime.limit_unit), working_calendar(regime)
    )
    return deadlines.next_reminder(instants, at)
