"""item.pause: a listing's clock stands because it waits for the authority."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.flows import chasing, extensions, items, pausing, sweeps
from surveillance.accounts.actor import SYSTEM
from surveillance.flow import WrongState
from surveillance.outbox.models import OutboxMessage
from tests.cast import answer_with
from tests.contract import VerbContract

DAY = timedelta(days=1)


class TestPauseItem(VerbContract):
    transition = pausing.PAUSE_ITEM
    begin = "item"
    changes = {"pauses", "paused_at"}
    letters = {("clock_paused", "email"): 1, ("clock_paused", "in_app"): 1}
    outsiders = ("dev", "eve")

    def perform(self, row, by):
        return pausing.pause_item(row, by=by, reason="The laboratory is at work.")


def paused(story):
    return pausing.pause_item(story.item(), by=story.ana, reason="The laboratory is at work.")


def test_nothing_is_late_reminded_of_or_climbed_while_it_stands(story):
    item = paused(story)
    type(item).objects.exclude(pk=item.pk).update(state="withdrawn")
    for day in range(30):
        sweeps.remind(item.paused_at + day * DAY)
        assert sweeps.note_missed_deadlines(item.paused_at + day * DAY) == 0
    with pytest.raises(WrongState, match="has not passed"):
        chasing.note_missed_deadline(item, by=SYSTEM, at=item.due_at + DAY)


def test_the_ladder_of_one_that_was_late_already_waits_too(story):
    item = story.missed()
    assert item.escalate_at
    item = pausing.pause_item(item, by=story.ana, reason="We look again.", at=item.due_at)
    assert item.escalate_at is None


def test_the_request_is_due_by_the_clocks_that_run(story):
    takedown = story.issued()
    for item in takedown.items.all():
        pausing.pause_item(item, by=story.ana, reason="The laboratory is at work.")
    takedown.refresh_from_db()
    assert (takedown.due_at, takedown.remind_at, takedown.case.due_at) == (None, None, None)


def test_a_reason_is_asked_for_and_told(story):
    with pytest.raises(ValidationError):
        pausing.pause_item(story.item(), by=story.ana, reason=" ")
    paused(story)
    letter = OutboxMessage.objects.get(letter="clock_paused", channel="email")
    assert "The laboratory is at work." in str(letter.document)


def test_an_answer_ends_it_and_is_in_time(story, time):
    item = paused(story)
    late = item.due_at + 3 * DAY
    item = items.answer(item, answer_with("removed"), by=story.dot, at=late)
    assert (item.paused_at, item.answered_in_time) == (None, True)
    assert item.pauses[0]["to"] == late.isoformat()


def test_a_question_while_it_stands_goes_on_standing_for_the_question(story):
    item = paused(story)
    item = items.answer(item, answer_with("needs_information"), by=story.dot, at=item.due_at + DAY)
    assert [span["to"] is None for span in item.pauses] == [False, True]
    assert item.paused_at == item.answered_at


def test_an_extension_meanwhile_counts_when_it_runs_again(story):
    takedown = story.with_extension_requested()
    item = takedown.items.get(number=1)
    item = pausing.pause_item(item, by=story.ana, reason="We look again.")
    extensions.grant_extension(takedown, by=story.bo)
    item.refresh_from_db()
    assert item.extension == 2
    item = pausing.resume_item(item, by=story.ana)
    assert item.derivation["extension"] == 2
