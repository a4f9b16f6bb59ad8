"""listing.record: an offer as found now."""

from datetime import timedelta

import pytest

from sellers.flows import listings
from sellers.models import Listing
from tests.contract import CreationContract

FACTS = listings.ListingFacts(
    url="https://harbour-market.example/item/9?utm_source=mail&colour=red",
    title="Magnetic cubes 216",
)


class TestRecordListing(CreationContract):
    transition = listings.RECORD
    model = Listing

    @pytest.fixture(autouse=True)
    def _platform(self, cast):
        self.platform = cast.harbour

    def perform(self, ground, by):
        return listings.record(self.platform, FACTS, by=by)


@pytest.mark.parametrize(
    "url",
    [
        "https://harbour-market.example/item/9?colour=red",
        "http://www.Harbour-Market.example/item/9/?colour=red&fbclid=abc#top",
    ],
)
def test_the_same_address_in_another_writing_is_seen_again(story, cast, time, url):
    first = listings.record(cast.harbour, FACTS, by=story.ana)
    time.pass_(timedelta(days=1))
    again = listings.record(
        cast.harbour, listings.ListingFacts(url=url, title="Cubes"), by=story.ana
    )
    assert again == first
    assert (again.first_seen_at, again.last_seen_at) == (first.first_seen_at, time.now)


def test_another_address_or_platform_is_another_listing(story, cast):
    first = listings.record(cast.harbour, FACTS, by=story.ana)
    blue = listings.ListingFacts(url=FACTS.url.replace("red", "blue"), title="Cubes")
    assert listings.record(cast.harbour, blue, by=story.ana) != first
    assert listings.record(cast.bazaar, FACTS, by=story.ana) != first
