"""The numbers against what the trail says, listing by listing; and each against its rows."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from cases.flows import cases, items
from cases.models import Item
from cases.states import ITEM_AWAITS_PLATFORM, ITEM_OPEN, ItemState
from cases.stats.figures import Share, breakdown, totals
from cases.stats.numbers import NUMBERS
from cases.stats.scope import Scope
from cases.stats.tallies import tally
from cases.stats.working_days import MEASURES, Quantiles
from cases.stats.workload import workload
from surveillance.audit.models import AuditEntry
from surveillance.calendars.models import Calendar
from tests.cases.walk import Walk

SEEDS = (1, pytest.param(2, marks=pytest.mark.long))
PARTS = (
    ("in_time", "judged"),
    ("verified_removed", "requested"),
    ("identified_removed", "identified"),
    ("claimed_removed", "identified"),
    ("overdue", "missed"),
)


class Told:
    """One listing as the audit trail tells it, without asking the item what it has become."""

    def __init__(self, item: Item, entries: list[AuditEntry], at: datetime) -> None:
        self.item = item
        self.at = at
        self.entries = entries
        self.answers = [entry for entry in entries if entry.verb == "item.answer"]

    @property
    def platform(self) -> str:
        return self.item.takedown.platform.slug

    @property
    def month(self) -> date:
        return self.item.takedown.issued_at.date().replace(day=1)

    @property
    def latest(self) -> str:
        return self.answers[-1].facts["outcome"] if self.answers else ""

    @property
    def first_answer(self) -> AuditEntry | None:
        real = [entry for entry in self.answers if entry.facts["outcome"] != "needs_information"]
        return real[0] if real else None

    def did(self, verb: str) -> list[AuditEntry]:
        return [entry for entry in self.entries if entry.verb == verb]

    @property
    def is_overdue(self) -> bool:
        return self.item.state in ITEM_AWAITS_PLATFORM and self.item.due_at <= self.at

    @property
    def current_limit_missed(self) -> bool:
        """A miss counts until the clock starts anew or more time is granted beyond now."""
        return self.item.missed_at is not None

    def numbers(self) -> set[str]:
        """The names of the numbers that count this listing."""
        again = self.item.predecessor_id is not None
        verified = bool(self.did("item.confirm_removal"))
        found = {
            "requested": True,
            "identified": self.latest in {"removed", "refused"},
            "claimed_removed": self.latest == "removed",
            "not_found": self.latest == "not_found",
            "verified_removed": verified,
            "identified_removed": verified and self.latest == "removed",
            "refused": self.latest == "refused",
            "withdrawn": bool(self.did("item.withdraw")),
            "still_open": self.item.state in ITEM_OPEN,
            "overdue": self.is_overdue,
            "missed": bool(self.did("item.note_missed_deadline")) or self.is_overdue,
            "relisted": again,
            "in_time": self.item.answered_in_time is True,
            "judged": bool(self.first_answer) or self.current_limit_missed or self.is_overdue,
            "acknowledged": self.item.takedown.acknowledged_at is not None and not again,
            "answered": self.first_answer is not None and not again,
            "removed": verified and not again,
        }
        return {name for name, holds in found.items() if holds}

    def working_days(self, measure: str) -> int | None:
        if self.item.predecessor_id:
            return None
        ended_at = {
            "acknowledge": self.item.takedown.acknowledged_at,
            "answer": self.first_answer and self.first_answer.at,
            "removal": next((entry.at for entry in self.did("item.confirm_removal")), None),
        }[measure]
        if ended_at is None:
            return None
        code = self.item.takedown.regime.calendar_code
        return plain_working_days(self.item.takedown.issued_at, ended_at, code)


def plain_working_days(begun_at: datetime, ended_at: datetime, code: str) -> int:
    """Day by day, by weekday and the calendar's own list."""
    calendar = Calendar.objects.current().get(code=code)
    zone = ZoneInfo(calendar.time_zone)
    day, end = begun_at.astimezone(zone).date(), ended_at.astimezone(zone).date()
    count = 0
    while day < end:
        closed = day.weekday() in calendar.weekend or day.isoformat() in calendar.holidays
        count += day.isoformat() in calendar.extra_working_days or not closed
        day += timedelta(days=1)
    return count


