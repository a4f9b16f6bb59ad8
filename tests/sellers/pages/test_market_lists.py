"""The lists of the market: found, filtered, sorted, page by page."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from sellers.flows import listings, products, sellers
from sellers.models import Listing, Product, Seller

LISTS = ("seller-list", "platform-list", "product-list", "listing-list", "desk-alert-list")
REVIEW = date(2026, 12, 1)


@pytest.fixture
def desk(cast, client_of):
    return client_of(cast.ana)


@pytest.fixture
def shown(desk):
    """The references in the first column of a list, in order."""

    def references(name: str, query: str = "") -> list[str]:
        response = desk.get(reverse(name) + query)
        assert response.status_code == 200
        body = response.content.decode().partition("<tbody")[2].partition("</tbody>")[0]
        return re.findall(r'href="/desk/[a-z]+/([^/"]+)/">', body)

    return references


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("who", ["dot", "ada", None])
def test_lists_are_for_the_authority(cast, client_of, name, who):
    response = client_of(getattr(cast, who) if who else None).get(reverse(name))
    assert response.status_code == (403 if who else 302)


@pytest.mark.parametrize("name", [name for name in LISTS if name != "platform-list"])
def test_an_empty_list_says_what_will_appear(desk, name):
    assert 'class="empty-title"' in desk.get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_nothing_matching_offers_the_way_back(desk, story, name):
    story.listing()
    story.alert()
    page = desk.get(reverse(name) + "?q=zebra").content.decode()
    assert "Nothing matches" in page
    assert "Show all" in page


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_few_queries(desk, story, name, django_assert_max_num_queries):
    for number in range(5):
        story.listing(title=f"Offer {number}")
        story.alert(title=f"Alert {number}")
        story.seller(f"Seller {number}")
    desk.get(reverse(name))
    with django_assert_max_num_queries(12):
        desk.get(reverse(name))


class TestSellers:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("harbour", True),
            ("HARBOUR toys", True),
            ("littleharbour", True),
            ("小星", False),
            ("harbour zebra", False),
            ("%", False),
        ],
    )
    def test_by_name_and_account(self, shown, story, asked, found):
        seller = story.account().seller
        story.seller("Another trader")
        expected = [seller.reference] if found else []
        assert shown("seller-list", f"?q={asked.replace('%', '%25')}") == expected

    def test_two_letters_of_chinese_are_enough(self, shown, story):
        star = story.seller("小星星玩具")
        shop = sellers.add_account(
            story.seller(), by=story.ana, platform=story.cast.harbour, handle="明星星屋"
        ).seller
        story.seller("大月亮")
        assert shown("seller-list", "?q=星星") == [shop.reference, star.reference]

    def test_by_reference_in_any_case(self, shown, story):
        seller = story.seller()
        story.seller("Another trader")
        assert shown("seller-list", f"?q={seller.reference.lower()}") == [seller.reference]

    def test_by_tier_platform_and_review(self, shown, story, time):
        watched = sellers.watch(
            story.account().seller, by=story.ana, reason="Two recalls.", review_on=REVIEW
        )
        story.seller("Another trader")
        assert shown("seller-list", "?state=watched") == [watched.reference]
        assert shown("seller-list", "?platform=harbour-market") == [watched.reference]
        assert shown("seller-list", "?platform=bazaar-nine") == []
        assert shown("seller-list", "?review=due") == []
        time.move_to(time.now.replace(month=12))
        assert shown("seller-list", "?review=due") == [watched.reference]

    def test_sorted_by_name_both_ways(self, shown, story):
        made = [story.seller(name) for name in ("Bravo", "Alpha", "Charlie")]
        names = {seller.reference: seller.name for seller in made}
        assert [names[one] for one in shown("seller-list")] == ["Alpha", "Bravo", "Charlie"]
        assert [names[one] for one in shown("seller-list", "?sort=-name")] == [
            "Charlie",
            "Bravo",
            "Alpha",
        ]


class TestProducts:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [("磁力", True), ("ＣＵＢＯ", True), ("4006381333931", True), ("mc-216 cubo", True),
         ("磁石", False), ("' OR 1=1 --", False)],
    )  # fmt: skip
    def test_by_words_and_codes(self, shown, story, asked, found):
        product = story.product(name="磁力珠", gtins=["04006381333931"])
        assert shown("product-list", f"?q={asked}") == ([product.reference] if found else [])

    def test_by_hazard_and_alert(self, shown, story):
        burning = story.product(name="Charger", hazards=["fire"])
        warned = story.alert().product
        assert shown("product-list", "?hazard=fire") == [burning.reference]
        assert shown("product-list", "?alert=published") == [warned.reference]
        assert shown("product-list", "?alert=none") == [burning.reference]

    def test_by_how_the_category_begins(self, shown, story):
        cheese = story.product(name="Cheese", category="Food – Dairy")
        story.product(name="Toy cheese", category="Consumer products – Toys and games")
        assert shown("product-list", "?category=Food") == [cheese.reference]
        alert = products.draft_alert(
            cheese, by=story.ana, title="Cheese", hazard="Listeria.", what_to_do="Do not eat it."
        )
        story.alert()
        assert shown("desk-alert-list", "?category=Food") == [alert.reference]

    def test_every_product_is_shown_once_however_one_pages(self, desk, shown, story):
        made = {story.product(name=f"Product {number}").reference for number in range(30)}
        first = shown("product-list", "?q=product")
        page = desk.get(reverse("product-list") + "?q=product").content.decode()
        following = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
        second = shown("product-list", following)
        assert len(first) == 25
        assert set(first) | set(second) == made
        assert len(first) + len(second) == 30

    def test_a_picker_gets_radio_buttons(self, desk, story):
        product = story.product()
        story.product(name="Folding chair", brand="", models=[])
        answer = desk.get(
            reverse("product-list") + "?q=cubes", headers={"HX-Request": "true"}
        ).content.decode()
        assert answer.count('type="radio"') == 1
        assert f'value="{product.reference}"' in answer
        assert "<html" not in answer

    def test_a_picker_without_a_match_says_so(self, desk, story):
        story.product()
        answer = desk.get(reverse("product-list") + "?q=zebra", headers={"HX-Request": "true"})
        assert "No product holds “zebra”." in answer.content.decode()


class TestListings:
    def test_by_address_as_it_is_pasted(self, shown, story):
        listing = story.listing(url="https://www.harbour-market.example/item/7?utm_source=x")
        story.listing()
        pasted = "?q=http://harbour-market.example/item/7/%23reviews"
        assert shown("listing-list", pasted) == [listing.reference]

    def test_by_title_code_platform_seller_product_and_state(self, shown, story, cast):
        product = story.product()
        account = story.account()
        mine = listings.record(
            cast.harbour,
            listings.ListingFacts(
                url="https://harbour-market.example/item/9",
                title="磁力珠 cubes",
                gtins=["04006381333931"],
            ),
            by=story.ana,
            account=account,
            product=product,
        )
        other = listings.mark_gone(story.listing(cast.bazaar, title="Chair"), by=story.ana)
        for query in (
            "?q=磁力",
            "?q=4006381333931",
            "?platform=harbour-market",
            f"?seller={account.seller.reference}",
            f"?product={product.reference}",
            "?state=online",
        ):
            assert shown("listing-list", query) == [mine.reference], query
        assert shown("listing-list", "?state=gone") == [other.reference]

    def test_last_seen_first(self, shown, story, time):
        early = story.listing()
        time.pass_(timedelta(hours=1))
        late = story.listing()
        assert shown("listing-list") == [late.reference, early.reference]
        assert shown("listing-list", "?sort=last_seen") == [early.reference, late.reference]


def test_alerts_of_the_desk_have_drafts_too(shown, story):
    draft = story.alert(published=False)
    published = story.alert()
    assert set(shown("desk-alert-list")) == {draft.reference, published.reference}
    assert shown("desk-alert-list", "?state=draft") == [draft.reference]


def test_platforms_by_name_and_kind(shown):
    assert shown("platform-list") == ["bazaar-nine", "harbour-market"]
    assert shown("platform-list", "?q=harbour") == ["harbour-market"]
    assert shown("platform-list", "?kind=mall") == ["bazaar-nine"]


def test_a_wrong_filter_shows_nothing_and_says_so(desk, story):
    story.product()
    page = desk.get(reverse("product-list") + "?hazard=magic").content.decode()
    assert "Select a valid choice." in page
    assert "P-2026" not in page


def test_rows_are_counted_as_they_are_listed(shown, story):
    story.listing()
    assert len(shown("listing-list")) == Listing.objects.count()
    assert len(shown("seller-list")) == Seller.objects.count()
    assert len(shown("product-list")) == Product.objects.count()
