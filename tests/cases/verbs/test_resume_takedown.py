"""takedown.resume: every clock of a request that stands for the authority's sake goes on."""

from datetime import timedelta

from cases.flows import items, pausing
from surveillance.outbox.models import OutboxMessage
from tests.cast import answer_with
from tests.contract import VerbContract


class TestResumeTakedown(VerbContract):
    transition = pausing.RESUME_TAKEDOWN
    begin = "paused"
    changes = {"due_at", "remind_at"}
    letters = {("clock_resumed", "email"): 1, ("clock_resumed", "in_app"): 1}

    def perform(self, row, by):
        return pausing.resume_takedown(row, by=by)


def test_a_clock_that_waits_for_information_goes_on_standing(story):
    takedown = story.issued()
    asked, open_ = takedown.items.order_by("number")
    items.answer(asked, answer_with("needs_information"), by=story.dot)
    pausing.pause_takedown(takedown, by=story.ana, reason="The laboratory is at work.")
    pausing.resume_takedown(takedown, by=story.ana)
    asked.refresh_from_db()
    assert asked.paused_at
    assert list(takedown.items.running()) == [open_]


def test_all_are_due_together_again_and_one_letter_says_so(story, time):
    takedown = story.paused()
    before = takedown.items.first().due_at
    takedown = pausing.resume_takedown(takedown, by=story.ana, at=time.now + timedelta(days=2))
    assert {item.due_at for item in takedown.items.all()} == {takedown.due_at}
    assert takedown.due_at > before
    assert OutboxMessage.objects.filter(letter="clock_resumed", channel="email").count() == 1
