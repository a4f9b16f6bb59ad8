"""One seller, platform, product, listing, alert on the desk; and what the work adds to them."""

from datetime import date

import pytest
from django.urls import reverse

from cases.flows import cases
from sellers.flows import listings, products, sellers
from sellers.models import Picture

DETAIL_QUERIES = 15


@pytest.fixture
def desk(cast, client_of):
    return client_of(cast.ana)


@pytest.fixture
def rows(story, cast):
    """A row of each kind, tied to each other, as (name of its page, key)."""
    product = story.product(hazards=["fire"], gtins=["04006381333931"], origin="CN")
    Picture.objects.create(product=product, url="https://pictures.example/1.jpg")
    listing = listings.record(
        cast.harbour,
        listings.ListingFacts(url="https://harbour-market.example/item/9", title="Cubes, 216"),
        by=story.ana,
        account=story.account(),
        product=product,
    )
    alert = products.draft_alert(
        product, by=story.ana, title="Cubes burn", hazard="They burn.", what_to_do="Stop."
    )
    return {
        "seller-detail": listing.account.seller.reference,
        "platform-detail": cast.harbour.slug,
        "product-detail": product.reference,
        "listing-detail": listing.reference,
        "desk-alert-detail": alert.reference,
    }


DETAILS = ("seller", "platform", "product", "listing", "desk-alert")


def text(client, name: str, key: str) -> str:
    response = client.get(reverse(name, args=[key]))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("kind", DETAILS)
def test_a_detail_costs_few_queries(desk, rows, kind, django_assert_max_num_queries):
    address = reverse(f"{kind}-detail", args=[rows[f"{kind}-detail"]])
    desk.get(address)
    with django_assert_max_num_queries(DETAIL_QUERIES):
        desk.get(address)


@pytest.mark.parametrize("kind", DETAILS)
def test_what_does_not_exist_is_not_found(desk, kind):
    assert desk.get(reverse(f"{kind}-detail", args=["nothing-here"])).status_code == 404


@pytest.mark.parametrize("kind", DETAILS)
@pytest.mark.parametrize("who", ["dot", "ada", None])
def test_details_are_for_the_authority(rows, cast, client_of, kind, who):
    client = client_of(getattr(cast, who) if who else None)
    response = client.get(reverse(f"{kind}-detail", args=[rows[f"{kind}-detail"]]))
    assert response.status_code == (403 if who else 302)


def test_a_seller_shows_tier_accounts_listings_and_history(desk, rows, story):
    seller = story.account().seller
    sellers.watch(seller, by=story.ana, reason="Two recalls.", review_on=date(2026, 12, 1))
    sellers.record_reply(seller, by=story.ana, reply="We stopped selling it.")
    page = text(desk, "seller-detail", seller.reference)
    for words in (
        "watched",
        "Two recalls.",
        "We stopped selling it.",
        "littleharbour",
        rows["listing-detail"],
        "put the seller under watch",
        "Ana Reyes",
    ):
        assert words in page


def test_a_review_date_that_has_passed_is_said(desk, story, time):
    seller = sellers.watch(
        story.seller(), by=story.ana, reason="Two recalls.", review_on=date(2026, 10, 1)
    )
    assert "The review date has passed" not in text(desk, "seller-detail", seller.reference)
    time.move_to(time.now.replace(month=10, day=1))
    assert "The review date has passed" in text(desk, "seller-detail", seller.reference)


def test_a_platform_shows_contacts_regimes_and_agents(desk, cast):
    page = text(desk, "platform-detail", "harbour-market")
    for words in ("safety@harbour-market.example", "EU-GPSR-22-4", "EU-GPSR-22-12", "Dot Baker"):
        assert words in page
    assert "Dev Shah" not in page


def test_a_product_shows_identifiers_alerts_listings_and_links_pictures(desk, rows):
    page = text(desk, "product-detail", rows["product-detail"])
    for words in (
        "04006381333931",
        "MC-216",
        "China",
        rows["listing-detail"],
        rows["desk-alert-detail"],
    ):
        assert words in page
    assert 'href="https://pictures.example/1.jpg" rel="noreferrer noopener"' in page
    assert 'src="https://pictures.example' not in page


