"""seller.register: a trader is taken into the register."""

from sellers.flows import sellers
from sellers.models import Seller
from tests.contract import CreationContract


class TestRegisterSeller(CreationContract):
    transition = sellers.REGISTER
    model = Seller

    def perform(self, ground, by):
        return sellers.register("Little Harbour Toys", by=by, jurisdiction="NL")


def test_begins_in_the_standard_tier(story):
    seller = story.seller()
    assert (seller.state, seller.tier_reason, seller.review_on) == ("standard", "", None)
    assert seller.reference.startswith("S-2026-")
