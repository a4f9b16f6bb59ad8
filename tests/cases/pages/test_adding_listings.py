"""Bringing listings into a case by their addresses: a result for each line."""

import pytest
from django.urls import reverse

from cases.flows import reports
from cases.models import Case
from sellers.models import Listing

HARBOUR = "https://harbour-market.example/item/"


@pytest.fixture
def case(story):
    return story.case()


@pytest.fixture
def add(case, ana_at_desk):
    def post(*lines: str, title: str = "Magnetic cubes"):
        url = reverse("case-add-listings", args=[case.reference])
        return ana_at_desk.post(url, {"title": title, "lines": "\n".join(lines)})

    return post


def test_new_addresses_are_recorded_under_their_platform(add, case):
    results = add(f"{HARBOUR}a", "https://www.bazaar-nine.example/item/b").context["results"]
    assert [result.problem for result in results] == ["", ""]
    found = dict(case.listings.values_list("url", "platform__slug"))
    assert found == {
        f"{HARBOUR}a": "harbour-market",
        "https://www.bazaar-nine.example/item/b": "bazaar-nine",
    }
    assert set(case.listings.values_list("product", flat=True)) == {case.products.get().pk}


def test_known_listings_are_taken_by_reference_and_by_address(add, case, story):
    known = story.listing(url=f"{HARBOUR}known?id=1")
    add(known.reference.lower())
    assert list(case.listings.all()) == [known]
    results = add(f"{HARBOUR}known?id=1&utm_source=mail").context["results"]
    assert f"{known.reference} is in the case already" in results[0].problem
    assert Listing.objects.count() == 1


def test_each_line_has_its_own_result(add, case):
    results = add(
        f"{HARBOUR}good", "nonsense", "http://[", "https://elsewhere.example/x", "L-2026-999999"
    ).context["results"]
    assert [bool(result.listing) for result in results] == [True, False, False, False, False]
    assert "elsewhere.example" in results[3].problem
    assert case.listings.count() == 1


def test_what_reporters_named_comes_filled_in(case, story, ana_at_desk, add):
    for number in (1, 2, 2):
        report = story.report(listing_url=f"{HARBOUR}{number}")
        reports.accept(report, by=story.ana, case=case)
    add(f"{HARBOUR}1")
    page = ana_at_desk.get(reverse("case-add-listings", args=[case.reference]))
    assert page.context["form"]["lines"].value() == f"{HARBOUR}2"


def test_too_many_lines_are_refused_whole(add):
    reply = add(*(f"{HARBOUR}{number}" for number in range(201)))
    assert reply.status_code == 422
    assert "lines" in reply.context["form"].errors
    assert not Listing.objects.exists()


def test_a_closed_case_takes_none(story, ana_at_desk):
    case = story.closed_case()
    url = reverse("case-add-listings", args=[case.reference])
    results = ana_at_desk.post(url, {"title": "x", "lines": f"{HARBOUR}a"}).context["results"]
    assert results[0].problem
    assert not Case.objects.get().listings.exists()


def test_a_case_is_opened_for_a_product_of_the_register(story, ana_at_desk, press):
    product = story.product(name="Charger", brand="Volt")
    url = reverse("case-open")
    form = ana_at_desk.get(f"{url}?product={product.reference}").context["form"]
    assert form["product"].value() == product.reference
    press(ana_at_desk, "case-open", title="Volt Charger", product=product.reference)
    assert list(Case.objects.get().products.all()) == [product]


def test_a_case_of_an_unknown_product_is_told(cast, ana_at_desk):
    reply = ana_at_desk.post(reverse("case-open"), {"title": "x", "product": "P-2026-000404"})
    assert reply.status_code == 422
    assert "product" in reply.context["form"].errors
    assert not Case.objects.exists()
