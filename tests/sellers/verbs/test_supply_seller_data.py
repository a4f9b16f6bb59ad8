"""seller_data.supply: what a platform says of a trader, beside what the authority established."""

import pytest

from sellers.flows import supplied
from sellers.models import Seller, SellerData
from surveillance.audit.models import AuditEntry
from surveillance.flow import NotVisible
from tests.contract import CreationContract, VerbContract

WORDS = supplied.SellerWords(name="Wei Trading", email="wei@home.example", country="CN")


class TestSupplyFirst(CreationContract):
    transition = supplied.SUPPLY_SELLER
    model = SellerData
    by = "dot"

    @pytest.fixture
    def ground(self, cast):
        return cast.harbour

    def perform(self, ground, by):
        return supplied.supply_seller(ground, "wei", WORDS, by=by)


class TestSupplyAgain(VerbContract):
    transition = supplied.SUPPLY_SELLER
    begin = "seller_data"
    by = "dot"
    changes = {"name", "email", "country"}
    repeatable = True

    def perform(self, row, by):
        return supplied.supply_seller(row.platform, row.handle, WORDS, by=by)


def test_what_the_authority_established_stays(story):
    story.account()
    before = Seller.objects.values().get()
    story.seller_data()
    assert Seller.objects.values().get() == before


def test_the_trail_of_the_seller_tells_it_without_personal_data(story):
    seller = story.account().seller
    row = story.seller_data()
    supplied.supply_seller(row.platform, row.handle, WORDS, by=story.dot)
    entries = AuditEntry.objects.about(seller.reference).filter(verb="seller_data.supply")
    assert entries.count() == 2
    assert "wei@home.example" not in str(entries.values())
    assert entries.first().changes["country"] == ["", "CN"]


def test_a_platform_speaks_for_itself_only(story, cast):
    with pytest.raises(NotVisible):
        supplied.supply_seller(cast.bazaar, "wei", WORDS, by=story.dot)
    assert not SellerData.objects.visible_to(cast.actor("dev")).exists()
