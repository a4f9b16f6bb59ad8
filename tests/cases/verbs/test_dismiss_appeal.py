"""item.dismiss_appeal: the decision stands."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import appeals, items
from surveillance.outbox.models import OutboxMessage
from tests.cast import answer_with
from tests.contract import VerbContract


class TestDismissAppeal(VerbContract):
    transition = appeals.DISMISS_APPEAL
    begin = "appealed"
    by = "bo"
    changes = {"appeal_due_at"}
    letters = {("appeal_decided", "email"): 1, ("appeal_decided", "in_app"): 1}

    def perform(self, row, by):
        return appeals.dismiss_appeal(row, by=by, reason="It is the product described.")


def test_the_platform_reads_why(story):
    item = appeals.dismiss_appeal(story.appealed(), by=story.bo, reason="It is the product.")
    letter = OutboxMessage.objects.filter(letter="appeal_decided", channel="email").get()
    assert item.state == "still_online"
    for words in ("Look at the label.", "It is the product.", "still online"):
        assert words in str(letter.document)
    assert letter.payload["item"] == item.number
    assert letter.payload["appeal"] == "dismissed"


def test_an_answer_given_meanwhile_is_checked_as_ever(story):
    item = items.answer(story.appealed(), answer_with("removed"), by=story.dot)
    item = appeals.dismiss_appeal(item, by=story.bo, reason="It is the product.")
    assert items.confirm_removal(item, by=story.ana).state == "confirmed"


def test_needs_a_reason(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        appeals.dismiss_appeal(story.appealed(), by=story.bo, reason="")
