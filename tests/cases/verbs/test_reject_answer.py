"""item.reject_answer: somebody has looked, and the listing is still there."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from cases.flows import chasing, items
from surveillance.accounts.actor import SYSTEM
from tests.cast import answer_with
from tests.contract import VerbContract

FRIDAY = datetime(2026, 10, 2, 8, tzinfo=UTC)


class TestRejectRemoval(VerbContract):
    transition = items.REJECT_ANSWER
    begin = "answered"
    changes = {"state", "decision", "appeal_until"}
    letters = {("item_decided", "email"): 1, ("item_decided", "in_app"): 1}

    def perform(self, row, by):
        return items.reject_answer(row, by=by, reason="It is still on sale.")


class TestRejectNotFound(TestRejectRemoval):
    begin = "not_found"


class TestRejectRefusal(TestRejectRemoval):
    begin = "refused"


def test_a_new_limit_starts_now(story):
    """Two working days from Friday end with Tuesday; what happened to the old one is past."""
    item = story.issued(listings=1).items.get()
    chasing.note_missed_deadline(item, by=SYSTEM, at=item.due_at)
    items.answer(item, answer_with("removed"), by=story.dot, at=item.due_at)
    item = items.reject_answer(item, by=story.ana, reason="It is still on sale.", at=FRIDAY)
    assert item.started_at == FRIDAY
    assert item.due_at == datetime(2026, 10, 6, 22, tzinfo=UTC)
    assert (item.missed_at, item.escalate_at, item.escalation_step) == (None, None, 0)
    assert item.missed_count == 1
    item.takedown.refresh_from_db()
    assert item.takedown.remind_at == datetime(2026, 10, 5, 7, tzinfo=UTC)


def test_the_first_answer_is_remembered(story, time):
    item = items.reject_answer(story.answered(), by=story.ana, reason="Still there.")
    assert (item.first_answered_at, item.answered_in_time) == (time.now, True)


def test_needs_a_reason(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        items.reject_answer(story.answered(), by=story.ana, reason="")
