"""Lists and details of the API: who sees which, filters, pages, and what they cost."""

import pytest
from django.urls import reverse

from cases.models import Item, TakedownRequest
from sellers.models import Alert, Listing, Product, Seller
from tests.scenes import fresh
from tests.stage import staged

STAFF_ONLY = ["api-report-list", "api-case-list", "api-seller-list", "api-listing-list"]
LISTS = [*STAFF_ONLY, "api-takedown-list", "api-item-list", "api-platform-list",
         "api-product-list", "api-alert-list"]  # fmt: skip


def a_row_in_every_list(story, time):
    story.report()
    story.alert()
    story.seller()
    return story.issued(listings=3)


stage, db, time, cast, story = staged(a_row_in_every_list)


@pytest.fixture
def market(db, time, stage):
    return fresh(stage.made)


@pytest.mark.parametrize("name", LISTS)
def test_staff_find_rows_in_every_list(market, cast, client_of, name):
    response = client_of(cast.ana).get(reverse(name))
    assert response.status_code == 200
    assert response.json()["results"], name


@pytest.mark.parametrize("name", STAFF_ONLY)
@pytest.mark.parametrize("who", ["dot", "ada"])
def test_the_desks_rows_are_for_the_desk(market, cast, client_of, name, who):
    assert client_of(getattr(cast, who)).get(reverse(name)).status_code == 403


@pytest.mark.parametrize(
    ("name", "field", "model"),
    [
        ("api-case", "reference", TakedownRequest),
        ("api-seller", "reference", Seller),
        ("api-listing", "reference", Listing),
        ("api-product", "reference", Product),
        ("api-alert", "reference", Alert),
    ],
)
def test_a_detail_says_what_the_list_says(market, cast, client_of, name, field, model):
    client = client_of(cast.bo)
    listed = client.get(reverse(f"{name}-list")).json()["results"][0]
    found = client.get(reverse(name, args=[listed[field]])).json()
    assert {key: found[key] for key in listed} == listed


def test_a_case_names_what_it_joins(market, cast, client_of):
    case = market.case
    found = client_of(cast.ana).get(reverse("api-case", args=[case.reference])).json()
    assert found["takedowns"] == [market.reference]
    assert len(found["listings"]) == 3


def test_a_restricted_case_is_not_there_for_others(story, cast, client_of):
    case = story.restricted_case()
    address = reverse("api-case", args=[case.reference])
    assert client_of(cast.ana).get(address).status_code == 200
    assert client_of(cast.cai).get(address).status_code == 404


def test_a_platform_sees_its_own_items_and_itself(market, story, cast, client_of):
    story.issued_notice(platform=cast.bazaar)
    client = client_of(cast.dot)
    items = client.get(reverse("api-item-list")).json()["results"]
    assert {item["takedown"] for item in items} == {market.reference}
    platforms = client.get(reverse("api-platform-list")).json()["results"]
    assert [row["slug"] for row in platforms] == ["harbour-market"]
    address = reverse("api-item", args=[market.reference, 1])
    assert client.get(address).json()["number"] == 1
    assert client_of(cast.dev).get(address).status_code == 404


def test_items_that_are_late(market, cast, client_of, time):
    client = client_of(cast.ana)
    late = {"overdue": "true"}
    assert client.get(reverse("api-item-list"), late).json()["results"] == []
    time.move_to(Item.objects.first().due_at)
    assert len(client.get(reverse("api-item-list"), late).json()["results"]) == 3


def test_what_waits_for_whom(market, story, cast, client_of):
    story.answered()
    client = client_of(cast.ana)
    for who, number in (("platform", 4), ("authority", 1)):
        rows = client.get(reverse("api-item-list"), {"waiting": who}).json()["results"]
        assert len(rows) == number, who


@pytest.mark.parametrize("name", LISTS)
def test_a_filter_that_is_not_there_is_refused(market, cast, client_of, name):
    response = client_of(cast.ana).get(reverse(name), {"colour": "red"})
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/colour"
    assert "page_size" in response.json()["errors"][0]["detail"]


@pytest.mark.parametrize("name", ["state", "q", "page_size", "cursor"])
def test_a_filter_without_a_value_is_refused_not_ignored(market, cast, client_of, name):
    response = client_of(cast.ana).get(reverse("api-takedown-list"), {name: ""})
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"pointer": f"/{name}", "detail": "Write a value, or leave it out."}
    ]


@pytest.mark.parametrize("size", ["0", "201", "many", "-1", "٣"])
def test_a_page_size_that_is_none_is_refused(market, cast, client_of, size):
    response = client_of(cast.ana).get(reverse("api-item-list"), {"page_size": size})
    assert response.status_code == 422


def test_pages_follow_one_another_by_link(market, cast, client_of):
    client = client_of(cast.dot)
    seen, address = [], f"{reverse('api-item-list')}?page_size=2"
    while address:
        page = client.get(address).json()
        seen += [row["number"] for row in page["results"]]
        address = page["next"]
    assert seen == [3, 2, 1]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_for_one_row_and_for_many(
    market, story, cast, client_of, name, django_assert_max_num_queries
):
    for _more in range(3):
        story.report()
        story.issued(listings=2)
    client = client_of(cast.ana)
    with django_assert_max_num_queries(12):
        assert client.get(reverse(name)).status_code == 200
