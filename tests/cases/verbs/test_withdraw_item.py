"""item.withdraw: this listing need not be taken down."""

import pytest

from cases.flows import items
from surveillance.flow import WrongState
from tests.contract import VerbContract, witness


class TestWithdrawItem(VerbContract):
    transition = items.WITHDRAW
    begin = "item"
    changes = {"state", "decision", "settled_at"}
    letters = {("item_decided", "email"): 1, ("item_decided", "in_app"): 1}

    def perform(self, row, by):
        return items.withdraw(row, by=by, reason="It is another product.")


class TestWithdrawAnswered(TestWithdrawItem):
    begin = "answered"


def test_the_last_one_leaves_the_case_watching(story):
    first, second = story.issued().items.order_by("number")
    items.withdraw(first, by=story.ana, reason="Another product.")
    with witness() as seen:
        items.withdraw(second, by=story.ana, reason="Another product.")
    assert seen.verbs == ["case.monitor", "item.withdraw"]


def test_in_a_draft_listings_are_dropped_instead(story):
    with pytest.raises(WrongState, match="has not been issued"):
        items.withdraw(story.draft().items.first(), by=story.ana, reason="Another product.")
