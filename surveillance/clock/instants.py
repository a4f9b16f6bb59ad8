"""The present instant, and where a local day begins and ends."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import gettext as _

ONE_DAY = timedelta(days=1)
MIDNIGHT = time(0)


Source = Callable[[], datetime]


def system_time() -> datetime:
    """What the machine's own clock says: for the age of processes, never for the work."""
    return datetime.now(UTC)


_source: Source = system_time


def now() -> datetime:
    """The present instant, in UTC, as the source set by `set_source` tells it."""
    return utc(_source())


def set_source(source: Source | None) -> Source:
    """Let `source` tell the time from now on; None goes back to the system's clock. Returns the
    source before, for whoever wants to put it back."""
    global _source
    before, _source = _source, source or system_time
    return before


def utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone. Give an aware instant.")
    return instant.astimezone(UTC)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Midnight; where a change of the clock skips it, the first instant of the day."""
    return datetime.combine(day, MIDNIGHT, zone).astimezone(UTC)


def end_of_day(day: date, ends_at: time | None, zone: ZoneInfo) -> datetime:
    """When `day` ends; a time that the clock shows twice, or skips, is taken at its latest."""
    if ends_at is None:
        return start_of_day(day + ONE_DAY, zone)
    ends = datetime.combine(day, ends_at, zone)
    return max(ends.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def last_day(due_at: datetime, zone: ZoneInfo) -> date:
    """The day on which a limit ends: for midnight, the day that it closes."""
    day = due_at.astimezone(zone).date()
    return day - ONE_DAY if utc(due_at) == start_of_day(day, zone) else day


def local_due_label(due_at: datetime, zone: str | ZoneInfo) -> str:
    """Day and time of a due date in `zone`; midnight is 24:00 of the day that it closes."""
    zone = ZoneInfo(zone) if isinstance(zone, str) else zone
    day = last_day(due_at, zone)
    local = due_at.astimezone(zone)
    return f"{day_label(day)}, {'24:00' if local.date() != day else local.strftime('%H:%M')}"


def day_label(day: date) -> str:
    # Translators: how to write a day, in Django's date format; "D j M Y" is "Thu 1 Oct 2026".
    return dateformat.format(day, _("D j M Y"))