def test_a_listing_shows_seller_and_product(desk, rows):
    page = text(desk, "listing-detail", rows["listing-detail"])
    assert reverse("seller-detail", args=[rows["seller-detail"]]) in page
    assert reverse("product-detail", args=[rows["product-detail"]]) in page


def test_a_draft_is_read_on_the_desk_without_a_public_page(desk, rows):
    page = text(desk, "desk-alert-detail", rows["desk-alert-detail"])
    assert "They burn." in page
    assert "As the public sees it" not in page


class TestWorkPanels:
    @pytest.fixture
    def takedown(self, story):
        return story.issued()

    def panel(self, client, name: str, key: str, *, htmx: bool = False):
        headers = {"HX-Request": "true"} if htmx else {}
        return client.get(reverse(name, args=[key]), headers=headers)

    @pytest.mark.parametrize(
        ("detail", "panel"),
        [
            ("seller-detail", "seller-cases"),
            ("product-detail", "product-cases"),
            ("listing-detail", "listing-cases"),
            ("platform-detail", "platform-demands"),
        ],
    )
    def test_each_page_links_to_its_panel(self, desk, rows, detail, panel):
        address = reverse(panel, args=[rows[detail]])
        found = text(desk, detail, rows[detail])
        assert f'hx-get="{address}"' in found
        assert f'<a href="{address}">' in found

    def test_they_show_the_cases_and_requests(self, desk, takedown):
        item = takedown.items.select_related("listing__account__seller").first()
        case = takedown.case.reference
        seller = item.listing.account.seller.reference
        product = takedown.case.products.get().reference
        for name, key in (("seller-cases", seller), ("product-cases", product)):
            assert case in self.panel(desk, name, key).content.decode()
        listing = self.panel(desk, "listing-cases", item.listing.reference).content.decode()
        assert case in listing
        assert takedown.reference in listing
        demands = self.panel(desk, "platform-demands", "harbour-market").content.decode()
        assert takedown.reference in demands
        assert "2 / 2" in demands

    def test_htmx_gets_the_panel_alone(self, desk, takedown):
        part = self.panel(desk, "platform-demands", "harbour-market", htmx=True).content.decode()
        assert takedown.reference in part
        assert "<html" not in part

    def test_a_restricted_case_stays_hidden(self, story, cast, client_of):
        case = story.case()
        product = case.products.get()
        cases.restrict(case, by=story.ana, reason="A court case is pending.")
        cai = client_of(cast.cai)
        page = self.panel(cai, "product-cases", product.reference).content.decode()
        assert case.reference not in page
        assert "No case you can see" in page

    def test_settled_requests_are_not_open(self, story, desk):
        closed = story.closed()
        page = self.panel(desk, "platform-demands", "harbour-market").content.decode()
        assert closed.reference not in page
        assert "Nothing is being asked of this platform." in page

    @pytest.mark.parametrize("name", ["seller-cases", "product-cases", "listing-cases"])
    def test_about_nothing_there_is_nothing(self, desk, name):
        assert self.panel(desk, name, "X-2026-000001").status_code == 404

    def test_they_cost_few_queries(self, desk, takedown, django_assert_max_num_queries):
        listing = takedown.items.first().listing.reference
        with django_assert_max_num_queries(12):
            self.panel(desk, "listing-cases", listing)


def test_what_the_platform_says_stands_apart(story, ana, client_of):
    story.account()
    story.seller_data()
    listing = story.listing_data().listing
    client = client_of(ana)
    seller = client.get(reverse("seller-detail", args=[listing.account.seller.reference]))
    assert "Said by Harbour Market" in seller.content.decode()
    assert "Little Harbour Toys Ltd" in seller.content.decode()
    offer = client.get(reverse("listing-detail", args=[listing.reference])).content.decode()
    assert "Said by Harbour Market" in offer
    assert "not checked by us" in offer


def test_where_it_says_nothing_there_is_no_panel(story, ana, client_of):
    page = client_of(ana).get(reverse("listing-detail", args=[story.listing().reference]))
    assert "Said by" not in page.content.decode()
