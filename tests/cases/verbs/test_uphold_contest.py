"""contest.uphold: the seller returns to the standard tier."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import contests
from sellers.flows import sellers
from surveillance.outbox.models import OutboxMessage
from tests.contract import VerbContract, witness


class TestUphold(VerbContract):
    transition = contests.UPHOLD
    begin = "contest"
    by = "bo"
    changes = {"state", "decision", "decided_at", "decided_by_id"}
    letters = {("contest_decided", "email"): 1, ("contest_decided", "in_app"): 1}
    joined = ["seller.lift"]

    def perform(self, row, by):
        return contests.uphold(row, by=by, reason="The importer is another one.")


def test_the_tier_is_lifted_and_the_platform_told(story):
    contest = story.upheld_contest()
    contest.seller.refresh_from_db()
    assert contest.seller.state == "standard"
    letter = OutboxMessage.objects.filter(letter="contest_decided", channel="email").get()
    assert "littleharbour" in letter.document["title"]
    assert contest.seller.name not in str(letter.document)
    assert letter.payload["outcome"] == "upheld"


def test_one_whose_tier_was_lifted_already(story):
    contest = story.contest()
    sellers.lift(contest.seller, by=story.bo, reason="It is in order.")
    with witness() as seen:
        contests.uphold(contest, by=story.bo, reason="It is in order.")
    assert seen.verbs == ["contest.uphold"]


def test_needs_a_reason(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        contests.uphold(story.contest(), by=story.bo, reason="")
