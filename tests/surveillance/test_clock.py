"""Limits in working days and hours, by worked examples."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from surveillance import clock
from surveillance.clock import (
    CalendarHorizon,
    ClockStands,
    Limit,
    Pause,
    Reason,
    StartRule,
    Unit,
    due,
    local_due_label,
    next_working_instant,
    working_time_left,
)
from tests.surveillance.working_calendars import (
    FIRST,
    FRI_SAT,
    ONE_DAY,
    SUN,
    at,
    calendar,
    days,
    hours,
)

TAIPEI = calendar(
    holidays={date(2026, 10, 9): "National Day (observed)"},
    extra={date(2026, 10, 17): "Make-up working day"},
)
BRUSSELS = calendar("Europe/Brussels")

# ---------------------------------------------------------------- worked examples


@pytest.mark.parametrize(
    ("received", "limit", "last_day"),
    [
        # Reg. 1182/71 Art. 3(1): the day of receipt is not counted, whatever kind of day it is.
        ("2026-09-29T09:10", days(2), "2026-10-01"),  # Tue -> Thu
        ("2026-09-29T00:00", days(2), "2026-10-01"),
        ("2026-09-29T23:59:59", days(2), "2026-10-01"),
        ("2026-10-01T12:00", days(2), "2026-10-05"),  # Thu, over the weekend
        ("2026-10-03T12:00", days(2), "2026-10-06"),  # Sat: Mon is day 1
        ("2026-10-08T12:00", days(2), "2026-10-13"),  # Fri 9 is a holiday
        ("2026-10-16T12:00", days(2), "2026-10-19"),  # Sat 17 is worked
        # Receipt on a day off counts as receipt on the next working day, which is day 0.
        ("2026-09-29T09:10", days(2, StartRule.RECEIPT), "2026-10-01"),
        ("2026-10-03T12:00", days(2, StartRule.RECEIPT), "2026-10-07"),
        ("2026-10-09T12:00", days(1, StartRule.RECEIPT), "2026-10-13"),
        ("2026-09-29T17:00", days(2, StartRule.RECEIPT, cut_off=time(17)), "2026-10-01"),
        ("2026-09-29T17:00:01", days(2, StartRule.RECEIPT, cut_off=time(17)), "2026-10-02"),
        ("2026-10-02T18:00", days(2, StartRule.RECEIPT, cut_off=time(17)), "2026-10-07"),
        ("2026-10-03T18:00", days(2, StartRule.RECEIPT, cut_off=time(17)), "2026-10-07"),
        # The first working day after receipt is day 1.
        ("2026-09-29T09:10", days(2, StartRule.NEXT_WORKING_DAY), "2026-10-01"),
        ("2026-10-03T12:00", days(2, StartRule.NEXT_WORKING_DAY), "2026-10-06"),
        ("2026-09-29T18:00", days(2, StartRule.NEXT_WORKING_DAY, cut_off=time(17)), "2026-10-02"),
        ("2026-10-02T18:00", days(2, StartRule.NEXT_WORKING_DAY, cut_off=time(17)), "2026-10-06"),
        ("2026-10-04T18:00", days(2, StartRule.NEXT_WORKING_DAY, cut_off=time(17)), "2026-10-06"),
    ],
)
def test_limit_ends_at_midnight_after_its_last_day(received, limit, last_day):
    result = due(at(received), limit, TAIPEI)
    assert result.due_at == at(last_day) + ONE_DAY
    assert result.due_at.tzinfo is UTC
    assert result.steps[-1].day == date.fromisoformat(last_day)


def test_last_day_may_end_earlier():
    result = due(at("2026-09-29T09:10"), days(2, day_ends_at=time(17, 30)), TAIPEI)
    assert result.due_at == at("2026-10-01T17:30")
    assert local_due_label(result.due_at, "Asia/Taipei") == "Thu 1 Oct 2026, 17:30"


def test_day_of_receipt_is_that_of_the_calendar_not_of_the_server():
    late_evening_utc = datetime(2026, 9, 29, 20, tzinfo=UTC)  # 4:00 on the 30th in Taipei
    assert due(late_evening_utc, days(1), TAIPEI).steps[0].day == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("zone", "received", "due_at_utc"),
    [
        ("Europe/Brussels", "2026-03-26T10:00", "2026-03-30T22:00"),  # clocks go forward on Sun 29
        ("Europe/Brussels", "2026-10-22T10:00", "2026-10-26T23:00"),  # and back on Sun 25
        ("America/New_York", "2026-03-05T10:00", "2026-03-10T04:00"),
        ("Australia/Sydney", "2026-10-01T10:00", "2026-10-05T13:00"),
    ],
)
def test_a_change_of_the_clocks_moves_only_the_instant(zone, received, due_at_utc):
    result = due(at(received, zone), days(2), calendar(zone))
    assert result.due_at == datetime.fromisoformat(due_at_utc).replace(tzinfo=UTC)
    assert local_due_label(result.due_at, zone).endswith("24:00")


def test_a_day_whose_midnight_is_skipped_begins_with_its_first_instant():
    beirut = calendar("Asia/Beirut")  # on 29 March 2026 the day begins at 1:00
    saturday_too = calendar("Asia/Beirut", weekend=SUN)
    result = due(at("2026-03-27T10:00", "Asia/Beirut"), days(1), saturday_too)
    assert result.due_at == datetime(2026, 3, 28, 22, tzinfo=UTC)
    assert local_due_label(result.due_at, beirut.zone) == "Sat 28 Mar 2026, 24:00"


def test_an_hour_that_comes_twice_ends_the_second_time():
    brussels = calendar("Europe/Brussels", weekend=frozenset())
    limit = days(1, day_ends_at=time(2, 30))
    forth = due(at("2026-10-24T10:00", "Europe/Brussels"), limit, brussels)
    assert forth.due_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    back = due(at("2026-03-28T10:00", "Europe/Brussels"), limit, brussels)
    assert back.due_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_leap_day_and_the_end_of_a_year_are_days_like_others():
    assert due(at("2024-02-28T12:00"), days(1), TAIPEI).steps[-1].day == date(2024, 2, 29)
    assert due(at("2025-02-28T12:00"), days(1), TAIPEI).steps[-1].day == date(2025, 3, 3)
    assert due(at("2026-12-30T12:00"), days(2), TAIPEI).steps[-1].day == date(2027, 1, 1)


def test_weekends_need_not_be_saturday_and_sunday():
    gulf = calendar("Asia/Kuwait", FRI_SAT)
    assert due(at("2026-10-01T12:00", "Asia/Kuwait"), days(1), gulf).steps[-1].day == date(
        2026, 10, 4
    )


def test_a_closure_outweighs_an_extra_working_day():
    saturday = date(2026, 10, 17)
    typhoon = calendar(holidays={saturday: "Typhoon"}, extra={saturday: "Make-up working day"})
    assert not typhoon.is_working_day(saturday)
    assert TAIPEI.is_working_day(saturday)


# ---------------------------------------------------------------- pauses, hours, errors


@pytest.mark.parametrize(
    ("from_", "to", "last_day"),
    [
        ("2026-09-30T10:00", "2026-09-30T11:00", "2026-10-02"),  # within day 1
        ("2026-09-30T10:00", "2026-10-01T09:00", "2026-10-05"),  # stopped on one, on again on two
        ("2026-09-30T10:00", "2026-10-01T00:00", "2026-10-02"),  # until midnight: day 1 only
        ("2026-09-29T10:00", "2026-09-29T12:00", "2026-10-01"),  # on the day of receipt
        ("2026-10-03T00:00", "2026-10-05T00:00", "2026-10-01"),  # after the last day
        ("2026-09-30T10:00", "2026-09-30T10:00", "2026-10-01"),  # of no length
    ],
)
def test_a_working_day_that_a_pause_touches_is_not_counted(from_, to, last_day):
    pause = Pause(at(from_), at(to), "asked about the batch")
    result = due(at("2026-09-29T09:10"), days(2), TAIPEI, pauses=[pause])
    assert result.due_at == at(last_day) + ONE_DAY


def test_a_missed_limit_is_not_undone_by_a_question_in_the_evening():
    limit = days(2, day_ends_at=time(17))
    evening = Pause(at("2026-10-01T18:00"), None, "question")
    assert due(at("2026-09-29T09:10"), limit, TAIPEI, pauses=[evening]).due_at == at(
        "2026-10-01T17:00"
    )


def test_there_is_no_due_date_while_the_clock_stands():
    pause = Pause(at("2026-09-30T10:00"), None, "asked about the batch")
    with pytest.raises(ClockStands, match="asked about the batch"):
        due(at("2026-09-29T09:10"), days(2), TAIPEI, pauses=[pause])
    with pytest.raises(ClockStands):
        due(at("2026-09-29T09:10"), hours(72), TAIPEI, pauses=[pause])


@pytest.mark.parametrize(
    ("rule", "due_at_utc"),
    [
        (StartRule.RECEIPT, "2026-03-29T08:10"),
        (StartRule.DAY_AFTER_RECEIPT, "2026-03-29T09:00"),
        (StartRule.NEXT_WORKING_DAY, "2026-03-31T22:00"),
    ],
)
def test_hours_run_day_and_night_in_elapsed_time(rule, due_at_utc):
    friday = at("2026-03-27T09:10", "Europe/Brussels")  # clocks go forward on Sunday
    assert due(friday, hours(48, rule), BRUSSELS).due_at == datetime.fromisoformat(
        due_at_utc
    ).replace(tzinfo=UTC)


def test_paused_hours_are_given_back_to_the_minute_and_once():
    pauses = [
        Pause(at("2026-10-01T12:00"), at("2026-10-01T14:30"), "question"),
        Pause(at("2026-10-01T13:00"), at("2026-10-01T14:00"), "within the other"),
        Pause(at("2026-10-01T08:00"), at("2026-10-01T10:00"), "began before receipt"),
    ]
    result = due(at("2026-10-01T09:00"), hours(24), TAIPEI, pauses=pauses)
    assert result.due_at == at("2026-10-02T09:00") + timedelta(hours=2, minutes=30) + timedelta(
        hours=1
    )


def test_past_the_horizon_the_calendar_says_what_to_do():
    short = calendar(last=date(2026, 12, 31))
    with pytest.raises(CalendarHorizon) as error:
        due(at("2026-12-30T12:00"), days(2), short)
    assert error.value.day == date(2027, 1, 1)
    for part in ("TEST", "version 7", "2027-01-01", "Add the public holidays of 2027"):
        assert part in str(error.value)
    with pytest.raises(CalendarHorizon):
        short.is_working_day(FIRST - ONE_DAY)


def test_bad_arguments_are_refused():
    naive = datetime(2026, 10, 1)  # noqa: DTZ001 - that it is naive is the point
    with pytest.raises(ValueError, match="time zone"):
        due(naive, days(2), TAIPEI)
    with pytest.raises(ValueError, match="time zone"):
        Pause(naive, None, "question")
    with pytest.raises(ValueError, match="before it begins"):
        Pause(at("2026-10-02"), at("2026-10-01"), "question")
    with pytest.raises(ValueError, match="extension"):
        due(at("2026-10-01"), days(2), TAIPEI, extension=-1)
    with pytest.raises(ValueError, match="amount"):
        days(0)
    with pytest.raises(ValueError, match="cut_off"):
        days(2, StartRule.DAY_AFTER_RECEIPT, cut_off=time(17))
    with pytest.raises(ValueError, match="day and night"):
        Limit(2, Unit.HOURS, StartRule.RECEIPT, day_ends_at=time(17))
    with pytest.raises(ValueError, match="weekend"):
        calendar(weekend=frozenset(range(7)))
    with pytest.raises(TypeError, match="local date"):
        TAIPEI.is_working_day(at("2026-10-01"))


# ---------------------------------------------------------------- sentences, chips, reminders


def test_each_day_is_explained_in_a_sentence():
    pause = Pause(at("2026-10-12T10:00"), at("2026-10-12T11:00"), "asked about the batch")
    result = due(at("2026-10-08T12:00"), days(5), TAIPEI, pauses=[pause])
    assert result.sentences() == [
        "Thu 8 Oct 2026: received; the day of receipt is not counted",
        "Fri 9 Oct 2026: not counted, holiday: National Day (observed)",
        "Sat 10 Oct 2026: not counted, weekend",
        "Sun 11 Oct 2026: not counted, weekend",
        "Mon 12 Oct 2026: not counted, the clock stood: asked about the batch",
        "Tue 13 Oct 2026: counted, working day 1 of 5",
        "Wed 14 Oct 2026: counted, working day 2 of 5",
        "Thu 15 Oct 2026: counted, working day 3 of 5",
        "Fri 16 Oct 2026: counted, working day 4 of 5",
        "Sat 17 Oct 2026: counted, working day 5 of 5, worked although a weekend: "
        "Make-up working day",
    ]
    assert result.summary() == (
        "Due Sat 17 Oct 2026, 24:00 (Asia/Taipei), by calendar TEST, version 7"
    )


def test_late_receipt_and_hours_are_explained_too():
    late = due(at("2026-10-02T18:00"), days(1, StartRule.RECEIPT, cut_off=time(17)), TAIPEI)
    assert late.sentences() == [
        "Fri 2 Oct 2026: received after the cut-off at 17:00",
        "Sat 3 Oct 2026: not counted, weekend",
        "Sun 4 Oct 2026: not counted, weekend",
        "Mon 5 Oct 2026: counts as the day of receipt, which is not counted",
        "Tue 6 Oct 2026: counted, working day 1 of 1",
    ]
    day_off = due(at("2026-10-03T09:00"), days(1, StartRule.RECEIPT), TAIPEI)
    assert day_off.sentences()[0] == "Sat 3 Oct 2026: received, not a working day"
    by_hours = due(at("2026-10-02T18:00"), hours(24), TAIPEI)
    assert by_hours.sentences() == [
        "Fri 2 Oct 2026: the hours begin to run at 18:00, day and night",
        "Sat 3 Oct 2026: the last of 24 hours ends at 18:00",
    ]
    assert by_hours.steps[-1].reason is Reason.HOURS_END


@pytest.mark.parametrize(
    ("moment", "left"),
    [
        ("2026-10-08T09:00", 2),  # due at the end of Tue 13; Fri 9 is a holiday
        ("2026-10-10T09:00", 2),
        ("2026-10-12T09:00", 1),
        ("2026-10-13T00:00", 0),
        ("2026-10-13T23:59", 0),
        ("2026-10-14T00:00", -1),
        ("2026-10-17T12:00", -4),
        ("2026-10-18T12:00", -4),
    ],
)
def test_working_time_left(moment, left):
    assert working_time_left(at(moment), at("2026-10-14"), TAIPEI) == left


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-10-08T08:59", "2026-10-08T09:00"),
        ("2026-10-08T09:00", "2026-10-08T09:00"),
        ("2026-10-08T12:34:56", "2026-10-08T12:34:56"),
        ("2026-10-08T17:00", "2026-10-12T09:00"),  # closed; then a holiday and a weekend
        ("2026-10-10T12:00", "2026-10-12T09:00"),
        ("2026-10-16T17:30", "2026-10-17T09:00"),  # a Saturday that is worked
    ],
)
def test_next_working_instant(moment, expected):
    result = next_working_instant(at(moment), TAIPEI, opens=time(9), closes=time(17))
    assert result == at(expected)
    assert result.tzinfo is UTC


def test_opening_hours_must_be_in_order():
    with pytest.raises(ValueError, match="closes"):
        next_working_instant(at("2026-10-08"), TAIPEI, opens=time(17), closes=time(9))


def test_everybody_asks_one_clock():
    moment = at("2030-01-01T08:00")
    clock.set_source(lambda: moment)
    try:
        assert clock.now() == moment
        assert clock.now().tzinfo is UTC
    finally:
        clock.set_source(None)
    assert abs(datetime.now(UTC) - clock.now()) < timedelta(seconds=5)
