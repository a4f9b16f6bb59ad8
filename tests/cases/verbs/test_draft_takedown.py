"""takedown.draft: a demand to one platform is prepared."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import cases, takedowns
from cases.models import TakedownRequest
from surveillance.calendars.models import Kind
from surveillance.flow import NotVisible
from tests.cast import REASONS
from tests.contract import CreationContract


def drafted(case, by, platform, listings, kind=Kind.ORDER, reasons=REASONS):
    return takedowns.draft(
        case, by=by, platform=platform, kind=kind, listings=listings, reasons=reasons
    )


class TestDraft(CreationContract):
    transition = takedowns.DRAFT
    model = TakedownRequest
    begin = "case_with_listing"

    @pytest.fixture(autouse=True)
    def _platform(self, cast):
        self.platform = cast.harbour

    def perform(self, ground, by):
        return drafted(ground, by, self.platform, list(ground.listings.all()))


def test_one_item_for_each_listing_however_often_it_is_named(story, cast):
    case = story.case_with_listing()
    (listing,) = case.listings.all()
    takedown = drafted(case, story.ana, cast.harbour, [listing, listing])
    assert [(item.number, item.listing) for item in takedown.items.all()] == [(1, listing)]
    assert takedown.items.get().due_at is None


def test_stands_under_the_regime_of_the_platform(story, cast):
    case = story.case_with_listing()
    order = drafted(case, story.ana, cast.harbour, [])
    notice = drafted(case, story.ana, cast.harbour, [], kind=Kind.NOTICE)
    assert (order.regime.code, order.needs_approval) == ("EU-GPSR-22-4", True)
    assert (notice.regime.code, notice.needs_approval) == ("EU-GPSR-22-12", False)


def test_is_refused_where_the_platform_has_no_regime(story, cast):
    with pytest.raises(ValidationError, match="Bazaar Nine has no regime"):
        drafted(story.case(), story.ana, cast.bazaar, [], kind=Kind.ORDER)


def test_is_refused_for_listings_of_another_platform_or_case(story, cast):
    case, rival = story.case(), story.listing(cast.bazaar)
    cases.link_listing(case, by=story.ana, listing=rival)
    for listing in (rival, story.listing()):
        with pytest.raises(ValidationError, match=listing.reference):
            drafted(case, story.ana, cast.harbour, [listing])
    assert not TakedownRequest.objects.exists()


def test_is_refused_in_a_case_that_is_not_open_or_not_visible(story, cast):
    with pytest.raises(ValidationError, match="is not open"):
        drafted(story.closed_case(), story.ana, cast.harbour, [])
    with pytest.raises(NotVisible):
        drafted(story.restricted_case(), cast.actor("cai"), cast.harbour, [])


def test_the_statement_of_reasons_is_whole(story, cast):
    reasons = takedowns.StatementOfReasons(facts="", hazard="h", territory="t", action="a")
    with pytest.raises(ValidationError) as refusal:
        drafted(story.case(), story.ana, cast.harbour, [], reasons=reasons)
    assert list(refusal.value.message_dict) == ["facts"]
