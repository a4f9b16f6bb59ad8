"""item.move_deadline and clocks.recompute: what a changed calendar does to clocks that run."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from cases.flows import chasing, clock_sweep, extensions, items, pausing, recomputing, sweeps
from cases.models import Item, TakedownRequest
from surveillance.accounts.actor import SYSTEM, Actor
from surveillance.audit.models import AuditEntry
from surveillance.calendars import flows as rules
from surveillance.calendars.content import CalendarContent, CalendarDay, DayKind
from surveillance.calendars.models import Calendar
from surveillance.clock import Due, derive_again
from surveillance.flow import Forbidden, WrongState
from surveillance.jobs.models import Job
from surveillance.outbox.models import OutboxMessage
from tests.cast import MONDAY, answer_with
from tests.contract import witness

TUESDAY, WEDNESDAY = date(2026, 9, 29), date(2026, 9, 30)
DUE = datetime(2026, 9, 30, 22, tzinfo=UTC)  # two working days from Monday, in Brussels
A_DAY_LATER = DUE + timedelta(days=1)


def calendar(code: str = "EU") -> Calendar:
    return Calendar.objects.current().get(code=code)


def closed(day: date, name: str = "Storm", kind: DayKind = DayKind.CLOSURE) -> CalendarContent:
    return CalendarContent.of(calendar()).with_days([CalendarDay(day, name, kind)])


def declare(content: CalendarContent, *, at: datetime = MONDAY) -> Calendar:
    """The version alone, as another machine leaves it before the sweep has come."""
    return rules.change_calendar(calendar(), by=SYSTEM, content=content, reason="A storm.", at=at)


def moved(takedown: TakedownRequest) -> list[datetime]:
    return [item.due_at for item in takedown.items.order_by("number")]


class TestPreview:
    def test_names_what_would_move_and_saves_nothing(self, story):
        takedown = story.issued()
        with witness() as seen:
            found = recomputing.preview(closed(TUESDAY).working("EU", 2))
        assert [(move.before, move.after) for move in found.moves] == [(DUE, A_DAY_LATER)] * 2
        assert (found.total, found.kept, found.beyond) == (2, 0, [])
        assert found.by_platform == {"Harbour Market": 2}
        assert moved(takedown) == [DUE, DUE]
        assert not seen.entries

    def test_is_what_the_change_then_does(self, story):
        takedown = story.issued()
        found = recomputing.preview(closed(TUESDAY).working("EU", 2))
        clock_sweep.change_calendar(
            calendar(), by=Actor.of(story.cast.ada), content=closed(TUESDAY), reason="A storm."
        )
        assert moved(takedown) == [move.after for move in found.moves]

    def test_leaves_out_what_is_answered_what_stands_and_other_calendars(self, story):
        takedown = story.issued(listings=3)
        answered, stands, _open = takedown.items.order_by("number")
        items.answer(answered, answer_with("removed"), by=story.dot)
        pausing.pause_item(stands, by=story.ana, reason="We look again.")
        story.issued_notice(platform=story.cast.bazaar)
        assert recomputing.preview(closed(TUESDAY).working("EU", 2)).total == 1

    def test_a_calendar_that_does_not_reach_so_far_is_refused(self, story):
        story.issued()
        values = CalendarContent.of(calendar()).to_json() | {"last_day": "2026-09-29"}
        short = CalendarContent.from_json(values | {"holidays": {}})
        assert len(recomputing.preview(short.working("EU", 2)).beyond) == 2
        with pytest.raises(ValidationError, match="covers"):
            clock_sweep.change_calendar(
                calendar(), by=Actor.of(story.cast.ada), content=short, reason="Shorter."
            )
        assert calendar().version == 1


class TestRecompute:
    def test_each_item_has_an_entry_the_platform_one_letter(self, story):
        takedown = story.issued()
        with witness() as seen:
            clock_sweep.change_calendar(
                calendar(), by=Actor.of(story.cast.ada), content=closed(TUESDAY), reason="A storm."
            )
        assert seen.verbs == ["calendar.change", "item.move_deadline", "item.move_deadline"]
        assert len({entry.subject for entry in seen.entries}) == 3
        entry = seen.entries[1]
        assert (entry.facts["before"], entry.facts["after"], entry.reason) == (
            "2026-09-30 24:00",
            "2026-10-01 24:00",
            "A storm.",
        )
        assert seen.letters == {("deadline_moved", "email"): 1, ("deadline_moved", "in_app"): 1}
        text = str(OutboxMessage.objects.get(letter="deadline_moved", channel="email").document)
        assert text.count("Magnetic cubes 216") == 2
        assert "not counted, holiday: Storm" in text
        takedown.refresh_from_db()
        assert (takedown.due_at, takedown.case.due_at) == (A_DAY_LATER, A_DAY_LATER)
        assert takedown.remind_at == datetime(2026, 9, 30, 7, tzinfo=UTC)

    def test_twice_and_late_is_once(self, story):
        takedown = story.issued()
        declare(closed(TUESDAY))
        with witness() as seen:
            assert clock_sweep.recompute_clocks(MONDAY + timedelta(days=9)) == 2
            assert clock_sweep.recompute_clocks(MONDAY + timedelta(days=9)) == 0
        assert seen.verbs == ["item.move_deadline"] * 2
        assert moved(takedown) == [A_DAY_LATER] * 2

    def test_several_changes_are_one_move_to_the_last(self, story):
        takedown = story.issued()
        declare(closed(TUESDAY))
        declare(closed(WEDNESDAY))
        assert clock_sweep.recompute_clocks(MONDAY) == 2
        assert moved(takedown) == [A_DAY_LATER + timedelta(days=1)] * 2

    def test_a_limit_that_was_told_is_never_shortened(self, story):
        takedown = story.issued()
        clock_sweep.change_calendar(calendar(), by=SYSTEM, content=closed(TUESDAY), reason="Storm.")
        content = CalendarContent.of(calendar()).without({TUESDAY})
        assert recomputing.preview(content.working("EU", 3)).kept == 2
        with witness() as seen:
            clock_sweep.change_calendar(calendar(), by=SYSTEM, content=content, reason="An error.")
        assert seen.verbs == ["calendar.change"]
        assert moved(takedown) == [A_DAY_LATER] * 2
        assert {item.derivation["calendar"]["version"] for item in takedown.items.all()} == {2}

    def test_what_is_answered_stays_as_it_was_judged(self, story):
        item = story.answered()
        clock_sweep.change_calendar(calendar(), by=SYSTEM, content=closed(TUESDAY), reason="Storm.")
        item.refresh_from_db()
        assert (item.due_at, item.derivation["calendar"]["version"]) == (DUE, 1)

    def test_a_clock_that_stands_is_counted_by_the_new_version_when_it_runs(self, story):
        item = story.paused_item()
        clock_sweep.change_calendar(
            calendar(), by=SYSTEM, content=closed(WEDNESDAY), reason="Storm."
        )
        item = pausing.resume_item(item, by=story.ana, at=MONDAY)
        assert (item.due_at, item.derivation["calendar"]["version"]) == (A_DAY_LATER, 2)

    def test_only_the_clockwork_does_it(self, story):
        takedown = story.issued()
        version = declare(closed(TUESDAY))
        with pytest.raises(Forbidden):
            recomputing.recompute(takedown, version, by=story.bo, at=MONDAY)
        assert moved(takedown) == [DUE] * 2


class TestMissed:
    def test_a_miss_that_by_the_new_calendar_never_was_is_undone(self, story):
        item = story.missed()
        declare(closed(TUESDAY), at=DUE)
        assert clock_sweep.recompute_clocks(DUE) == 2
        item.refresh_from_db()
        assert (item.missed_at, item.missed_count, item.escalate_at) == (None, 0, None)
        assert (item.due_at, item.escalation_step) == (A_DAY_LATER, 0)
        entry = AuditEntry.objects.get(verb="item.move_deadline", subject=item.audit_reference)
        assert "that is undone" in entry.reason
        assert sweeps.note_missed_deadlines(A_DAY_LATER) == 2

    def test_a_miss_after_the_new_end_as_well_remains(self, story):
        item = story.item()
        chasing.note_missed_deadline(item, by=SYSTEM, at=A_DAY_LATER + timedelta(hours=1))
        declare(closed(TUESDAY), at=A_DAY_LATER + timedelta(hours=2))
        clock_sweep.recompute_clocks(A_DAY_LATER + timedelta(hours=2))
        item.refresh_from_db()
        assert (item.due_at, item.missed_count, item.escalation_step) == (A_DAY_LATER, 1, 1)
        assert item.missed_at
        assert item.escalate_at == datetime(2026, 10, 2, 7, tzinfo=UTC)

    def test_nothing_is_noted_before_the_clocks_are_counted_again(self, story):
        takedown = story.issued()
        declare(closed(TUESDAY))
        assert sweeps.note_missed_deadlines(DUE) == 0
        assert sweeps.remind(DUE - timedelta(hours=15)) == 0
        with pytest.raises(WrongState, match="calendar has changed"):
            chasing.note_missed_deadline(takedown.items.first(), by=SYSTEM, at=DUE)
        assert clock_sweep.recompute_clocks(DUE) == 2
        assert sweeps.note_missed_deadlines(DUE) == 0


class TestMany:
    def test_many_are_left_to_the_sweep_and_are_a_job(self, story, monkeypatch):
        monkeypatch.setattr(clock_sweep, "AT_ONCE", 2)
        takedowns = [story.issued(listings=1) for _number in range(4)]
        with witness() as seen:
            clock_sweep.change_calendar(
                calendar(), by=SYSTEM, content=closed(TUESDAY), reason="A storm."
            )
        assert seen.verbs == ["calendar.change"]
        assert clock_sweep.recompute_clocks(MONDAY) == 4
        assert all(moved(takedown) == [A_DAY_LATER] for takedown in takedowns)
        job = Job.objects.get(kind="clocks.recompute")
        assert (job.state, job.total, job.done, job.read, job.updated) == ("done", 4, 4, 4, 4)

    def test_one_that_fails_holds_up_no_other(self, story, monkeypatch):
        first, second = story.issued(listings=1), story.issued(listings=1)
        declare(closed(TUESDAY))
        right = recomputing.recompute

        def broken(takedown, *args, **kwargs):
            if takedown.pk == first.pk:
                raise RuntimeError("broken")
            return right(takedown, *args, **kwargs)

        monkeypatch.setattr(recomputing, "recompute", broken)
        assert clock_sweep.recompute_clocks(MONDAY) == 1
        assert (moved(first), moved(second)) == ([DUE], [A_DAY_LATER])
        monkeypatch.undo()
        assert clock_sweep.recompute_clocks(MONDAY) == 1

    def test_a_second_machine_leaves_a_running_job_alone(self, story, monkeypatch):
        monkeypatch.setattr(clock_sweep, "AT_ONCE", 0)
        story.issued()
        declare(closed(TUESDAY))
        Job.objects.create(
            kind="clocks.recompute",
            label="Clocks",
            reference="J-1",
            started_at=MONDAY,
            progressed_at=MONDAY,
            changed_at=MONDAY,
        )
        assert clock_sweep.recompute_clocks(MONDAY) == 0


@pytest.mark.django_db(transaction=True)
def test_two_at_once_move_each_once(story):
    takedowns = [story.issued() for _number in range(3)]
    declare(closed(TUESDAY))
    ready, counts = threading.Barrier(2), []

    def sweep():
        try:
            ready.wait(timeout=10)
            counts.append(clock_sweep.recompute_clocks(MONDAY))
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _machine in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sum(counts) == 6
    assert AuditEntry.objects.filter(verb="item.move_deadline").count() == 6
    assert all(moved(takedown) == [A_DAY_LATER] * 2 for takedown in takedowns)


def test_every_stored_derivation_is_derived_again_from_the_version_that_it_names(story, time):
    """Whatever became of the item since: answered, paused, extended, moved, rejected."""
    first = story.with_extension_requested()
    story.asked()
    story.paused_item()
    clock_sweep.change_calendar(calendar(), by=SYSTEM, content=closed(TUESDAY), reason="Storm.")
    story.answered()
    extensions.grant_extension(first, by=story.bo)
    clock_sweep.change_calendar(calendar(), by=SYSTEM, content=closed(WEDNESDAY), reason="More.")
    story.rejected()
    resumed = story.paused_item()
    pausing.resume_item(resumed, by=story.ana, at=MONDAY + timedelta(days=3))
    checked = set()
    for item in Item.objects.exclude(derivation=None):
        told = Due.from_json(item.derivation)
        version = Calendar.objects.get(code=told.calendar_code, version=told.calendar_version)
        assert derive_again(told, version.working()) == told
        assert told.due_at == item.due_at
        checked.add(version.version)
    assert checked == {1, 2, 3}
