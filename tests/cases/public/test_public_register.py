"""The register of alerts, its feeds and the front page, as everybody sees them."""

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from cases.public.register import ATTRIBUTIONS
from sellers.flows import products
from sellers.models import Alert
from surveillance.accounts.actor import SYSTEM

ATOM = "{http://www.w3.org/2005/Atom}"
FIRST_PAGE = 120_000  # bytes, with everything it loads


@pytest.fixture
def eve(cast) -> Client:
    return Client()


@pytest.fixture
def publish(story):
    """Publish an alert about a product with these facts."""

    def published(
        title: str = "Magnetic cubes recalled", on: date = date(2026, 9, 1), **facts: object
    ) -> Alert:
        alert = products.draft_alert(
            story.product(**facts),
            by=story.ana,
            title=title,
            hazard="Swallowed magnets perforate the bowel.",
            what_to_do="Stop using them.",
            level="serious",
        )
        return products.publish(alert, by=story.bo, published_on=on)

    return published


@pytest.fixture
def from_source(publish):
    """As an import would leave it."""

    def received(source: str, **facts: object) -> Alert:
        alert = publish()
        Alert.objects.filter(pk=alert.pk).update(source=source, native_id="1", **facts)
        return Alert.objects.get(pk=alert.pk)

    return received


def listed(client: Client, query: str = "") -> str:
    response = client.get(reverse("alert-list") + query)
    assert response.status_code == 200
    return response.content.decode()


def titles(page: str) -> list[str]:
    return re.findall(r'class="alert-title"><a href="[^"]+">([^<]+)</a>', page)


class TestVisibility:
    @pytest.fixture
    def hidden(self, story):
        draft = story.alert(published=False, title="A draft nobody may read")
        withdrawn = products.withdraw(
            story.alert(title="A withdrawn alert"), by=story.bo, reason="It was an error."
        )
        return [draft, withdrawn]

    @pytest.mark.parametrize("who", [None, "ana", "dot"])
    def test_drafts_and_withdrawn_alerts_are_not_there(self, hidden, cast, client_of, who):
        client = client_of(getattr(cast, who) if who else None)
        for alert in hidden:
            detail = client.get(reverse("alert-detail", args=[alert.reference]))
            assert detail.status_code == 404
        for page in ("public-home", "alert-list", "alert-feed-atom", "alert-feed-json"):
            text = client.get(reverse(page)).content.decode()
            assert "A draft nobody may read" not in text
            assert "A withdrawn alert" not in text

    def test_an_alert_that_does_not_exist_is_not_found(self, eve):
        assert eve.get(reverse("alert-detail", args=["A-2026-999999"])).status_code == 404

    def test_nobody_who_reported_is_named(self, story, publish, eve):
        story.receipt(email="canary@mail.example", may_contact=True, incident="Canary words.")
        alert = publish()
        detail = reverse("alert-detail", args=[alert.reference])
        for page in (detail, *map(reverse, ("public-home", "alert-list", "alert-feed-json"))):
            text = eve.get(page).content.decode()
            for canary in ("canary@mail.example", "Eve Ng", "Canary words."):
                assert canary not in text


class TestSearch:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("bear", True),
            ("BRUNO bear", True),
            ("ＢＲＵＮＯ", True),
            ("mc-216", True),
            ("4006381333931", True),
            ("4 006381 333931", True),
            ("磁力", True),
            ("bear dog", False),
            ("磁石", False),
            ("%", False),
            ("_", False),
            ("' OR 1=1 --", False),
            ("\\", False),
        ],
    )
    def test_words_find_what_holds_them_all(self, publish, eve, asked, found):
        publish(
            "Plush bear: magnets come loose",
            name="磁力熊 plush bear",
            brand="Bruno",
            models=["MC-216"],
            gtins=["04006381333931"],
        )
        page = listed(eve, f"?q={asked.replace('%', '%25')}")
        assert bool(titles(page)) is found

    def test_a_reference_finds_its_alert(self, publish, eve):
        alert = publish("This one")
        publish("Another one")
        assert titles(listed(eve, f"?q={alert.reference}")) == ["This one"]

    def test_nothing_found_says_what_it_does_not_mean(self, publish, eve):
        publish()
        page = listed(eve, "?q=zebra")
        assert "That does not mean that the product is safe" in page

    def test_an_empty_register_says_what_will_appear(self, eve):
        assert "No alert has been published yet" in listed(eve)


