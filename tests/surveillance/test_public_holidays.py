"""The calendars and regimes as delivered, and what is said of bad ones."""

import json
from datetime import date, datetime, timedelta

import holidays
import pytest
from dateutil.easter import easter

from surveillance.calendars.public_holidays import (
    CODES,
    COVERED_YEARS,
    extra_working_days,
    public_holidays,
    special_days,
)
from surveillance.calendars.reference.calendars import CALENDARS, reference_calendars
from surveillance.calendars.reference.regimes import REGIMES, Rung, reference_regimes
from surveillance.calendars.reference.table import ReferenceError
from surveillance.clock import StartRule, Unit, due

SAT_SUN = (5, 6)


def weekdays_off(code, year):
    """Days off that are no weekend, as 'MM-DD'."""
    return [
        day.strftime("%m-%d")
        for day in public_holidays(code, [year])
        if day.weekday() not in SAT_SUN
    ]


# ---------------------------------------------------------------- days

EXPECTED = {
    # DGPA work calendar for 2026: 16 days off beside 104 days of weekends, 120 in all.
    ("TW", 2026): "01-01 02-16 02-17 02-18 02-19 02-20 02-27 04-03 04-06 05-01 06-19 09-25 09-28 "
    "10-09 10-26 12-25",
    # DGPA work calendar for 2027: 17 beside 104, 121 in all.
    ("TW", 2027): "01-01 02-04 02-05 02-08 02-09 02-10 03-01 04-05 04-06 04-30 06-09 09-15 09-28 "
    "10-11 10-25 12-24 12-31",
    # With the reforms of 2026: Labour Day, Constitution Day, and its substitute in 2027.
    ("KR", 2026): "01-01 02-16 02-17 02-18 03-02 05-01 05-05 05-25 06-03 07-17 08-17 09-24 09-25 "
    "10-05 10-09 12-25",
    # National holidays and the closure of offices at the turn of the year.
    ("JP", 2026): "01-01 01-02 01-12 02-11 02-23 03-20 04-29 05-04 05-05 05-06 07-20 08-11 09-21 "
    "09-22 09-23 10-12 11-03 11-23 12-29 12-30 12-31",
    # Ministry of Manpower.
    ("SG", 2026): "01-01 02-17 02-18 04-03 05-01 05-27 06-01 08-10 11-09 12-25",
    # Off in every state and territory; Boxing Day moves from Saturday to Monday.
    ("AU", 2026): "01-01 01-26 04-03 04-06 12-25 12-28",
    ("AU", 2027): "01-01 01-26 03-26 03-29 12-27 12-28",
    ("CA", 2026): "01-01 04-03 04-06 05-18 07-01 09-07 09-30 10-12 11-11 12-25 12-28",
    ("US", 2026): "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    ("EU", 2026): "01-01 01-02 04-02 04-03 04-06 05-01 05-14 05-15 05-25 07-21 11-02 12-24 12-25 "
    "12-28 12-29 12-30 12-31",
}


@pytest.mark.parametrize(("code", "year"), EXPECTED)
def test_days_off_are_those_written_out(code, year):
    assert weekdays_off(code, year) == EXPECTED[code, year].split()


def eu_days_off(year):
    """The rule that the decisions of the Commission follow; none on a weekend."""
    feast = easter(year)
    moving = [feast + timedelta(days=days) for days in (-3, -2, 1, 39, 40, 50)]
    fixed = [(1, 1), (1, 2), (5, 1), (5, 9), (7, 21), (8, 15), (11, 1), (11, 2)]
    end_of_year = [(12, day) for day in range(24, 32)]
    every = {*moving, *(date(year, month, day) for month, day in fixed + end_of_year)}
    return [day.strftime("%m-%d") for day in sorted(every) if day.weekday() not in SAT_SUN]


# OJ C 39, 12.2.2013, p. 26 and OJ C 201 I, 28.5.2021, p. 2 (for staff in Brussels).
PUBLISHED_FOR_THE_EU = {
    2014: "01-01 01-02 04-17 04-18 04-21 05-01 05-09 05-29 05-30 06-09 07-21 08-15 12-24 12-25 "
    "12-26 12-29 12-30 12-31",
    2023: "01-02 04-06 04-07 04-10 05-01 05-09 05-18 05-19 05-29 07-21 08-15 11-01 11-02 12-25 "
    "12-26 12-27 12-28 12-29",
}


@pytest.mark.parametrize("year", PUBLISHED_FOR_THE_EU)
def test_the_rule_for_the_eu_gives_the_lists_that_were_published(year):
    assert eu_days_off(year) == PUBLISHED_FOR_THE_EU[year].split()


