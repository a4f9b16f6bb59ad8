"""Clocks as a reader sees them: running, soon, overdue, paused, met or missed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from cases.models import Case, Item, TakedownRequest
from cases.states import ITEM_ANSWERED, ITEM_OPEN, TakedownState
from surveillance import clock
from surveillance.calendars.models import Calendar
from surveillance.clock import Due, WorkingCalendar

SOON = 1  # working days left, or fewer


@dataclass(frozen=True, slots=True)
class Deadline:
    """The arguments of the `deadline` tag, by its parameters' names."""

    due_at: datetime
    state: str
    working_days_left: int | None = None
    derivation: Due | None = None


class Deadlines:
    """Reads the clocks of one page at one instant; calendars are looked up once."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    @cached_property
    def _calendars(self) -> dict[str, WorkingCalendar]:
        return {calendar.code: calendar.working() for calendar in Calendar.objects.current()}

    def of_item(self, item: Item, calendar_code: str) -> Deadline | None:
        """None while the request has not been issued, or when the item was withdrawn unanswered."""
        if item.due_at is None:
            return None
        derivation = Due.from_json(item.derivation) if item.derivation else None
        if item.clock_runs:
            return self._running(item.due_at, calendar_code, derivation)
        if item.paused_at is not None and item.state in ITEM_OPEN:
            return Deadline(item.due_at, "paused", derivation=derivation)
        if item.answered_in_time is None:
            return None
        in_time = item.answered_in_time
        if item.state in ITEM_ANSWERED and item.answered_at:
            in_time = item.answered_at < item.due_at
        return Deadline(item.due_at, "met" if in_time else "missed", derivation=derivation)

    def of_takedown(
        self, takedown: TakedownRequest, derivation: Due | None = None
    ) -> Deadline | None:
        """Its next deadline. `takedown.regime` is at hand."""
        if takedown.due_at is None or takedown.state != TakedownState.ISSUED:
            return None
        return self._running(takedown.due_at, takedown.regime.calendar_code, derivation)

    def of_case(self, case: Case, calendar_code: str = "") -> Deadline | None:
        """Its next deadline, in working days where the calendar is known."""
        return self._running(case.due_at, calendar_code, None) if case.due_at else None

    def _running(self, due_at: datetime, calendar_code: str, derivation: Due | None) -> Deadline:
        left = self._working_days_left(due_at, calendar_code)
        if self.at >= due_at:
            state = "overdue"
        elif left is None:
            state = "soon" if due_at - self.at <= timedelta(days=1) else "running"
        else:
            state = "soon" if left <= SOON else "running"
        return Deadline(due_at, state, left, derivation)

    def _working_days_left(self, due_at: datetime, calendar_code: str) -> int | None:
        """None where the calendar does not reach that far."""
        calendar = self._calendars.get(calendar_code) if calendar_code else None
        if calendar is None:
            return None
        try:
            return clock.working_time_left(self.at, due_at, calendar)
        except clock.CalendarHorizon:
            return None
