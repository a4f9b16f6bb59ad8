"""The simulated platforms: when each looks and answers, and that chance can be told again."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from cases.demo.dice import Dice
from cases.demo.habits import HABITS, Demand, Prompt, Refusing, Slow
from cases.states import ANSWERS, ItemState

MONDAY = datetime(2026, 9, 28, 8, 0, tzinfo=UTC)
DUE = MONDAY + timedelta(days=2, hours=6)  # the end of Wednesday in Sydney
HOUR = timedelta(hours=1)
WEEKS = [MONDAY + hours * HOUR for hours in range(24 * 14)]


def demand(number: int, **facts: object) -> Demand:
    told = {"started_at": MONDAY, "due_at": DUE, "information": "", "decision": ""} | facts
    return Demand(takedown="TD-2026-000001", number=number, **told)


def first_reply(habit, asked: Demand):
    """(instant, reply) when it looks hour by hour; None when it never answers."""
    for at in WEEKS:
        if habit.looks(at) and (reply := habit.reply(asked, at)):
            return at, reply
    return None


@pytest.mark.parametrize("kind", HABITS.values())
def test_the_same_question_has_the_same_answer(kind):
    for number in range(20):
        asked = demand(number)
        assert first_reply(kind(Dice(7)), asked) == first_reply(kind(Dice(7)), asked)


@pytest.mark.parametrize("kind", HABITS.values())
def test_every_answer_is_one_that_the_api_takes(kind):
    for number in range(100):
        _at, reply = first_reply(kind(Dice(7)), demand(number))
        assert reply.outcome in ANSWERS
        assert bool(reply.ground) == (reply.outcome == ItemState.REFUSED)
        assert reply.text


def test_the_prompt_one_looks_every_hour_and_removes_within_a_working_day():
    habit = Prompt(Dice(7))
    assert all(habit.looks(at) for at in WEEKS)
    for number in range(100):
        at, _reply = first_reply(habit, demand(number))
        assert at - MONDAY <= timedelta(days=1)


def test_the_slow_one_is_late_with_some():
    habit = Slow(Dice(7))
    late = [first_reply(habit, demand(number))[0] > DUE for number in range(200)]
    assert 0.4 < sum(late) / len(late) < 0.7
    # In time it is only after the reminder, one working day before the end.
    for number in range(200):
        assert first_reply(habit, demand(number))[0] > DUE - timedelta(days=1)


def test_the_refusing_one_refuses_and_asks_until_it_is_told():
    habit = Refusing(Dice(7))
    first = Counter(first_reply(habit, demand(number))[1].outcome for number in range(300))
    assert set(first) == {ItemState.REMOVED, ItemState.REFUSED, ItemState.NEEDS_INFORMATION}
    informed = [first_reply(habit, demand(n, information="Batch 4"))[1] for n in range(300)]
    assert ItemState.NEEDS_INFORMATION not in {reply.outcome for reply in informed}
    told = [first_reply(habit, demand(n, decision="It is this model."))[1] for n in range(50)]
    assert {reply.outcome for reply in told} == {ItemState.REMOVED}
    lies = sum(habit.is_lying(demand(number).round) for number in range(300))
    assert 0.2 < lies / 300 < 0.4


def test_the_refusing_one_appeals_against_some_decisions_that_may_be_appealed():
    habit = Refusing(Dice(7))
    told = [habit.appeals(demand(number, decision="No.", may_appeal=True)) for number in range(100)]
    assert 25 < sum(bool(reason) for reason in told) < 55
    assert not any(habit.appeals(demand(number, decision="No.")) for number in range(100))
    assert not any(
        kind(Dice(7)).appeals(demand(number, may_appeal=True))
        for kind in (Prompt, Slow)
        for number in range(100)
    )
