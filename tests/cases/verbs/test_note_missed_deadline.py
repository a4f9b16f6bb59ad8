"""item.note_missed_deadline: the limit has passed without an answer."""

from datetime import timedelta

import pytest

from cases import tasks
from cases.flows import chasing, items, sweeps
from surveillance.accounts.actor import SYSTEM
from surveillance.flow import WrongState
from surveillance.outbox.models import OutboxMessage
from tests.cast import answer_with
from tests.contract import VerbContract, witness


class TestNoteMissedDeadline(VerbContract):
    transition = chasing.NOTE_MISSED_DEADLINE
    begin = "item"
    by = "system"
    changes = {"missed_at", "missed_count", "escalation_step", "escalate_at"}
    letters = {
        ("deadline_missed", "email"): 1,
        ("deadline_missed", "in_app"): 1,
        ("deadline_missed_notice", "email"): 1,
        ("deadline_missed_notice", "in_app"): 1,
    }

    def perform(self, row, by):
        return chasing.note_missed_deadline(row, by=by, at=row.due_at)


def test_not_a_moment_before_it_is_due(story):
    item = story.item()
    early = item.due_at - timedelta(microseconds=1)
    with pytest.raises(WrongState, match="has not passed"):
        chasing.note_missed_deadline(item, by=SYSTEM, at=early)
    assert sweeps.note_missed_deadlines(early) == 0


def test_once_however_often_it_is_swept(story):
    item = story.item()
    with witness() as seen:
        for _ in range(5):
            sweeps.note_missed_deadlines(item.due_at)
    assert seen.verbs == ["item.note_missed_deadline"] * 2  # the request has two listings


def test_one_beat_notes_more_than_a_batch(story, time, monkeypatch):
    takedown = story.issued_notice(listings=5)
    monkeypatch.setattr(sweeps, "BATCH", 2)
    time.move_to(takedown.items.first().due_at)
    assert tasks.note_missed_deadlines() == 5
    assert not takedown.items.filter(missed_at=None).exists()


def test_one_letter_names_all_that_were_due_together(story):
    takedown = story.issued(listings=3)
    first, second, third = takedown.items.order_by("number")
    items.answer(second, answer_with("removed"), by=story.dot)
    with witness() as seen:
        sweeps.note_missed_deadlines(first.due_at)
    assert seen.letters == TestNoteMissedDeadline.letters
    for letter in OutboxMessage.objects.filter(letter__startswith="deadline_missed"):
        text = str(letter.document)
        names = [item for item in (first, second, third) if item.listing.title in text]
        assert first in names
        assert ("/2" in text) is False
    told = OutboxMessage.objects.get(letter="deadline_missed", channel="email")
    assert [item.listing.url in str(told.document) for item in (first, second, third)] == [
        True,
        False,
        True,
    ]


def test_what_is_answered_on_time_is_not_late(story):
    item = story.answered()
    later = item.due_at + timedelta(days=1)
    sweeps.note_missed_deadlines(later)
    item.refresh_from_db()
    assert item.missed_at is None
