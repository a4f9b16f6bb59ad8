"""takedown.drop_listings: fewer listings in the draft."""

from cases.flows import takedowns
from tests.contract import VerbContract


class TestDropListings(VerbContract):
    transition = takedowns.DROP_LISTINGS
    begin = "draft"
    outsiders = ("dot", "dev", "eve")
    repeatable = True

    def perform(self, row, by):
        return takedowns.drop_listings(row, by=by, listings=list(row.case.listings.all()))


def test_only_those_named_go(story):
    takedown = story.draft(listings=3)
    dropped = takedown.items.get(number=2).listing
    takedowns.drop_listings(takedown, by=story.ana, listings=[dropped])
    assert [item.number for item in takedown.items.all()] == [1, 3]
    assert takedown.case.listings.contains(dropped)
