"""case.split: reports, listings and products go out into a new case."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import cases, merging, reports
from cases.models import Case
from tests.contract import VerbContract


class TestSplit(VerbContract):
    transition = merging.SPLIT
    begin = "case_with_listing"
    joined = ["case.open"]
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        held = Case.objects.get(pk=row.pk).listings.all()
        return merging.split(row, by=by, title="Another", listings=held)


def test_what_is_chosen_moves_and_the_rest_stays(story):
    case, report = story.case_with_listing(), story.report()
    reports.accept(report, by=story.ana, case=case)
    reports.accept(story.report(), by=story.ana, case=case)
    product = story.product(name="Water beads")
    cases.link_product(case, by=story.ana, product=product)
    new = merging.split(case, by=story.ana, title="Beads", reports=[report], products=[product])
    assert list(new.reports.all()) == [report]
    assert list(new.products.all()) == [product]
    assert not new.listings.exists()
    assert case.reports.count() == case.listings.count() == case.products.count() == 1


@pytest.mark.parametrize("kind", ["reports", "listings", "products"])
def test_is_refused_for_what_is_not_of_the_case(story, kind):
    stranger = {
        "reports": story.accepted_report,
        "listings": story.listing,
        "products": story.product,
    }[kind]()
    with pytest.raises(ValidationError, match="is not in the case") as refusal:
        merging.split(story.case(), by=story.ana, title="Beads", **{kind: [stranger]})
    assert kind in refusal.value.message_dict


def test_is_refused_for_a_listing_that_a_request_names(story):
    item = story.item()
    with pytest.raises(ValidationError, match=item.audit_reference):
        merging.split(item.takedown.case, by=story.ana, title="Beads", listings=[item.listing])


def test_needs_something_to_split_off(story):
    with pytest.raises(ValidationError, match="Choose what goes"):
        merging.split(story.case(), by=story.ana, title="Beads")
