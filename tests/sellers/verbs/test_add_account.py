"""seller.add_account: the seller's shop on a platform."""

import pytest
from django.core.exceptions import ValidationError

from sellers.flows import sellers
from tests.contract import VerbContract


class TestAddAccount(VerbContract):
    transition = sellers.ADD_ACCOUNT
    begin = "seller"
    outsiders = ("dot", "dev", "eve")
    repeatable = True

    @pytest.fixture(autouse=True)
    def _platform(self, cast):
        self.platform = cast.harbour

    def perform(self, row, by):
        return sellers.add_account(row, by=by, platform=self.platform, handle="littleharbour")


def test_the_same_handle_twice_is_the_same_account(story, cast):
    seller = story.seller()
    first, second = (
        sellers.add_account(seller, by=story.ana, platform=cast.harbour, handle="lht")
        for _ in range(2)
    )
    assert first == second
    elsewhere = sellers.add_account(seller, by=story.ana, platform=cast.bazaar, handle="lht")
    assert elsewhere != first


def test_an_account_has_one_seller(story, cast):
    sellers.add_account(story.seller(), by=story.ana, platform=cast.harbour, handle="lht")
    with pytest.raises(ValidationError, match="belongs to Little Harbour Toys already"):
        sellers.add_account(
            story.seller("Another"), by=story.ana, platform=cast.harbour, handle="lht"
        )