class TestFilters:
    def test_by_hazard(self, publish, eve):
        publish("Burning", hazards=["fire"])
        publish("Choking", hazards=["choking", "fire"])
        publish("Shocking", hazards=["electric_shock"])
        assert titles(listed(eve, "?hazard=fire")) == ["Choking", "Burning"]

    def test_by_year(self, publish, eve):
        publish("Old", on=date(2025, 12, 31))
        publish("New", on=date(2026, 1, 1))
        assert titles(listed(eve, "?year=2025")) == ["Old"]
        assert titles(listed(eve, "?year=2026")) == ["New"]

    def test_by_source_level_and_country(self, from_source, publish, eve):
        from_source("cpsc", title="From abroad", country="US", level="other")
        publish("Our own")
        assert titles(listed(eve, "?source=cpsc")) == ["From abroad"]
        assert titles(listed(eve, "?country=US")) == ["From abroad"]
        assert titles(listed(eve, "?level=serious")) == ["Our own"]

    @pytest.mark.parametrize("query", ["?hazard=magic", "?year=soon", "?country=XX"])
    def test_a_filter_we_do_not_know_shows_nothing_and_says_so(self, publish, eve, query):
        publish()
        page = listed(eve, query)
        assert titles(page) == []
        assert "Select a valid choice." in page


