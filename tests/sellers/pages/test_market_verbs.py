"""The verbs of the market as pages: who is offered them, what they do, what they refuse."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from sellers.flows import products, sellers
from sellers.models import Alert, Listing, Product, Seller, SellerAccount
from tests.contract import witness


@pytest.fixture
def ana_desk(cast, client_of):
    return client_of(cast.ana)


@pytest.fixture
def bo_desk(cast, client_of):
    return client_of(cast.bo)


@pytest.fixture
def watched(story):
    return sellers.watch(
        story.seller(), by=story.ana, reason="Two recalls.", review_on=date(2026, 12, 1)
    )


def do(client, verb: str, key: str, **facts: object):
    return client.post(reverse(verb, args=[key]), facts)


class TestSellers:
    def test_an_inspector_watches_a_seller(self, ana_desk, story):
        seller = story.seller()
        response = do(
            ana_desk,
            "seller-watch",
            seller.reference,
            reason="Two recalls.",
            review_on="2026-12-01",
        )
        assert response.url == reverse("seller-detail", args=[seller.reference])
        seller.refresh_from_db()
        assert (seller.state, seller.tier_reason) == ("watched", "Two recalls.")

    def test_a_review_in_the_past_is_refused_at_its_field(self, ana_desk, story):
        seller = story.seller()
        response = do(
            ana_desk, "seller-watch", seller.reference, reason="Why.", review_on="2026-09-01"
        )
        assert response.status_code == 422
        assert "The review date must be in the future." in response.content.decode()
        seller.refresh_from_db()
        assert seller.state == "standard"

    def test_designating_is_the_supervisors(self, ana_desk, bo_desk, story):
        seller = story.seller()
        facts = {"reason": "Ten recalls.", "review_on": "2026-12-01"}
        verb = "seller-designate_high_risk"
        assert do(ana_desk, verb, seller.reference, **facts).status_code == 403
        assert do(bo_desk, verb, seller.reference, **facts).status_code == 302
        seller.refresh_from_db()
        assert seller.state == "high_risk"

    def test_a_reply_is_recorded_and_the_tier_lifted(self, ana_desk, bo_desk, watched):
        do(ana_desk, "seller-record_reply", watched.reference, reply="We stopped.")
        do(bo_desk, "seller-lift", watched.reference, reason="No offer for a year.")
        watched.refresh_from_db()
        assert (watched.reply, watched.state, watched.review_on) == (
            "We stopped.",
            "standard",
            None,
        )

    def test_only_what_is_possible_is_offered(self, ana_desk, bo_desk, story, watched):
        def offered(client, seller) -> set[str]:
            page = client.get(reverse("seller-detail", args=[seller.reference])).content.decode()
            names = ("watch", "designate_high_risk", "record_reply", "lift", "add_account")
            return {
                name for name in names if reverse(f"seller-{name}", args=[seller.reference]) in page
            }

        standard = story.seller("Another trader")
        assert offered(ana_desk, standard) == {"watch", "add_account"}
        assert offered(bo_desk, standard) == {"watch", "designate_high_risk", "add_account"}
        assert offered(bo_desk, watched) == {
            "designate_high_risk",
            "record_reply",
            "lift",
            "add_account",
        }

    def test_registering_leads_to_the_new_seller(self, ana_desk):
        response = ana_desk.post(
            reverse("seller-register"),
            {"name": "小星星玩具", "jurisdiction": "tw", "website": "star.example"},
        )
        seller = Seller.objects.get()
        assert response.url == reverse("seller-detail", args=[seller.reference])
        assert (seller.name, seller.jurisdiction) == ("小星星玩具", "TW")
        assert seller.website == "https://star.example"

    def test_a_country_is_two_letters(self, ana_desk):
        response = ana_desk.post(reverse("seller-register"), {"name": "X", "jurisdiction": "T1"})
        assert response.status_code == 422
        assert "“T1” is no country code" in response.content.decode()
        assert not Seller.objects.exists()

    def test_an_account_is_added_once(self, ana_desk, story, cast):
        seller = story.seller()
        facts = {"platform": "harbour-market", "handle": "littleharbour"}
        do(ana_desk, "seller-add_account", seller.reference, **facts)
        assert SellerAccount.objects.get().seller == seller
        other = story.seller("Another trader")
        refused = do(ana_desk, "seller-add_account", other.reference, **facts)
        assert refused.status_code == 422
        assert "belongs to Little Harbour Toys already" in refused.content.decode()


class TestProducts:
    def test_a_product_is_recorded_with_its_identifiers(self, ana_desk):
        response = ana_desk.post(
            reverse("product-record"),
            {
                "name": "Magnetic cubes",
                "brand": "Cubo",
                "models": "MC-216\nMC-512",
                "gtins": "4006381333931, 96385074",
                "hazards": ["ingestion"],
                "origin": "cn",
            },
        )
        product = Product.objects.get()
        assert response.url == reverse("product-detail", args=[product.reference])
        found = set(product.identifiers.values_list("kind", "raw"))
        assert found == {
            ("gtin", "04006381333931"),
            ("gtin", "00000096385074"),
            ("model", "MC-216"),
            ("model", "MC-512"),
        }
        assert (product.hazards, product.origin) == (["ingestion"], "CN")

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            ({"name": ""}, "This field is required."),
            ({"name": "x", "gtins": "4006381333930"}, "“4006381333930” does not fit"),
            ({"name": "x", "hazards": ["magic"]}, "Select a valid choice."),
            ({"name": "x", "models": "m" * 201}, "A model has at most 200 characters"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_recorded(self, ana_desk, facts, sentence):
        response = ana_desk.post(reverse("product-record"), facts)
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert not Product.objects.exists()


class TestListings:
    FACTS = {"platform": "harbour-market", "url": "harbour-market.example/item/1", "title": "Cubes"}

    def test_an_offer_is_recorded_under_its_seller_and_product(self, ana_desk, story):
        account, product = story.account(), story.product()
        response = ana_desk.post(
            reverse("listing-record"),
            self.FACTS
            | {
                "seller": account.seller.reference.lower(),
                "product": product.reference,
                "gtins": "4006381333931",
                "price": "12.90",
                "currency": "eur",
            },
        )
        listing = Listing.objects.get()
        assert response.url == reverse("listing-detail", args=[listing.reference])
        assert (listing.account, listing.product) == (account, product)
        assert (listing.price, listing.currency) == (Decimal("12.90"), "EUR")
        assert listing.gtins == ["04006381333931"]
        assert listing.url == "https://harbour-market.example/item/1"

    def test_the_same_address_is_the_same_listing(self, ana_desk):
        for _ in range(2):
            ana_desk.post(reverse("listing-record"), self.FACTS)
        assert Listing.objects.count() == 1

    def test_the_form_begins_with_what_one_came_from(self, ana_desk, story):
        product = story.product()
        page = ana_desk.get(f"{reverse('listing-record')}?product={product.reference}")
        assert f'value="{product.reference}"' in page.content.decode()

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            ({"platform": ""}, "Choose the platform."),
            ({"url": "not an address"}, "Enter a valid URL."),
            ({"url": "javascript:alert(1)"}, "Enter a valid URL."),
            ({"seller": "S-2026-999999"}, "Nothing has the reference “S-2026-999999”."),
            ({"price": "5"}, "Say in which currency the price is."),
            ({"price": "-5", "currency": "EUR"}, "greater than or equal to 0"),
            ({"currency": "E1R"}, "“E1R” is no currency"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_recorded(self, ana_desk, facts, sentence):
        response = ana_desk.post(reverse("listing-record"), self.FACTS | facts)
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert not Listing.objects.exists()

    def test_a_seller_without_an_account_there_is_refused(self, ana_desk, story):
        seller = story.seller()
        response = ana_desk.post(
            reverse("listing-record"), self.FACTS | {"seller": seller.reference}
        )
        assert response.status_code == 422
        assert "has no account on Harbour Market" in response.content.decode()

    def test_gone_and_seen_again(self, ana_desk, story):
        listing = story.listing()
        do(ana_desk, "listing-mark_gone", listing.reference)
        listing.refresh_from_db()
        assert listing.state == "gone"
        do(ana_desk, "listing-see_again", listing.reference)
        listing.refresh_from_db()
        assert (listing.state, listing.gone_at) == ("online", None)


class TestAlerts:
    def test_drafted_from_a_product_published_by_a_supervisor_withdrawn_with_a_reason(
        self, ana_desk, bo_desk, story
    ):
        product = story.product()
        response = do(
            ana_desk,
            "desk-alert-draft",
            product.reference,
            title="Cubes recalled",
            hazard="Swallowed magnets.",
            what_to_do="Stop using them.",
            level="serious",
        )
        alert = Alert.objects.get()
        assert response.url == reverse("desk-alert-detail", args=[alert.reference])
        assert (alert.product, alert.state) == (product, "draft")

        assert do(ana_desk, "desk-alert-publish", alert.reference).status_code == 403
        do(bo_desk, "desk-alert-publish", alert.reference)
        alert.refresh_from_db()
        assert (alert.state, alert.published_on) == ("published", date(2026, 9, 28))

        assert do(bo_desk, "desk-alert-withdraw", alert.reference, reason="").status_code == 422
        do(bo_desk, "desk-alert-withdraw", alert.reference, reason="It was another model.")
        alert.refresh_from_db()
        assert alert.state == "withdrawn"

    def test_publishing_twice_is_refused_and_writes_nothing(self, bo_desk, story):
        alert = story.alert()
        with witness(alert) as seen:
            assert do(bo_desk, "desk-alert-publish", alert.reference).status_code == 409
        assert not seen.entries

    def test_a_draft_that_says_nothing_is_refused(self, ana_desk, story):
        response = do(ana_desk, "desk-alert-draft", story.product().reference, title="Cubes")
        assert response.status_code == 422
        assert not Alert.objects.exists()

    def test_a_published_alert_links_to_its_public_page(self, ana_desk, story):
        alert = story.alert()
        page = ana_desk.get(reverse("desk-alert-detail", args=[alert.reference])).content.decode()
        assert reverse("alert-detail", args=[alert.reference]) in page


FORMS = ("seller-register", "product-record", "listing-record")


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("who", ["dot", "ada", None])
def test_recording_is_for_the_authority(cast, client_of, name, who):
    client = client_of(getattr(cast, who) if who else None)
    for response in (client.get(reverse(name)), client.post(reverse(name), {"name": "X"})):
        assert response.status_code == (403 if who else 302)
    assert not Seller.objects.exists()
    assert not Product.objects.exists()


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_a_page_that_works_without_a_script(ana_desk, name):
    page = ana_desk.get(reverse(name)).content.decode()
    assert '<form class="form" method="post" novalidate>' in page


def test_drafting_about_nothing_is_not_found(ana_desk):
    assert ana_desk.get(reverse("desk-alert-draft", args=["P-2026-999999"])).status_code == 404


def test_the_verb_asked_for_a_product_is_the_flows_own(ana_desk, story):
    """The page cannot drift from the verb: what the form gives is what the verb takes."""
    with witness() as seen:
        ana_desk.post(reverse("product-record"), {"name": "Chair"})
    assert seen.verbs == [products.RECORD.verb]
