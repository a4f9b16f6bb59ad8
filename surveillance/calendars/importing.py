"""Days of official calendars: read from a file (CSV, iCalendar) or computed by `holidays`.

Bytes in, days and problems out; nothing here knows a row of ours. Every problem names its place,
what is wrong, and how to mend it; all are told at once.
"""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any, NamedTuple

import holidays
from django.utils.translation import gettext as _
from icalendar import Calendar as ICalendar

from surveillance.calendars.content import CalendarDay, DayKind

COLUMNS = ("date", "name", "kind")
LIMIT = 2**20  # bytes a file
LONGEST = 31  # days of one event: what lasts longer is no holiday
NAME_LENGTH = 200


class Problem(NamedTuple):
    place: str
    text: str


@dataclass(slots=True)
class Reading:
    """Days in the order of the file, each day once, and what is wrong with it."""

    days: dict[date, CalendarDay] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, one: CalendarDay, place: str) -> None:
        known = self.days.setdefault(one.day, one)
        if known.kind is not one.kind:
            text = _("%(day)s stands twice, as %(first)s and as %(second)s. Keep one.")
            told = {"day": one.day, "first": known.kind, "second": one.kind}
            self.problems.append(Problem(place, text % told))

    def refuse(self, place: str, text: str) -> None:
        self.problems.append(Problem(place, text))

    def within(self, years: Collection[int]) -> tuple[list[CalendarDay], list[CalendarDay]]:
        """The days of these years, in order, and those left out."""
        ordered = sorted(self.days.values())
        kept = [one for one in ordered if one.day.year in years]
        return kept, [one for one in ordered if one.day.year not in years]


def read(name: str, content: bytes) -> Reading:
    """A file by what is in it: iCalendar begins with BEGIN:VCALENDAR, all else is read as CSV."""
    if not content.strip():
        reading = Reading()
        reading.refuse(name, _("The file is empty. Download it again."))
        return reading
    is_icalendar = content.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].upper() == b"BEGIN:VCALENDAR"
    return read_icalendar(content) if is_icalendar else read_csv(content)


def read_csv(content: bytes) -> Reading:
    """Columns date (2027-01-31), name, kind (holiday, closure, working), with a header; UTF-8."""
    reading = Reading()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        reading.refuse(_("file"), _("It is not in UTF-8. Save it as “CSV UTF-8”."))
        return reading
    lines = csv.reader(StringIO(text, newline=""))
    header = [cell.strip().lower() for cell in next(lines, [])]
    if header != list(COLUMNS):
        reading.refuse(
            _("line 1"),
            _("The first line must be %(wanted)s; it is “%(found)s”.")
            % {"wanted": ",".join(COLUMNS), "found": ",".join(header)[:80]},
        )
        return reading
    for cells in lines:
        if any(cell.strip() for cell in cells):
            _read_line(reading, cells, _("line %(number)d") % {"number": lines.line_num})
    return reading


def _read_line(reading: Reading, cells: list[str], place: str) -> None:
    if len(cells) != len(COLUMNS):
        text = _("%(found)d values for 3 columns. Quote a name that holds a comma.")
        reading.refuse(place, text % {"found": len(cells)})
        return
    day_text, name, kind_text = (cell.strip() for cell in cells)
    found = len(reading.problems)
    day = _day(day_text)
    if day is None:
        text = _("date: “%(text)s” is no day. Write it like 2027-01-31.")
        reading.refuse(place, text % {"text": day_text[:40]})
    if not name or len(name) > NAME_LENGTH:
        reading.refuse(place, _("name: write 1 to %(limit)d characters.") % {"limit": NAME_LENGTH})
    if kind_text not in list(DayKind):
        text = _("kind: “%(text)s” is not one of %(kinds)s.")
        reading.refuse(place, text % {"text": kind_text[:40], "kinds": ", ".join(DayKind)})
    if day is not None and len(reading.problems) == found:
        reading.add(CalendarDay(day, name, DayKind(kind_text)), place)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_icalendar(content: bytes) -> Reading:
    """The days of the events of an iCalendar file (RFC 5545), each a holiday by its summary."""
    reading = Reading()
    try:
        calendar = ICalendar.from_ical(content.decode("utf-8-sig"))
    except (ValueError, IndexError, KeyError) as error:
        text = _("It cannot be read as iCalendar: %(error)s. Download it again.")
        reading.refuse(_("file"), text % {"error": str(error)[:200]})
        return reading
    for number, event in enumerate(calendar.walk("VEVENT"), start=1):
        place = _("event %(number)d") % {"number": number}
        try:
            _read_event(reading, event, place)
        except (ValueError, TypeError, AttributeError) as error:
            reading.refuse(place, _("It cannot be read: %(error)s.") % {"error": str(error)[:200]})
    if not reading.days and not reading.problems:
        reading.refuse(_("file"), _("It holds no event."))
    return reading


def _read_event(reading: Reading, event: Any, place: str) -> None:
    name = str(event.get("SUMMARY", "")).strip()
    if event.get("RRULE") is not None:
        reading.refuse(
            place,
            _("“%(name)s” repeats by a rule. Export the single days of each year.")
            % {"name": name[:80]},
        )
    elif event.get("DTSTART") is None or not name:
        reading.refuse(place, _("It lacks its day (DTSTART) or its name (SUMMARY)."))
    else:
        for day in _days_of(event):
            reading.add(CalendarDay(day, name[:NAME_LENGTH]), place)


def _days_of(event: Any) -> Iterator[date]:
    """From DTSTART to the day before DTEND (RFC 5545, 3.6.1), by the file's own local days."""
    begins = event.decoded("DTSTART")
    ends = event.decoded("DTEND") if event.get("DTEND") is not None else None
    first = begins.date() if isinstance(begins, datetime) else begins
    last = first
    if ends is not None:
        whole_days = not isinstance(ends, datetime) or ends.time() == datetime.min.time()
        last = ends.date() if isinstance(ends, datetime) else ends
        last -= timedelta(days=1 if whole_days and last > first else 0)
    if not 0 <= (last - first).days < LONGEST:
        text = _("it lasts from %(first)s to %(last)s; a holiday lasts %(limit)d days at most")
        raise ValueError(text % {"first": first, "last": last, "limit": LONGEST})
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def countries() -> list[str]:
    """Codes of the countries that `holidays` knows (ISO 3166)."""
    return sorted(holidays.list_supported_countries())


def subdivisions(country: str) -> list[str]:
    return sorted(holidays.list_supported_countries().get(country, []))


def computed(country: str, subdivision: str, years: Collection[int]) -> Reading:
    """The public holidays of a country, or of one of its subdivisions, by the `holidays` package,
    in English where it has English names."""
    reading = Reading()
    known = subdivisions(country)
    if subdivision and subdivision not in known:
        reading.refuse(
            _("subdivision"),
            _("“%(text)s” is not one of %(known)s.")
            % {"text": subdivision[:40], "known": ", ".join(known) or _("none: leave it empty")},
        )
        return reading
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=list(years))
    english = [name for name in found.supported_languages if name.startswith("en")]
    if english:
        found = holidays.country_holidays(
            country, subdiv=subdivision or None, years=list(years), language=english[0]
        )
    for day, name in sorted(found.items()):
        reading.add(CalendarDay(day, name[:NAME_LENGTH]), str(day))
    if not reading.days:
        reading.refuse(_("years"), _("The package knows no holiday in these years."))
    return reading
