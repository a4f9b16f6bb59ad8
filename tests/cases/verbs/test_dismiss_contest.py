"""contest.dismiss: the tier stands."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import contests
from tests.contract import VerbContract


class TestDismiss(VerbContract):
    transition = contests.DISMISS
    begin = "contest"
    by = "bo"
    changes = {"state", "decision", "decided_at", "decided_by_id"}
    letters = {("contest_decided", "email"): 1, ("contest_decided", "in_app"): 1}

    def perform(self, row, by):
        return contests.dismiss(row, by=by, reason="It sells the same.")


def test_the_tier_and_the_reply_stand(story):
    contest = story.dismissed_contest()
    contest.seller.refresh_from_db()
    assert contest.seller.state == "watched"
    assert "new importer" in contest.seller.reply


def test_needs_a_reason(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        contests.dismiss(story.contest(), by=story.bo, reason="")