class TestPages:
    def test_every_alert_is_shown_once_however_one_pages(self, publish, eve):
        for number in range(26):
            publish(f"Alert {number:02}", on=date(2026, 9, 1) - timedelta(days=number // 3))
        first = listed(eve, "?q=alert")
        following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
        assert "q=alert" in following
        second = listed(eve, following)
        assert len(titles(first)) == 24
        assert sorted(titles(first) + titles(second)) == [f"Alert {n:02}" for n in range(26)]

    def test_a_page_that_was_not_ours_is_not_found(self, eve):
        assert eve.get(reverse("alert-list") + "?after=nonsense").status_code == 404

    def test_a_full_page_costs_few_queries(self, publish, eve, django_assert_max_num_queries):
        for number in range(10):
            publish(f"Alert {number}", gtins=["04006381333931"], hazards=["fire"])
        with django_assert_max_num_queries(7):
            listed(eve)

    def test_a_detail_costs_few_queries(self, publish, eve, django_assert_max_num_queries):
        alert = publish()
        with django_assert_max_num_queries(7):
            eve.get(reverse("alert-detail", args=[alert.reference]))


class TestDetail:
    def test_it_says_what_is_dangerous_what_to_do_and_how_to_tell(self, publish, eve):
        alert = publish(
            name="Magnetic cubes",
            brand="Cubo",
            models=["MC-216"],
            gtins=["04006381333931"],
            batch="Lot 7",
            hazards=["ingestion"],
            origin="CN",
        )
        page = eve.get(reverse("alert-detail", args=[alert.reference])).content.decode()
        for words in (
            "Swallowed magnets perforate the bowel.",
            "Stop using them.",
            "Cubo",
            "MC-216",
            "04006381333931",
            "Lot 7",
            "China",
            "Swallowing",
            "serious risk",
        ):
            assert words in page

    @pytest.mark.parametrize("source", sorted(ATTRIBUTIONS))
    def test_a_foreign_source_is_named_as_it_asks(self, from_source, eve, source):
        alert = from_source(source, url="https://source.example/1", number="12-345")
        page = eve.get(reverse("alert-detail", args=[alert.reference])).content.decode()
        assert str(ATTRIBUTIONS[source]) in page
        assert 'href="https://source.example/1"' in page
        assert "12-345" in page

    def test_no_foreign_host_is_asked_for_anything(self, publish, eve):
        alert = publish()
        alert.product.pictures.create(url="https://pictures.example/1.jpg")
        page = eve.get(reverse("alert-detail", args=[alert.reference])).content.decode()
        assert not re.search(r'src="https?:', page)

    def test_what_people_wrote_is_escaped(self, publish, eve):
        alert = publish("<script>alert(1)</script>")
        page = eve.get(reverse("alert-detail", args=[alert.reference])).content.decode()
        assert "<script>alert(1)" not in page


class TestFeeds:
    def test_atom_holds_the_newest_first_with_full_addresses(self, publish, eve, settings):
        publish("Old", on=date(2026, 8, 1))
        newest = publish("New", on=date(2026, 9, 1))
        response = eve.get(reverse("alert-feed-atom"))
        assert response["Content-Type"].startswith("application/atom+xml")
        entries = ET.fromstring(response.content).findall(f"{ATOM}entry")
        assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["New", "Old"]
        assert entries[0].find(f"{ATOM}link").get("href") == (
            settings.BASE_URL + reverse("alert-detail", args=[newest.reference])
        )
        assert "Stop using them." in entries[0].findtext(f"{ATOM}summary")

    def test_json_feed_has_the_shape_of_version_1_1(self, from_source, eve, settings):
        alert = from_source("cpsc", url="https://source.example/1")
        response = eve.get(reverse("alert-feed-json"))
        assert response["Content-Type"] == "application/feed+json"
        feed = response.json()
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["feed_url"] == settings.BASE_URL + reverse("alert-feed-json")
        (item,) = feed["items"]
        assert (
            item["id"]
            == item["url"]
            == (settings.BASE_URL + reverse("alert-detail", args=[alert.reference]))
        )
        assert item["date_published"] == "2026-09-01T00:00:00+00:00"
        assert item["external_url"] == "https://source.example/1"
        assert "public domain" in item["content_text"]

    def test_feeds_are_announced_by_the_register(self, eve):
        page = listed(eve)
        assert 'rel="alternate" type="application/atom+xml"' in page
        assert 'rel="alternate" type="application/feed+json"' in page


class TestFrontPage:
    def test_it_shows_the_newest_alerts_and_how_many_there_are(self, publish, eve):
        for number in range(8):
            publish(f"Alert {number}", on=date(2026, 9, 1) + timedelta(days=number))
        page = eve.get(reverse("public-home")).content.decode()
        assert titles(page) == [f"Alert {number}" for number in (7, 6, 5, 4, 3, 2)]
        assert "8 alerts in the register" in page

    def test_it_says_what_will_appear_when_there_is_none(self, eve):
        assert "No alert has been published yet" in eve.get(reverse("public-home")).content.decode()

    @pytest.mark.parametrize("name", ["public-home", "report-start"])
    def test_it_is_light_enough_for_a_slow_phone(self, publish, eve, name):
        for number in range(6):
            publish(f"Alert {number}", hazards=["fire", "choking", "drowning"][number % 3 :])
        response = eve.get(reverse(name))
        loaded = set(re.findall(r'(?:src|href)="/static/([^"?]+)', response.content.decode()))
        weight = len(response.content)
        for file in loaded:
            weight += Path(finders.find(file)).stat().st_size
        assert loaded
        assert weight <= FIRST_PAGE


def test_an_alert_imported_by_the_system_is_public_like_any_other(story, eve):
    alert = products.draft_alert(
        story.product(), by=SYSTEM, title="Received", hazard="Fire.", what_to_do="Stop using it."
    )
    products.publish(alert, by=SYSTEM)
    assert titles(listed(eve)) == ["Received"]
