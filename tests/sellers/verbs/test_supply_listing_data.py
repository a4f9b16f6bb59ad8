"""listing_data.supply: what a platform says of an offer, beside what the authority captured."""

import pytest

from sellers.flows import supplied
from sellers.models import Listing, ListingData
from surveillance.audit.models import AuditEntry
from surveillance.flow import NotVisible
from tests.contract import CreationContract, VerbContract

WORDS = supplied.ListingWords(title="Magnetic cubes, 216 pieces", units_sold=40)


class TestSupplyFirst(CreationContract):
    transition = supplied.SUPPLY_LISTING
    model = ListingData
    begin = "listing"
    by = "dot"
    outsiders = ("dev",)

    def perform(self, ground, by):
        return supplied.supply_listing(ground, WORDS, by=by)


class TestSupplyAgain(VerbContract):
    transition = supplied.SUPPLY_LISTING
    begin = "listing_data"
    by = "dot"
    changes = {"title", "units_sold"}
    repeatable = True

    def perform(self, row, by):
        return supplied.supply_listing(row.listing, WORDS, by=by)


def test_what_the_authority_captured_stays(story):
    row = story.listing_data()
    listing = Listing.objects.get(pk=row.listing_id)
    assert (listing.title, listing.version) == ("Magnetic cubes 216", 1)
    assert AuditEntry.objects.about(listing.reference).filter(verb="listing_data.supply").exists()


def test_a_rival_sees_nothing_of_it(story, cast):
    story.listing_data()
    assert not ListingData.objects.visible_to(cast.actor("dev")).exists()
    with pytest.raises(NotVisible):
        supplied.supply_listing(story.listing(cast.bazaar), WORDS, by=story.dot)
