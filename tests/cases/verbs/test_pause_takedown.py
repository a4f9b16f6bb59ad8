"""takedown.pause: every clock of a request stands because it waits for the authority."""

import pytest

from cases.flows import items, pausing
from surveillance.audit.models import AuditEntry
from surveillance.flow import WrongState
from tests.cast import answer_with
from tests.contract import VerbContract


class TestPauseTakedown(VerbContract):
    transition = pausing.PAUSE_TAKEDOWN
    begin = "issued"
    changes = {"due_at", "remind_at"}
    letters = {("clock_paused", "email"): 1, ("clock_paused", "in_app"): 1}

    def perform(self, row, by):
        return pausing.pause_takedown(row, by=by, reason="The laboratory is at work.")


def test_of_those_that_run_and_no_others(story):
    takedown = story.issued(listings=3)
    answered, asked, open_ = takedown.items.order_by("number")
    items.answer(answered, answer_with("removed"), by=story.dot)
    items.answer(asked, answer_with("needs_information"), by=story.dot)
    pausing.pause_takedown(takedown, by=story.ana, reason="The laboratory is at work.")
    assert list(takedown.items.paused()) == [open_]
    asked.refresh_from_db()
    assert len(asked.pauses) == 1
    assert AuditEntry.objects.get(verb="takedown.pause").facts["count"] == 1


def test_a_request_whose_clocks_all_stand_is_refused(story):
    takedown = story.issued()
    pausing.pause_takedown(takedown, by=story.ana, reason="The laboratory is at work.")
    with pytest.raises(WrongState, match="No clock of this request runs"):
        pausing.pause_takedown(takedown, by=story.ana, reason="Once more.")
