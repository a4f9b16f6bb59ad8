"""seller.lift: the seller is back in the standard tier."""

import pytest
from django.core.exceptions import ValidationError

from sellers.flows import sellers
from tests.contract import VerbContract


class TestLiftWatch(VerbContract):
    transition = sellers.LIFT
    begin = "watched_seller"
    by = "bo"
    changes = {"state", "tier_reason", "review_on"}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return sellers.lift(row, by=by, reason="No alert for a year.")


class TestLiftDesignation(TestLiftWatch):
    begin = "high_risk_seller"


def test_needs_a_reason(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        sellers.lift(story.watched_seller(), by=story.bo, reason="")
