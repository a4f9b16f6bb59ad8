"""takedown.send_back: not like this."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import takedowns
from tests.contract import VerbContract


class TestSendBack(VerbContract):
    transition = takedowns.SEND_BACK
    begin = "submitted"
    by = "bo"
    changes = {"state"}
    letters = {("approval_decided", "in_app"): 1}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return takedowns.send_back(row, by=by, reason="Name the batch.")


class TestSendBackWhatWasApproved(TestSendBack):
    begin = "approved"
    changes = {"state", "approved_at", "approved_by_id"}


def test_needs_a_reason(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        takedowns.send_back(story.submitted(), by=story.bo, reason="")
