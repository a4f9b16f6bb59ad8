"""seller.record_reply: what the seller says to its tier."""

import pytest
from django.core.exceptions import ValidationError

from sellers.flows import sellers
from tests.contract import VerbContract


class TestRecordReply(VerbContract):
    transition = sellers.RECORD_REPLY
    begin = "watched_seller"
    changes = {"reply"}
    outsiders = ("dot", "dev", "eve")
    repeatable = True

    def perform(self, row, by):
        return sellers.record_reply(row, by=by, reply="We have changed the importer.")


class TestReplyToADesignation(TestRecordReply):
    begin = "high_risk_seller"


def test_needs_words(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        sellers.record_reply(story.watched_seller(), by=story.ana, reply="")
