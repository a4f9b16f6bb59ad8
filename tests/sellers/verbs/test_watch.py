"""seller.watch: the seller is watched more closely until the review date."""

import pytest
from django.core.exceptions import ValidationError

from sellers.flows import sellers
from tests.cast import REVIEW
from tests.contract import VerbContract


class TestWatch(VerbContract):
    transition = sellers.WATCH
    begin = "seller"
    changes = {"state", "tier_reason", "review_on"}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return sellers.watch(row, by=by, reason="Two alerts.", review_on=REVIEW)


def test_needs_a_reason_and_a_review_in_the_future(story, time):
    for reason, day, field in (("", REVIEW, "reason"), ("Two.", time.now.date(), "review_on")):
        with pytest.raises(ValidationError) as refusal:
            sellers.watch(story.seller(), by=story.ana, reason=reason, review_on=day)
        assert list(refusal.value.message_dict) == [field]
