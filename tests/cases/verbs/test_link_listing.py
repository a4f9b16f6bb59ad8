"""case.link_listing: this offer sells the product of the case."""

import pytest

from cases.flows import cases
from tests.contract import VerbContract


class TestLinkListing(VerbContract):
    transition = cases.LINK_LISTING
    begin = "case"
    outsiders = ("dot", "dev", "eve")

    @pytest.fixture(autouse=True)
    def _listing(self, story):
        self.listing = story.listing()

    def perform(self, row, by):
        return cases.link_listing(row, by=by, listing=self.listing)


def test_says_since_when(story, time):
    case = story.case_with_listing()
    assert case.case_listings.get().added_at == time.now
