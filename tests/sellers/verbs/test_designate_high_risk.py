"""seller.designate_high_risk: a supervisor's decision, with a reason and a review date."""

import pytest
from django.core.exceptions import ValidationError

from sellers.flows import sellers
from tests.cast import MONDAY, REVIEW
from tests.contract import VerbContract


class TestDesignateHighRisk(VerbContract):
    transition = sellers.DESIGNATE_HIGH_RISK
    begin = "seller"
    by = "bo"
    changes = {"state", "tier_reason", "review_on"}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return sellers.designate_high_risk(row, by=by, reason="Nine alerts.", review_on=REVIEW)


class TestDesignateWatched(TestDesignateHighRisk):
    begin = "watched_seller"
    changes = {"state", "tier_reason"}


def test_needs_a_reason_and_a_review_in_the_future(story):
    for reason, day, field in (("", REVIEW, "reason"), ("Nine.", MONDAY.date(), "review_on")):
        with pytest.raises(ValidationError) as refusal:
            sellers.designate_high_risk(story.seller(), by=story.bo, reason=reason, review_on=day)
        assert list(refusal.value.message_dict) == [field]
