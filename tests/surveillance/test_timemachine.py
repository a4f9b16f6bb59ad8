"""The demo's clock: seen by every process, forward only, and nowhere but in the demo."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError

from surveillance import clock
from surveillance.timemachine import machine
from surveillance.timemachine.machine import AheadOf
from surveillance.timemachine.models import TimeMachine

TEN_PAST = datetime(2026, 11, 24, 9, 10, tzinfo=UTC)
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def installed(db):
    machine.install(lambda: TEN_PAST)
    yield
    clock.set_source(None)


def hours_played(**options) -> list[datetime]:
    found: list[datetime] = []
    with machine.at_the_controls() as ours:
        assert ours
        machine.play(found.append, **options)
    return found


def test_outside_the_demo_the_clock_is_the_systems(settings):
    settings.DEMO = False
    apps.get_app_config("timemachine").ready()
    assert clock.set_source(None) is clock.system_time


def test_in_the_demo_the_clock_asks_the_machine(settings, db):
    settings.DEMO = True
    apps.get_app_config("timemachine").ready()
    try:
        machine._machine.move_to(clock.system_time() + timedelta(days=3))
        assert clock.now() - clock.system_time() > timedelta(days=2, hours=23)
    finally:
        clock.set_source(None)


def test_every_full_hour_is_played_once_up_to_the_goal(installed):
    play = machine.set_goal(3)
    assert (play.begun_at, play.goal) == (NINE, NINE + 3 * HOUR)
    assert hours_played() == [NINE + HOUR, NINE + 2 * HOUR, NINE + 3 * HOUR]
    assert clock.now() == NINE + 3 * HOUR
    assert hours_played() == []
    assert not machine.state().is_playing(clock.now())


def test_the_time_stands_while_an_hour_is_played(installed):
    machine.set_goal(1)
    seen = []
    with machine.at_the_controls():
        machine.play(lambda at: seen.append((at, clock.now())))
    assert seen == [(NINE + HOUR, NINE + HOUR)]


def test_another_process_sees_the_same_time(installed):
    machine.set_goal(2)
    hours_played()
    other = AheadOf(lambda: TEN_PAST)
    assert other() == clock.now()


def test_the_clock_never_goes_back(installed):
    machine._machine.move_to(NINE + 5 * HOUR)
    machine._machine.move_to(NINE + 2 * HOUR)
    assert clock.now() == NINE + 5 * HOUR
    TimeMachine.objects.update(ahead=timedelta(0))
    machine._machine._next_look = 0
    assert clock.now() == NINE + 5 * HOUR


def test_a_process_looks_seldom(installed, django_assert_num_queries):
    clock.now()
    with django_assert_num_queries(0):
        for _ in range(100):
            clock.now()


def test_a_database_that_cannot_be_asked_leaves_the_clock_as_it_was(installed, monkeypatch):
    machine._machine.move_to(NINE + HOUR)

    def fail(*args, **kwargs):
        raise DatabaseError("the transaction has failed")

    monkeypatch.setattr(TimeMachine.objects, "values_list", fail)
    machine._machine._next_look = 0
    assert clock.now() == NINE + HOUR


def test_a_play_stops_when_it_is_told_to(installed):
    machine.set_goal(10)
    with machine.at_the_controls():
        machine.play(lambda at: machine.stop() if at == NINE + 2 * HOUR else None)
    assert clock.now() == NINE + 2 * HOUR


def test_a_play_that_was_broken_off_is_not_added_to(installed):
    machine.set_goal(10)
    assert machine.set_goal(2).goal == NINE + 2 * HOUR


@pytest.mark.parametrize("hours", [0, -1, 24 * 61])
def test_a_goal_is_within_reach(installed, hours):
    with pytest.raises(ValueError, match="at least 1"):
        machine.set_goal(hours)
    assert machine.state().goal is None


def test_the_clock_is_put_back_when_an_hour_fails(installed):
    machine.set_goal(5)

    def fail(at):
        raise RuntimeError("an hour went wrong")

    with machine.at_the_controls(), pytest.raises(RuntimeError):
        machine.play(fail)
    assert clock.now() == NINE + HOUR
    assert machine.is_free()
