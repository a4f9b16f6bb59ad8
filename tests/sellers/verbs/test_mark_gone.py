"""listing.mark_gone: somebody looked, and the offer is no longer there."""

from datetime import timedelta

from sellers.flows import listings
from tests.contract import VerbContract


class TestMarkGone(VerbContract):
    transition = listings.MARK_GONE
    begin = "listing"
    changes = {"state", "gone_at"}
    outsiders = ("dot", "dev", "eve")
    repeatable = True

    def perform(self, row, by):
        return listings.mark_gone(row, by=by)


def test_the_first_to_look_says_since_when(story, time):
    since = time.now
    listing = story.gone_listing()
    time.pass_(timedelta(days=2))
    assert listings.mark_gone(listing, by=story.ana).gone_at == since
