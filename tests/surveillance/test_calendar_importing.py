"""Official calendars from CSV, iCalendar and the package: days, or every problem with its place."""

from datetime import date

import pytest

from surveillance.calendars.content import CalendarDay, DayKind
from surveillance.calendars.importing import computed, read

HEAD = b"date,name,kind\n"


def ics(*events: str) -> bytes:
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\n{one}\r\nEND:VEVENT\r\n" for n, one in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x\r\n{body}END:VCALENDAR\r\n".encode()


def test_csv_with_a_byte_order_mark_and_quoted_names():
    reading = read("a.csv", b"\xef\xbb\xbf" + HEAD + '2027-02-06,"春節, 除夕",holiday\r\n'.encode())
    assert list(reading.days.values()) == [CalendarDay(date(2027, 2, 6), "春節, 除夕")]
    assert reading.problems == []


def test_csv_knows_three_kinds():
    lines = b"2027-01-01,A,holiday\n2027-01-02,B,working\n2027-01-04,C,closure\n\n"
    kinds = [one.kind for one in read("a.csv", HEAD + lines).days.values()]
    assert kinds == [DayKind.HOLIDAY, DayKind.WORKING, DayKind.CLOSURE]


@pytest.mark.parametrize(
    ("content", "place", "told"),
    [
        (b"", "a.csv", "empty"),
        (b"day,name\n", "line 1", "date,name,kind"),
        ("date,name,kind\n2027-01-01,caf\u00e9,holiday\n".encode("latin-1"), "file", "UTF-8"),
        (HEAD + b"01/02/2027,A,holiday\n", "line 2", "2027-01-31"),
        (HEAD + b"2027-02-29,A,holiday\n", "line 2", "is no day"),
        (HEAD + b"2027-01-01,,holiday\n", "line 2", "name"),
        (HEAD + b"2027-01-01,A,feast\n", "line 2", "kind"),
        (HEAD + b"2027-01-01,A\n", "line 2", "2 values for 3 columns"),
        (HEAD + b"2027-01-02,A,holiday\n2027-01-02,B,working\n", "line 3", "stands twice"),
        (ics(), "file", "no event"),
        (b"BEGIN:VCALENDAR\r\nrubbish\r\n", "file", ""),
        (ics("SUMMARY:New Year"), "event 1", "DTSTART"),
        (ics("DTSTART;VALUE=DATE:20270101"), "event 1", "SUMMARY"),
        (ics("DTSTART;VALUE=DATE:20270101\r\nSUMMARY:N\r\nRRULE:FREQ=YEARLY"), "event 1", "rule"),
        (
            ics("DTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20280101\r\nSUMMARY:Long"),
            "event 1",
            "31 days at most",
        ),
    ],
)
def test_every_problem_has_its_place_and_how_to_mend_it(content, place, told):
    problems = read("a.csv", content).problems
    assert place in [problem.place for problem in problems]
    assert any(told in problem.text for problem in problems)


def test_all_problems_are_told_at_once():
    assert len(read("a.csv", HEAD + b"x,,\n" * 5).problems) == 15


def test_icalendar_days_end_before_dtend_and_long_lines_are_unfolded():
    reading = read(
        "a.ics",
        ics(
            "DTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20270102\r\nSUMMARY:New Year",
            "DTSTART;VALUE=DATE:20270205\r\nDTEND;VALUE=DATE:20270208\r\n"
            "SUMMARY:Lunar\r\n  New Year",
            "DTSTART;VALUE=DATE:20270301\r\nSUMMARY:One day",
            "DTSTART:20270501T000000Z\r\nDTEND:20270502T000000Z\r\nSUMMARY:Labour Day",
        ),
    )
    assert reading.problems == []
    assert [day.isoformat() for day in reading.days] == [
        "2027-01-01",
        "2027-02-05",
        "2027-02-06",
        "2027-02-07",
        "2027-03-01",
        "2027-05-01",
    ]
    assert reading.days[date(2027, 2, 5)].name == "Lunar New Year"


def test_the_package_by_country_and_subdivision():
    saxony, germany = (set(computed("DE", part, [2027]).days) for part in ("SN", ""))
    assert date(2027, 11, 17) in saxony - germany
    assert computed("DE", "XX", [2027]).problems[0].place == "subdivision"


def test_years_asked_for_and_those_left_out():
    lines = b"2027-01-01,A,holiday\n2029-01-01,B,holiday\n"
    kept, left_out = read("a.csv", HEAD + lines).within(range(2027, 2029))
    assert ([one.name for one in kept], [one.name for one in left_out]) == (["A"], ["B"])
