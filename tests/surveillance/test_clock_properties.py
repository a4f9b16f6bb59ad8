"""Limits by a second opinion and by their properties.

The second opinion is `numpy.busday_offset`, which knows nothing of this code: 20,000 random
limits in the ordinary run, 1,000,000 in the one marked `long`.
"""

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveillance.clock import (
    Due,
    Pause,
    StartRule,
    WorkingCalendar,
    add_working_days,
    due,
    working_days_between,
)
from tests.surveillance.working_calendars import (
    FIRST,
    FRI_SAT,
    LAST,
    ONE_DAY,
    SAT_SUN,
    SUN,
    calendar,
    days,
    hours,
)

# ---------------------------------------------------------------- second opinion


def _random_calendars(rng):
    zones = ["Asia/Taipei", "Europe/Brussels", "America/New_York", "Australia/Sydney", "Asia/Seoul"]
    weekends = [SAT_SUN, FRI_SAT, SUN, frozenset({3, 4}), frozenset(), frozenset({0, 2, 5})]
    every_day = [FIRST + n * ONE_DAY for n in range((LAST - FIRST).days + 1)]
    for number in range(24):
        weekend = weekends[number % len(weekends)]
        off = sorted(rng.sample(every_day, rng.randrange(0, 260)))
        weekend_days = [day for day in every_day if day.weekday() in weekend]
        extra = rng.sample(weekend_days, min(len(weekend_days), rng.randrange(0, 80)))
        yield calendar(
            zones[number % len(zones)], weekend, dict.fromkeys(off, "off"), dict.fromkeys(extra, "")
        )


def _oracle(working, received, amounts, rule, late):
    """Last days by numpy, from the days off written out one by one."""
    span = np.arange(np.datetime64(FIRST), np.datetime64(LAST) + 1)
    weekday = (span.astype(int) + 3) % 7
    extra = np.array(sorted(working.extra_working_days), dtype="datetime64[D]")
    holidays = np.array(sorted(working.holidays), dtype="datetime64[D]")
    weekend = np.isin(weekday, sorted(working.weekend)) & ~np.isin(span, extra)
    off = span[weekend | np.isin(span, holidays)]
    days_by_numpy = np.busdaycalendar(weekmask="1111111", holidays=off)
    first = received + (late & np.is_busday(received, busdaycal=days_by_numpy))
    roll = "forward" if rule is StartRule.RECEIPT else "backward"
    return np.busday_offset(first, amounts, roll=roll, busdaycal=days_by_numpy)


def _differences(cases, seed):
    """How many of `cases` random limits end on another day, or at another instant."""
    rng = random.Random(seed)
    cut_off, different, rules = time(17), 0, list(StartRule)
    calendars = list(_random_calendars(rng))
    each = cases // len(calendars) // len(rules) + 1
    for working in calendars:
        zone = working.zone
        for rule in rules:
            starts = [
                datetime(2021, 1, 1, tzinfo=zone)
                + timedelta(days=rng.randrange(3650), seconds=rng.randrange(86_400))
                for _case in range(each)
            ]
            amounts = [rng.randrange(1, 16) for _case in range(each)]
            takes_cut_off = rule is not StartRule.DAY_AFTER_RECEIPT
            late = np.array([takes_cut_off and start.time() > cut_off for start in starts])
            received = np.array([start.date() for start in starts], dtype="datetime64[D]")
            expected = _oracle(working, received, amounts, rule, late).tolist()
            limits = {n: days(n, rule, cut_off=cut_off if takes_cut_off else None) for n in amounts}
            for start, amount, last in zip(starts, amounts, expected, strict=True):
                result = due(start, limits[amount], working)
                ends = datetime.combine(last + ONE_DAY, time(0), zone)
                different += result.steps[-1].day != last or result.due_at != ends
    return different


def test_20_000_random_limits_equal_numpy():
    assert _differences(20_000, seed=1182) == 0


@pytest.mark.long
def test_1_000_000_random_limits_equal_numpy():
    assert _differences(1_000_000, seed=71) == 0


def test_the_second_opinion_notices_a_holiday_that_is_overlooked(monkeypatch):
    day_off = WorkingCalendar.day_off

    def overlooking(working, day):
        return day_off(replace(working, holidays={}), day)

    monkeypatch.setattr(WorkingCalendar, "day_off", overlooking)
    assert _differences(2_000, seed=1182) > 50


