"""listing.see_again: the offer is online, still or again."""

from datetime import timedelta

from sellers.flows import listings
from tests.contract import VerbContract


class TestSeeAgain(VerbContract):
    transition = listings.SEE_AGAIN
    begin = "gone_listing"
    changes = {"state", "gone_at"}
    outsiders = ("dot", "dev", "eve")
    repeatable = True

    def perform(self, row, by):
        return listings.see_again(row, by=by)


def test_says_when_it_was_last_seen(story, time):
    listing = story.listing()
    time.pass_(timedelta(days=2))
    assert listings.see_again(listing, by=story.ana).last_seen_at == time.now
