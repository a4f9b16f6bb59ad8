"""item.resume: the clock goes on where it stood."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.flows import pausing
from surveillance.outbox.models import OutboxMessage
from tests.cast import MONDAY
from tests.contract import VerbContract


class TestResumeItem(VerbContract):
    transition = pausing.RESUME_ITEM
    begin = "paused_item"
    changes = {"pauses", "paused_at", "due_at", "derivation"}
    letters = {("clock_resumed", "email"): 1, ("clock_resumed", "in_app"): 1}

    def perform(self, row, by):
        return pausing.resume_item(row, by=by, at=MONDAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("stopped", "resumed", "due_on"),
    [
        # Due with Wednesday 30 September; each working day that the pause touches is added.
        (datetime(2026, 9, 29, 10, tzinfo=UTC), datetime(2026, 9, 29, 12, tzinfo=UTC), 1),
        (datetime(2026, 9, 30, 10, tzinfo=UTC), datetime(2026, 10, 5, 10, tzinfo=UTC), 6),
    ],
)
def test_exactly_the_paused_working_days_are_added(story, stopped, resumed, due_on):
    item = pausing.pause_item(story.item(), by=story.ana, reason="The laboratory.", at=stopped)
    item = pausing.resume_item(item, by=story.ana, at=resumed)
    assert item.due_at == datetime(2026, 10, due_on, 22, tzinfo=UTC)
    assert "The laboratory." in str(item.derivation)


def test_the_ladder_goes_on_where_it_was(story):
    item = story.missed()
    rung = item.escalate_at
    item = pausing.pause_item(item, by=story.ana, reason="We look again.", at=item.due_at)
    item = pausing.resume_item(item, by=story.ana, at=item.due_at)
    assert (item.escalate_at, bool(item.missed_at)) == (rung, True)


def test_the_letter_says_until_when_and_how_that_was_counted(story):
    item = story.paused_item()
    pausing.resume_item(item, by=story.ana, at=item.paused_at + timedelta(days=1))
    text = str(OutboxMessage.objects.get(letter="clock_resumed", channel="email").document)
    assert "Answer due" in text
    assert "the clock stood: The laboratory is at work." in text
