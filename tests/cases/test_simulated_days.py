"""T2: the sweeps, run every minute that matters over days in which the calendar is at its worst.

A demand is issued every day, at an hour that wanders through day and night; nobody answers. Then
every reminder, missed deadline and rung must have happened once, not a moment early, and at most
a minute late. When that was to be is derived here from each item's own rule, one by one.
"""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest

from cases.flows import clock_sweep, sweeps
from cases.models import Item, TakedownRequest
from surveillance.audit.models import AuditEntry
from surveillance.calendars.models import Calendar
from surveillance.clock import add_working_days, last_day

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# Days of issue around each edge: (first day, how many); what follows them takes three weeks more.
# 2028 is a leap year.
EDGES = {
    "leap day": (date(2028, 2, 24), 6),
    "clocks forward": (date(2027, 3, 24), 6),
    "clocks back": (date(2026, 10, 21), 6),
    "year's end": (date(2026, 12, 21), 8),
}
SETTLING = 21  # days after the last issue, for the top of the ladder


class World:
    """Demands to two platforms in time zones that are far apart, and the beat."""

    def __init__(self, story, time) -> None:
        self.story, self.time = story, time
        self.takedowns: list[TakedownRequest] = []

    def issue(self, at: datetime) -> None:
        self.time.move_to(at)
        # Harbour Market counts in Brussels, Bazaar Nine in Sydney.
        platform = self.story.cast.harbour if len(self.takedowns) % 2 else self.story.cast.bazaar
        draft = self.story.issued_notice(listings=1, platform=platform)
        self.takedowns.append(draft)

    def waiting(self) -> list[datetime]:
        """Every instant at which a row is due, as the rows say now."""
        reminders = TakedownRequest.objects.exclude(remind_at=None).values_list("remind_at")
        limits = Item.objects.running().filter(missed_at=None).values_list("due_at")
        rungs = Item.objects.exclude(escalate_at=None).values_list("escalate_at")
        return [instant for (instant,) in [*reminders, *limits, *rungs]]

    def sweep(self, at: datetime) -> None:
        self.time.move_to(at)
        clock_sweep.recompute_clocks(at)
        sweeps.note_missed_deadlines(at)
        sweeps.remind(at)

    def live(self, first: datetime, last: datetime, *, machines: int = 1) -> None:
        """Beat by beat; minutes in which nothing is due are skipped but for two a day."""
        at = first
        while at <= last:
            for _machine in range(machines):
                self.sweep(at)
            coming = [instant for instant in self.waiting() if instant > at - MINUTE]
            near = min(coming, default=last + DAY).astimezone(UTC)
            minute = near.replace(second=0, microsecond=0)
            at = max(at + MINUTE, min(minute, at + timedelta(hours=12)))


def expected(takedown: TakedownRequest) -> Counter[tuple[str, str, datetime]]:
    """(verb, subject, instant) of all that must happen to a demand that nobody answers."""
    regime = takedown.regime
    calendar = Calendar.objects.get(code=regime.calendar_code, version=1).working()
    item = takedown.items.get()
    final = last_day(item.due_at, calendar.zone)

    def at_opening(day: date) -> datetime:
        return datetime.combine(day, time(9), calendar.zone).astimezone(UTC)

    found: Counter[tuple[str, str, datetime]] = Counter()
    for before in regime.reminders:
        instant = at_opening(add_working_days(final, -before, calendar))
        if instant > takedown.issued_at:
            found["takedown.remind", takedown.reference, instant] += 1
    found["item.note_missed_deadline", item.audit_reference, item.due_at] += 1
    for rung in regime.escalation:
        if rung["after"]:  # the first one comes with the miss
            instant = at_opening(add_working_days(final, rung["after"], calendar))
            found["item.escalate", item.audit_reference, instant] += 1
    return found


def check(world: World) -> int:
    """Once, never early, at most a minute late. Returns how many instants were checked."""
    wanted = sum((expected(takedown) for takedown in world.takedowns), Counter())
    verbs = {verb for verb, _subject, _at in wanted}
    happened = list(
        AuditEntry.objects.filter(verb__in=verbs)
        .order_by("at")
        .values_list("verb", "subject", "at")
    )
    due = sorted(wanted.elements())
    assert len(due) == len(set(due)) == len(happened)
    for (verb, subject, instant), entry in zip(due, sorted(happened), strict=True):
        assert entry[:2] == (verb, subject)
        assert timedelta(0) <= entry[2] - instant <= MINUTE, f"{verb} {subject}: {instant}"
    return len(due)


def simulate(world: World, first: date, days: int, *, machines: int = 1) -> int:
    begin = datetime.combine(first, time(0), UTC)
    for number in range(days):
        # The hour wanders by 7 h 13 min a day, so that every time of day is met.
        issued = begin + number * DAY + (number * timedelta(hours=7, minutes=13)) % DAY
        previous = begin if number == 0 else world.time.now
        world.live(previous, issued, machines=machines)
        world.issue(issued)
    world.live(world.time.now, begin + (days + SETTLING) * DAY, machines=machines)
    return check(world)


@pytest.fixture
def world(story, time) -> World:
    return World(story, time)


@pytest.mark.parametrize("edge", EDGES)
def test_each_deadline_reminder_and_rung_around_an_edge(world, edge):
    first, days = EDGES[edge]
    assert simulate(world, first, days) >= 3 * days


def test_two_beats_at_once_do_no_more(world):
    assert simulate(world, date(2026, 12, 18), 3, machines=2) >= 9


@pytest.mark.long
def test_400_days_across_a_leap_day_changes_of_the_clock_and_years_ends(world):
    """An issue a day from 1 February 2027 to 6 March 2028, and what follows."""
    assert simulate(world, date(2027, 2, 1), 400) >= 3 * 400


def test_a_beat_that_was_dead_for_a_day_catches_up_once(world):
    """Nothing is lost and nothing doubled: what was due meanwhile happens at the first beat, and a
    reminder that would now come after closing time waits for the opening."""
    begin = datetime(2026, 9, 28, 8, tzinfo=UTC)
    for number in range(4):
        world.issue(begin + number * DAY)
    dead_from = min(item.due_at for item in Item.objects.all()) - timedelta(hours=1)
    world.live(begin + 4 * DAY, dead_from)
    back = dead_from + DAY
    world.live(back, back + SETTLING * DAY)
    wanted = sum((expected(takedown) for takedown in world.takedowns), Counter())
    happened = AuditEntry.objects.filter(verb__in={verb for verb, _s, _at in wanted})
    by_subject = Counter(happened.values_list("verb", "subject"))
    assert by_subject == Counter((verb, subject) for verb, subject, _at in wanted)
    entries = sorted(happened.values_list("verb", "subject", "at"))
    for due, entry in zip(sorted(wanted.elements()), entries, strict=True):
        assert due <= entry, f"{entry} came before {due}"