def tell_all(at: datetime) -> list[Told]:
    entries: dict[str, list[AuditEntry]] = defaultdict(list)
    for entry in AuditEntry.objects.filter(verb__startswith="item.").order_by("id"):
        entries[entry.subject].append(entry)
    rows = Item.objects.issued().select_related("takedown__regime", "takedown__platform")
    return [Told(item, entries[item.audit_reference], at) for item in rows]


def counted(told: list[Told]) -> dict[str, int]:
    found = Counter(name for one in told for name in one.numbers())
    return {name: found[name] for name in NUMBERS}


def quantiles_of(told: list[Told], measure: str) -> Quantiles:
    days = sorted(taken for one in told if (taken := one.working_days(measure)) is not None)
    if not days:
        return Quantiles(0, None, None)
    return Quantiles(
        len(days),
        next(value for value in days if 2 * sum(day <= value for day in days) >= len(days)),
        next(value for value in days if 10 * sum(day <= value for day in days) >= 9 * len(days)),
    )


def assert_same(figures, told: list[Told]) -> None:
    assert dict(figures.counts) == counted(told)
    for measure in MEASURES:
        assert figures.working_days(measure) == quantiles_of(told, measure), measure
    names = {"in_time": figures.within_limit, "verified_removed": figures.removed_of_requested}
    for name, share in names.items():
        assert share.part == counted(told)[name]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_is_what_the_trail_says_and_has_its_rows(seed, story, cast, time):
    """Row by row, from tallies, and from tallies that much has happened after."""
    walk = Walk(story, time, seed)
    walk.go(90)
    assert_all_told(story, cast, time)
    assert tally() > 0
    assert tally() == 0
    assert_all_told(story, cast, time)
    # An oracle that only ever says zero proves nothing.
    found = totals(Scope(), story.ana, time.now)
    assert not [name for name in NUMBERS if found[name] == 0]
    assert all(found.working_days(measure).ninetieth for measure in MEASURES)
    for _part in range(3):
        walk.go(5)
        assert_all_told(story, cast, time)
        tally()


def assert_all_told(story, cast, time) -> None:
    told = tell_all(time.now)
    found = breakdown(Scope(), story.ana, time.now)
    assert_same(found.total, told)
    assert_same(totals(Scope(), story.ana, time.now), told)
    for platform, figures in found.by_platform.items():
        assert_same(figures, [one for one in told if one.platform == platform.slug])
    for month, figures in found.by_month.items():
        assert_same(figures, [one for one in told if one.month == month])
    assert {platform.slug for platform in found.by_platform} == {one.platform for one in told}
    assert set(found.by_month) == {one.month for one in told}
    assert_every_number_has_its_rows(story.ana, cast, time.now)


def assert_every_number_has_its_rows(actor, cast, at: datetime) -> None:
    platforms, months = (None, cast.harbour, cast.bazaar), (None, date(2026, 10, 1))
    scopes = [
        Scope(kind=kind, platform=platform, month=month)
        for platform, month, kind in product(platforms, months, ("", "order"))
    ]
    scopes += [
        Scope(issued_from=date(2026, 9, 1), issued_to=date(2026, 10, 12)),
        Scope(issued_from=date(2026, 10, 3), issued_to=date(2026, 10, 31)),
        Scope(regime="EU-GPSR-22-4"),
    ]
    for scope in scopes:
        scoped = scope.items(actor)
        found = totals(scope, actor, at)
        rows = {name: set(number.rows(scoped, at)) for name, number in NUMBERS.items()}
        assert {name: len(behind) for name, behind in rows.items()} == dict(found.counts)
        for part, whole in PARTS:
            assert rows[part] <= rows[whole], (part, whole)


