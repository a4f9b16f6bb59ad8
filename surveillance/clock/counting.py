"""When a demand is due."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from surveillance.clock.derivation import Due
from surveillance.clock.instants import MIDNIGHT, ONE_DAY, end_of_day, start_of_day, utc
from surveillance.clock.limits import Limit, Pause, Reason, StartRule, Step, Unit
from surveillance.clock.working_days import WorkingCalendar, add_working_days

ONE_HOUR = timedelta(hours=1)


class ClockStands(ValueError):
    """The due date depends on a pause that has not ended yet."""

    def __init__(self, pause: Pause) -> None:
        self.pause = pause
        super().__init__(
            _(
                "The clock has stood since %(from)s (%(reason)s). There is no due date until it "
                "runs again: give the pause an end first."
            )
            % {"from": utc(pause.from_).isoformat(), "reason": pause.reason}
        )


def due(
    start: datetime,
    limit: Limit,
    calendar: WorkingCalendar,
    *,
    pauses: Sequence[Pause] = (),
    extension: int = 0,
) -> Due:
    """When a demand received at `start` is due, and why.

    `extension` adds to the limit in its own unit. A working day that a pause touches is not
    counted, be it the day on which the clock is stopped or set going; hours paused are added to
    the minute. So a pause never leaves less time than there was without it. A pause that begins
    when the limit has run out changes nothing.

    Raises CalendarHorizon past the calendar's last day, ClockStands if a pause without an end
    falls within the limit, ValueError for a naive instant or a negative extension.
    """
    started_at = utc(start)
    if extension < 0:
        raise ValueError(f"extension: at least 0, not {extension}. A limit cannot be shortened.")
    if limit.unit is Unit.HOURS:
        due_at, steps = _run_hours(started_at, limit, calendar, pauses, extension)
    else:
        steps = _count_working_days(started_at, limit, calendar, pauses, extension)
        due_at = end_of_day(steps[-1].day, limit.day_ends_at, calendar.zone)
    return Due(
        due_at,
        started_at,
        limit,
        calendar.code,
        calendar.version,
        calendar.time_zone,
        extension,
        tuple(steps),
        tuple(pauses),
    )


def derive_again(derived: Due, calendar: WorkingCalendar) -> Due:
    """What `derived` was derived from, derived again: equal to it with the calendar it names."""
    return due(
        derived.started_at,
        derived.limit,
        calendar,
        pauses=derived.pauses,
        extension=derived.extension,
    )


def _count_working_days(
    start: datetime,
    limit: Limit,
    calendar: WorkingCalendar,
    pauses: Sequence[Pause],
    extension: int,
) -> list[Step]:
    steps = _receipt(start, limit, calendar)
    spans = [(*_paused_days(pause, limit, calendar.zone), pause) for pause in pauses]
    last, number, day = limit.amount + extension, 0, steps[-1].day
    while number < last:
        day += ONE_DAY
        if off := calendar.day_off(day):
            steps.append(Step(day, False, *off))
            continue
        for first_paused, last_paused, pause in spans:
            if first_paused <= day and (last_paused is None or day <= last_paused):
                if last_paused is None:
                    raise ClockStands(pause)
                steps.append(Step(day, False, Reason.PAUSED, pause.reason))
                break
        else:
            number += 1
            weekend = day.weekday() in calendar.weekend
            worked = calendar.extra_working_days[day] if weekend else ""
            steps.append(Step(day, True, Reason.COUNTED, worked, number))
    return steps


def _receipt(start: datetime, limit: Limit, calendar: WorkingCalendar) -> list[Step]:
    """The steps from the day of receipt to the one that it counts as, which is day 0."""
    local = start.astimezone(calendar.zone)
    day = local.date()
    off = calendar.day_off(day)
    late = not off and limit.cut_off is not None and local.time() > limit.cut_off
    deferred = limit.start_rule is StartRule.RECEIPT and off
    if not late and not deferred:
        return [Step(day, False, Reason.RECEIVED)]
    steps = [Step(day, False, Reason.RECEIVED_LATE if late else Reason.RECEIVED_ON_DAY_OFF)]
    day += ONE_DAY
    while limit.start_rule is StartRule.RECEIPT and (off := calendar.day_off(day)):
        steps.append(Step(day, False, *off))
        day += ONE_DAY
    steps.append(Step(day, False, Reason.DEEMED_RECEIVED))
    return steps


def _paused_days(pause: Pause, limit: Limit, zone: ZoneInfo) -> tuple[date, date | None]:
    """First and last day that a pause touches; the evening after `day_ends_at` is no part of one.

    The first day lies after the last if it touches none. The last is None while it lasts.
    """
    begins = pause.from_.astimezone(zone)
    first = begins.date()
    if limit.day_ends_at and begins.time() >= limit.day_ends_at:
        first += ONE_DAY
    if pause.to is None:
        return first, None
    if pause.to == pause.from_:
        return first, first - ONE_DAY
    ends = pause.to.astimezone(zone)
    return first, ends.date() - ONE_DAY if ends.time() == MIDNIGHT else ends.date()


def _run_hours(
    start: datetime,
    limit: Limit,
    calendar: WorkingCalendar,
    pauses: Sequence[Pause],
    extension: int,
) -> tuple[datetime, list[Step]]:
    instant, zone = start, calendar.zone
    if limit.start_rule is StartRule.DAY_AFTER_RECEIPT:
        local = start.astimezone(zone)
        instant += ONE_HOUR - timedelta(
            minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )
    elif limit.start_rule is StartRule.NEXT_WORKING_DAY:
        first = add_working_days(start.astimezone(zone).date(), 1, calendar)
        instant = start_of_day(first, zone)
    hours = limit.amount + extension
    left = timedelta(hours=hours)
    steps = [_at(instant, zone, Reason.HOURS_START)]
    for pause in sorted(pauses, key=lambda pause: utc(pause.from_)):
        stops = max(utc(pause.from_), instant)
        if stops >= instant + left:
            break
        if pause.to is None:
            raise ClockStands(pause)
        if (resumes := utc(pause.to)) > stops:
            steps.append(Step(stops.astimezone(zone).date(), False, Reason.PAUSED, pause.reason))
            left -= stops - instant
            instant = resumes
    due_at = instant + left
    steps.append(_at(due_at, zone, Reason.HOURS_END, hours))
    return due_at, steps


def _at(instant: datetime, zone: ZoneInfo, reason: Reason, number: int | None = None) -> Step:
    local = instant.astimezone(zone)
    return Step(local.date(), number is not None, reason, local.strftime("%H:%M"), number)
