"""When a person may be written to."""

from datetime import UTC, date, datetime

import pytest

from surveillance.clock import WorkingCalendar
from surveillance.outbox.hours import reachable_from
from surveillance.outbox.letter import Channel, Pace, Recipient

JAPAN = WorkingCalendar(
    code="JP",
    version=1,
    time_zone="Asia/Tokyo",
    weekend=frozenset({5, 6}),
    holidays={date(2026, 9, 22): "Citizens' Holiday"},
    extra_working_days={},
    first_day=date(2026, 1, 1),
    last_day=date(2026, 12, 31),
)


def to(zone: str, channel: Channel = Channel.EMAIL, calendar=None) -> Recipient:
    return Recipient(channel, "a@x.example", time_zone=zone, calendar=calendar)


def at(day: int, hour: int, minute: int = 0, month: int = 9) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pace", "zone", "instant", "expected"),
    [
        # Brussels is two hours ahead: 21:00 there is 19:00 UTC.
        (Pace.BY_DAY, "Europe/Brussels", at(28, 18, 59), at(28, 18, 59)),
        (Pace.BY_DAY, "Europe/Brussels", at(28, 19), at(29, 5)),
        (Pace.BY_DAY, "Europe/Brussels", at(28, 4, 59), at(28, 5)),
        (Pace.BY_DAY, "Europe/Brussels", at(26, 12), at(26, 12)),  # a Saturday is a day
        (Pace.IN_HOURS, "Europe/Brussels", at(26, 12), at(28, 6)),
        (Pace.IN_HOURS, "Europe/Brussels", at(28, 15, 59), at(28, 15, 59)),
        (Pace.IN_HOURS, "Europe/Brussels", at(28, 16), at(29, 6)),
        (Pace.IN_HOURS, "Pacific/Auckland", at(27, 19), at(27, 19)),  # Monday morning there
        (Pace.IN_HOURS, "America/Los_Angeles", at(28, 7), at(28, 15)),
        # The clocks go back in the night to 25 October.
        (Pace.BY_DAY, "Europe/Brussels", at(24, 20, month=10), at(25, 6, month=10)),
        (Pace.AT_ONCE, "Europe/Brussels", at(26, 1), at(26, 1)),
        (Pace.IN_HOURS, "", at(26, 1), at(26, 1)),  # nothing is known of the reader
    ],
)
def test_the_readers_night_and_week(pace, zone, instant, expected):
    assert reachable_from(instant, pace, to(zone)) == expected


@pytest.mark.parametrize("channel", [Channel.WEBHOOK, Channel.IN_APP])
def test_only_mail_wakes_people(channel):
    assert reachable_from(at(26, 1), Pace.IN_HOURS, to("Asia/Tokyo", channel)) == at(26, 1)


def test_holidays_are_those_of_the_readers_own_calendar():
    reader = to("Asia/Tokyo", calendar=JAPAN)
    assert reachable_from(at(22, 1), Pace.IN_HOURS, reader) == at(22, 23)  # 8:00 on the 23rd


def test_a_reader_elsewhere_keeps_the_days_but_lives_in_the_own_zone():
    reader = to("Asia/Taipei", calendar=JAPAN)
    assert reachable_from(at(22, 1), Pace.IN_HOURS, reader) == at(23, 0)


def test_beyond_the_calendar_monday_to_friday_is_taken():
    reader = to("Asia/Tokyo", calendar=JAPAN)
    newyear = datetime(2027, 1, 1, 1, tzinfo=UTC)
    assert reachable_from(newyear, Pace.IN_HOURS, reader) == newyear
