"""case.unlink_listing: this offer does not belong to the case."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import cases, items
from sellers.models import Listing
from tests.contract import VerbContract


class TestUnlinkListing(VerbContract):
    transition = cases.UNLINK_LISTING
    begin = "case_with_listing"
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return cases.unlink_listing(row, by=by, listing=Listing.objects.get())


@pytest.mark.parametrize("begin", ["draft", "issued", "settled"])
def test_is_refused_while_an_item_names_it(story, begin):
    takedown = getattr(story, begin)()
    item = takedown.items.get(number=2)
    with pytest.raises(ValidationError, match=item.audit_reference):
        cases.unlink_listing(takedown.case, by=story.ana, listing=item.listing)
    assert takedown.case.listings.contains(item.listing)


def test_is_possible_once_that_item_is_withdrawn(story):
    item = story.item()
    case = item.takedown.case
    items.withdraw(item, by=story.ana, reason="It is another product.")
    cases.unlink_listing(case, by=story.ana, listing=item.listing)
    assert not case.listings.contains(item.listing)
