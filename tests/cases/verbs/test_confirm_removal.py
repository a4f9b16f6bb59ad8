"""item.confirm_removal: somebody has looked, and the listing is gone."""

from cases.flows import items
from cases.states import CaseState
from tests.contract import VerbContract


class TestConfirmRemoval(VerbContract):
    transition = items.CONFIRM_REMOVAL
    begin = "answered"
    changes = {"state", "verified_at", "settled_at"}
    letters = {("item_decided", "email"): 1, ("item_decided", "in_app"): 1}
    joined = ["listing.mark_gone"]

    def perform(self, row, by):
        return items.confirm_removal(row, by=by)


def test_marks_the_listing_gone(story, ana, as_, time):
    item = items.confirm_removal(story.answered(), by=as_(ana))
    item.listing.refresh_from_db()
    assert item.listing.state == "gone"
    assert item.listing.gone_at == time.now


def test_the_last_one_leaves_the_case_watching(story):
    takedown = story.settled()
    takedown.case.refresh_from_db()
    assert takedown.case.state == CaseState.MONITORING
    assert takedown.case.due_at is None