def test_periods_are_days_of_issue_both_included(story, time):
    for _day in range(3):
        story.issued_notice(listings=1)
        time.pass_(timedelta(days=1))
    second = date(2026, 9, 29)
    assert Scope(issued_from=second).items(story.ana).count() == 2
    assert Scope(issued_to=second).items(story.ana).count() == 2
    assert Scope(issued_from=second, issued_to=second).items(story.ana).count() == 1


def test_a_month_is_the_authoritys_in_chart_and_rows(story, time, settings):
    settings.AUTHORITY_TIME_ZONE = "Asia/Taipei"
    time.move_to(datetime(2026, 9, 30, 17, 0, tzinfo=UTC))  # 01:00 of 1 October in Taipei
    story.issued_notice(listings=1)
    october = date(2026, 10, 1)
    assert list(breakdown(Scope(), story.ana, time.now).by_month) == [october]
    tally()
    assert list(breakdown(Scope(), story.ana, time.now).by_month) == [october]
    settings.AUTHORITY_TIME_ZONE = "UTC"  # what was tallied by another zone is void
    assert list(breakdown(Scope(), story.ana, time.now).by_month) == [date(2026, 9, 1)]
    settings.AUTHORITY_TIME_ZONE = "Asia/Taipei"
    assert Scope(month=october).items(story.ana).count() == 1
    assert Scope(month=date(2026, 9, 1)).items(story.ana).count() == 0


def test_what_is_restricted_counts_only_for_those_who_see_it(story, cast, time):
    takedown = story.issued_notice(listings=2)
    tally()
    cases.restrict(takedown.case, by=story.ana, reason="A court case is pending.")
    seen = {
        name: breakdown(Scope(), cast.actor(name), time.now).total["requested"]
        for name in ("ana", "bo", "cai")
    }
    assert seen == {"ana": 2, "bo": 2, "cai": 0}
    tally()
    assert totals(Scope(), cast.actor("ana"), time.now)["requested"] == 2
    assert totals(Scope(), cast.actor("cai"), time.now)["requested"] == 0


def test_a_false_claim_is_claimed_and_not_verified(story, time):
    items.reject_answer(story.answered(ItemState.REMOVED), by=story.ana, reason="Still there.")
    found = breakdown(Scope(), story.ana, time.now).total
    assert (found["claimed_removed"], found["verified_removed"]) == (1, 0)


def test_late_is_late_from_the_very_instant(story):
    item = story.item()
    for _counted in ("row by row", "from tallies"):
        before = totals(Scope(), story.ana, item.due_at - timedelta(seconds=1))
        assert before["overdue"] == 0
        found = totals(Scope(), story.ana, item.due_at)
        assert (found["overdue"], found["missed"], found["judged"]) == (2, 2, 2)
        tally()


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({}, Quantiles(0, None, None)),
        ({0: 1}, Quantiles(1, 0, 0)),
        ({1: 1, 5: 1}, Quantiles(2, 1, 5)),
        ({0: 9, 7: 1}, Quantiles(10, 0, 0)),
        ({0: 8, 3: 1, 7: 1}, Quantiles(10, 0, 3)),
        ({4: 1, 1: 2, 2: 2}, Quantiles(5, 2, 4)),
    ],
)
def test_quantiles(days, expected):
    assert Quantiles.of(days) == expected


def test_a_share_of_nothing_has_no_percentage():
    assert Share(0, 0).percent is None
    assert Share(1, 3).percent == pytest.approx(33.3333, abs=1e-3)


def test_workload(story, cast, time):
    story.issued_notice(listings=2)
    story.answered()
    time.pass_(timedelta(days=10))
    story.case(by=cast.actor("cai"))
    found = {
        row.name: (row.cases, row.to_check, row.overdue) for row in workload(story.bo, time.now)
    }
    assert found == {"Ana Reyes": (2, 1, 3), "Cai Wen": (1, 0, 0)}
