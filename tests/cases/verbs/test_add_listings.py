"""takedown.add_listings: more listings for the draft."""

import pytest

from cases.flows import cases, takedowns
from cases.models import Case
from tests.contract import VerbContract


class TestAddListings(VerbContract):
    transition = takedowns.ADD_LISTINGS
    begin = "draft"
    outsiders = ("dot", "dev", "eve")
    repeatable = True

    @pytest.fixture(autouse=True)
    def _listing(self, story):
        self.listing = story.listing()

    def perform(self, row, by):
        case = Case.objects.get(pk=row.case_id)
        if not case.listings.contains(self.listing):
            case.listings.add(self.listing, through_defaults={"added_at": row.drafted_at})
        return takedowns.add_listings(row, by=by, listings=[self.listing])


def test_what_is_in_it_already_is_not_added_again(story):
    takedown = story.draft()
    held = [item.listing for item in takedown.items.all()]
    takedowns.add_listings(takedown, by=story.ana, listings=held)
    assert takedown.items.count() == 2


def test_after_some_were_dropped_numbers_are_still_unique(story):
    """Dropped: 1 of 3. Added: one more. Issued: numbered anew, without the gap."""
    takedown = story.draft(listings=3)
    dropped = takedown.items.get(number=1).listing
    takedowns.drop_listings(takedown, by=story.ana, listings=[dropped])
    another = story.listing()
    cases.link_listing(takedown.case, by=story.ana, listing=another)
    takedowns.add_listings(takedown, by=story.ana, listings=[another])
    assert [item.number for item in takedown.items.all()] == [2, 3, 4]
    takedowns.submit(takedown, by=story.ana)
    takedowns.approve(takedown, by=story.bo)
    takedowns.issue(takedown, by=story.ana)
    assert [item.number for item in takedown.items.all()] == [1, 2, 3]
    assert takedown.items.get(number=3).listing == another
