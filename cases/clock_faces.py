"""Clocks as a reader sees them: running, soon, overdue, paused, met or missed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from cases.models import Appeal, Case, Item, TakedownRequest
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
    uid: str = ""
    told: bool = False
    time_zone: str = ""


class Deadlines:
    """Reads the clocks of one page at one instant; calendars are looked up once, and what many
    listings have in common, why their limit ends when it does, is told once."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._told: dict[Due, str] = {}

    @cached_property
    def _calendars(self) -> dict[str, WorkingCalendar]:
        return {calendar.code: calendar.working() for calendar in Calendar.objects.current()}

    def of_item(self, item: Item, calendar_code: str) -> Deadline | None:
        """None while the request has not been issued, or when the item was withdrawn unanswered."""
        if item.due_at is None:
            return None
        state, left = self._state_of(item, item.due_at, calendar_code)
        if not state:
            return None
        if not item.derivation:
            return Deadline(item.due_at, state, left, time_zone=self._time_zone(calendar_code))
        derivation = Due.from_json(item.derivation)
        told = derivation in self._told
        uid = self._told.setdefault(derivation, f"why-{item.number}")
        return Deadline(item.due_at, state, left, derivation, uid, told)

    def of_appeal(self, appeal: Appeal, calendar_code: str) -> Deadline | None:
        """The authority's own limit; None once it has decided. `appeal.item` is at hand."""
        if not appeal.is_open:
            return None
        return Deadline(
            appeal.due_at,
            *self._running(appeal.due_at, calendar_code),
            derivation=Due.from_json(appeal.derivation),
            uid=f"why-appeal-{appeal.item.number}",
            time_zone=self._time_zone(calendar_code),
        )

    def _state_of(self, item: Item, due_at: datetime, calendar_code: str) -> tuple[str, int | None]:
        if item.clock_runs:
            return self._running(due_at, calendar_code)
        if item.paused_at is not None and item.state in ITEM_OPEN:
            return "paused", None
        if item.answered_in_time is None:
            return "", None
        in_time = item.answered_in_time
        if item.state in ITEM_ANSWERED and item.answered_at:
            in_time = item.answered_at < due_at
        return "met" if in_time else "missed", None

    def of_takedown(
        self, takedown: TakedownRequest, derivation: Due | None = None
    ) -> Deadline | None:
        """Its next deadline. `takedown.regime` is at hand."""
        if takedown.due_at is None or takedown.state != TakedownState.ISSUED:
            return None
        state, left = self._running(takedown.due_at, takedown.regime.calendar_code)
        zone = self._time_zone(takedown.regime.calendar_code)
        return Deadline(takedown.due_at, state, left, derivation, time_zone=zone)

    def of_case(self, case: Case, calendar_code: str = "") -> Deadline | None:
        """Its next deadline, in working days where the calendar is known."""
        if case.due_at is None:
            return None
        zone = self._time_zone(calendar_code)
        return Deadline(case.due_at, *self._running(case.due_at, calendar_code), time_zone=zone)

    def _running(self, due_at: datetime, calendar_code: str) -> tuple[str, int | None]:
        """The state of a clock that runs, and the working days that are left."""
        left = self._working_days_left(due_at, calendar_code)
        if self.at >= due_at:
            state = "overdue"
        elif left is None:
            state = "soon" if due_at - self.at <= timedelta(days=1) else "running"
        else:
            state = "soon" if left <= SOON else "running"
        return state, left

    def _time_zone(self, calendar_code: str) -> str:
        """Empty where the calendar is not known."""
        calendar = self._calendars.get(calendar_code) if calendar_code else None
        return calendar.time_zone if calendar else ""

    def _working_days_left(self, due_at: datetime, calendar_code: str) -> int | None:
        """None where the calendar does not reach that far."""
        calendar = self._calendars.get(calendar_code) if calendar_code else None
        if calendar is None:
            return None
        try:
            return clock.working_time_left(self.at, due_at, calendar)
        except clock.CalendarHorizon:
            return None