def test_working_days_between_is_numpys_busday_count():
    rng = random.Random(3)
    for working in _random_calendars(rng):
        weekmask = "".join("0" if day in working.weekend else "1" for day in range(7))
        plain = calendar(weekend=working.weekend, holidays=working.holidays)
        for _case in range(40):
            a = FIRST + timedelta(days=rng.randrange(4000))
            b = a + timedelta(days=rng.randrange(-60, 60))
            if b < FIRST:
                continue
            expected = np.busday_count(a, b, weekmask=weekmask, holidays=list(working.holidays))
            assert working_days_between(a, b, plain) == expected


def test_add_working_days_is_numpys_busday_offset():
    rng = random.Random(4)
    for _case in range(400):
        day = date(2026, 1, 1) + timedelta(days=rng.randrange(365))
        n = rng.randrange(-10, 11)
        roll = "backward" if n > 0 else "forward"
        expected = np.busday_offset(day, n, roll=roll, holidays=[date(2026, 10, 9)]).item()
        plain = calendar(holidays={date(2026, 10, 9): "National Day (observed)"})
        assert add_working_days(day, n, plain) == expected


# ---------------------------------------------------------------- properties

instants = st.integers(0, 8 * 365 * 24 * 60).map(
    lambda minutes: (datetime(2021, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).astimezone(
        ZoneInfo("Europe/Brussels")
    )
)
working_day_limits = st.builds(
    lambda n, rule, cut_off, ends: days(
        n,
        rule,
        cut_off=None if rule is StartRule.DAY_AFTER_RECEIPT else cut_off,
        day_ends_at=ends,
    ),
    st.integers(1, 12),
    st.sampled_from(StartRule),
    st.sampled_from([None, time(12), time(17)]),
    st.sampled_from([None, time(17), time(2, 30)]),
)
limits = st.one_of(
    working_day_limits, st.builds(hours, st.integers(1, 200), st.sampled_from(StartRule))
)
calendars = st.builds(
    lambda weekend, off, extra: calendar(
        "Europe/Brussels", weekend, dict.fromkeys(off, "off"), dict.fromkeys(extra, "worked")
    ),
    st.frozensets(st.integers(0, 6), max_size=5),
    st.lists(st.dates(date(2021, 1, 1), date(2029, 3, 1)), max_size=40),
    st.lists(st.dates(date(2021, 1, 1), date(2029, 3, 1)), max_size=40),
)


@st.composite
def pauses_after(draw, start):
    from_ = start + timedelta(hours=draw(st.integers(0, 400)))
    return Pause(from_, from_ + timedelta(hours=draw(st.integers(0, 200))), "question")


@given(instants, limits, calendars, st.data())
def test_a_pause_never_leaves_less_time(start, limit, working, data):
    pauses = data.draw(st.lists(pauses_after(start), max_size=3))
    without, paused = due(start, limit, working), due(start, limit, working, pauses=pauses)
    assert paused.due_at >= without.due_at
    if all(pause.from_ >= without.due_at for pause in pauses):
        assert paused.due_at == without.due_at


@given(instants, limits, calendars, st.integers(0, 400))
def test_what_is_received_later_is_not_due_earlier(start, limit, working, later):
    after = start.astimezone(UTC) + timedelta(hours=later)
    assert due(after, limit, working).due_at >= due(start, limit, working).due_at


@given(instants, working_day_limits, calendars, st.integers(1, 5))
def test_an_extension_adds_exactly_its_working_days(start, limit, working, extension):
    base, extended = (due(start, limit, working, extension=n) for n in (0, extension))
    assert extended.steps[: len(base.steps)] == base.steps
    assert working_days_between(base.steps[-1].day, extended.steps[-1].day, working) == extension


@given(instants, working_day_limits, calendars)
def test_the_derivation_accounts_for_every_day(start, limit, working):
    result = due(start, limit, working)
    stepped = [step.day for step in result.steps]
    assert stepped == [stepped[0] + n * ONE_DAY for n in range(len(stepped))]
    assert stepped[0] == start.date()
    counted = [step for step in result.steps if step.counted]
    assert [step.number for step in counted] == list(range(1, limit.amount + 1))
    assert all(working.is_working_day(step.day) for step in counted)


@given(instants, limits, calendars, st.data())
def test_json_round_trip(start, limit, working, data):
    pauses = data.draw(st.lists(pauses_after(start), max_size=2))
    result = due(start, limit, working, pauses=pauses, extension=1)
    stored = json.dumps(result.to_json())
    again = Due.from_json(json.loads(stored))
    assert again == result
    assert json.dumps(again.to_json()) == stored
    assert len(again.sentences()) == len(result.steps)