@pytest.mark.parametrize("year", COVERED_YEARS)
def test_eu_days_follow_the_rule_and_say_that_they_are_computed(year):
    assert weekdays_off("EU", year) == eu_days_off(year)
    assert all(
        special.source.startswith("Computed")
        for special in special_days()
        if special.calendar == "EU"
    )


def test_taiwan_worked_two_saturdays_and_none_since():
    worked = extra_working_days("TW", COVERED_YEARS)
    assert list(worked) == [date(2024, 2, 17), date(2025, 2, 8)]
    package = holidays.country_holidays("TW", years=COVERED_YEARS)
    in_years = {day for day in package.weekend_workdays if day.year in COVERED_YEARS}
    assert set(worked) == in_years


@pytest.mark.parametrize("code", CODES)
def test_every_covered_year_has_its_days_named_in_english(code):
    for year in COVERED_YEARS:
        found = public_holidays(code, [year])
        assert 5 < len(found) < 40
        assert all(day.year == year for day in found)
        assert list(found) == sorted(found)
        assert all(name.isascii() and name.strip() for name in found.values())


def test_years_nobody_has_checked_and_unknown_calendars_are_refused():
    with pytest.raises(ValueError, match=r"2029 have not been checked.*days\.csv"):
        public_holidays("TW", [2028, 2029])
    with pytest.raises(ValueError, match="2023"):
        extra_working_days("TW", [2023])
    with pytest.raises(ValueError, match="no calendar XX"):
        public_holidays("XX", [2026])


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("JP,2026-13-01,closure,New Year,Act", r"line 2: day: "),
        ("XX,2026-01-02,closure,New Year,Act", r"line 2: calendar: XX is not one of AU"),
        ("JP,2026-01-02,half,New Year,Act", r"line 2: kind: half is not one of holiday"),
        ("JP,2026-01-02,closure,,Act", r"line 2: name is empty"),
        ("JP,2026-01-02,closure,New Year,", r"line 2: source is empty"),
        ("JP,2026-01-02,closure", r"line 2: 3 values for 5 columns"),
        ("JP,2026-01-02,closure,A,Act\nJP,2026-01-02,holiday,B,Act", r"line 3: JP has .* twice"),
    ],
)
def test_a_bad_day_is_named_by_line_and_field(tmp_path, line, complaint):
    table = tmp_path / "days.csv"
    table.write_text(f"calendar,day,kind,name,source\n{line}\n", encoding="utf-8")
    with pytest.raises(ReferenceError, match=complaint):
        special_days(table)


# ---------------------------------------------------------------- calendars


def test_reference_calendars_cover_their_years():
    calendars = {calendar.code: calendar for calendar in reference_calendars()}
    assert sorted(calendars) == list(CODES)
    for calendar in calendars.values():
        assert calendar.working.first_day == date(2024, 1, 1)
        assert calendar.working.last_day == date(2028, 12, 31)
        assert calendar.working.weekend == frozenset(SAT_SUN)
        assert calendar.source
    assert calendars["TW"].working.is_working_day(date(2025, 2, 8))
    assert not calendars["TW"].working.is_working_day(date(2026, 2, 20))
    assert calendars["TW"].announced_until == 2027
    assert calendars["EU"].announced_until is None


def test_reference_calendars_take_a_run_of_years_only():
    [working] = {calendar.working.last_day for calendar in reference_calendars([2026, 2025])}
    assert working == date(2026, 12, 31)
    for gap in ([2024, 2026], []):
        with pytest.raises(ValueError, match="without a gap"):
            reference_calendars(gap)


@pytest.mark.parametrize(
    ("good", "bad", "complaint"),
    [
        ("Asia/Taipei", "Asia/Atlantis", "time_zone: Asia/Atlantis is not a time zone"),
        ("Singapore,sat sun,2027", "Singapore,sat so,2027", "weekend: so: write weekdays"),
        ("\nTW,", "\nXX,", "code: no public holidays are known for XX"),
        ("\nTW,", "\nUS,", "code: US stands twice"),
        ("Singapore,sat sun,2027", "Singapore,sat sun,soon", "announced_until: "),
    ],
)
def test_a_bad_calendar_is_named_by_line_and_field(tmp_path, good, bad, complaint):
    table = tmp_path / "calendars.csv"
    text = CALENDARS.read_text(encoding="utf-8")
    assert good in text
    table.write_text(text.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(ReferenceError, match=rf"calendars\.csv, line \d+: {complaint}"):
        reference_calendars(path=table)


# ---------------------------------------------------------------- regimes


def test_the_first_regimes_carry_their_limits():
    carried = {
        regime.code: (
            regime.kind,
            regime.limit.amount,
            regime.limit.start_rule,
            regime.calendar_code,
        )
        for regime in reference_regimes()
    }
    assert carried == {
        "EU-GPSR-22-4": ("order", 2, StartRule.DAY_AFTER_RECEIPT, "EU"),
        "EU-GPSR-22-12": ("notice", 3, StartRule.DAY_AFTER_RECEIPT, "EU"),
        "EU-PLEDGE": ("notice", 2, StartRule.RECEIPT, "EU"),
        "AU-PLEDGE": ("notice", 2, StartRule.RECEIPT, "AU"),
        "AU-PLEDGE-INFORMATION": ("notice", 10, StartRule.RECEIPT, "AU"),
        "CA-PLEDGE": ("notice", 2, StartRule.RECEIPT, "CA"),
        "CA-PLEDGE-SELLER": ("notice", 5, StartRule.RECEIPT, "CA"),
        "JP-PLEDGE": ("notice", 2, StartRule.NEXT_WORKING_DAY, "JP"),
        "TW-COOPERATION": ("notice", 3, StartRule.RECEIPT, "TW"),
    }


def test_regimes_climb_one_ladder_and_only_orders_need_four_eyes():
    for regime in reference_regimes():
        assert regime.limit.unit is Unit.WORKING_DAYS
        assert regime.escalation == (
            Rung(0, "inspector"),
            Rung(1, "supervisor"),
            Rung(3, "second_contact"),
            Rung(5, "formal_step"),
        )
        assert regime.four_eyes == (regime.kind == "order")
        assert regime.is_local_policy == (regime.code == "TW-COOPERATION")


def test_every_regime_can_be_counted_in_its_calendar():
    calendars = {calendar.code: calendar.working for calendar in reference_calendars()}
    for regime in reference_regimes():
        working = calendars[regime.calendar_code]
        before_christmas = datetime(2026, 12, 22, 12, tzinfo=working.zone)
        result = due(before_christmas, regime.limit, working)
        assert result.steps[-1].number == regime.limit.amount
        assert result.calendar_code == regime.calendar_code


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("kind", "wish", "kind: wish is not one of order, notice"),
        ("limit_amount", 0, "limit: amount: "),
        ("limit_amount", "2", "limit_amount: '2' is of the wrong type"),
        ("limit_amount", True, "limit_amount: True is of the wrong type"),
        ("limit_unit", "weeks", "limit_unit: weeks is not one of working_days, hours"),
        ("start_rule", "soon", "start_rule: soon is not one of"),
        ("cut_off", "25:00", "cut_off: "),
        ("calendar_code", "XX", "calendar_code: XX is not one of"),
        ("legal_basis", "", "legal_basis: is empty"),
        ("reminders", [2], "reminders: 2 must be a whole number from 1"),
        ("reminders", [0], "reminders: 0 must be"),
        ("escalation", [{"after": 1}], "escalation: .* must have after and to"),
        ("escalation", [{"after": -1, "to": "inspector"}], "escalation: after -1"),
        ("escalation", [{"after": 0, "to": "mayor"}], "escalation: mayor is not one of"),
        (
            "escalation",
            [{"after": 1, "to": "inspector"}, {"after": 1, "to": "supervisor"}],
            "escalation: the rungs must be in order",
        ),
        ("extension_approvals", -1, "extension_approvals: must be 0 or more"),
        ("surprise", 1, "surprise: no such field"),
        ("four_eyes", None, "four_eyes: None is of the wrong type"),
    ],
)
def test_a_bad_regime_is_named_by_code_and_field(tmp_path, field, value, complaint):
    entries = json.loads(REGIMES.read_text(encoding="utf-8"))
    entries[0][field] = value
    with pytest.raises(ReferenceError, match=rf"regimes\.json, regime 1.*{complaint}"):
        reference_regimes(written(tmp_path, entries))


def test_a_missing_field_and_a_code_that_stands_twice_are_named(tmp_path):
    entries = json.loads(REGIMES.read_text(encoding="utf-8"))
    with pytest.raises(ReferenceError, match="EU-PLEDGE stands twice"):
        reference_regimes(written(tmp_path, [*entries, entries[2]]))
    del entries[0]["source"]
    with pytest.raises(ReferenceError, match="regime 1: source: missing"):
        reference_regimes(written(tmp_path, entries))


def written(folder, entries):
    path = folder / "regimes.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    return path
