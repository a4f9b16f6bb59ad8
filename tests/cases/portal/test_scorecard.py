"""The scorecard: the numbers of the statistics, about oneself, with one's own word to them."""

import re
from html import unescape

import pytest
from django.urls import reverse

from cases.flows import items
from cases.stats import tallies
from cases.stats.figures import breakdown
from cases.stats.scope import Scope
from sellers.models import PlatformRemark
from surveillance import clock
from tests.cast import answer_with


@pytest.fixture
def worked(story):
    """Of Harbour Market three requests, with something in most numbers."""
    story.settled()
    story.refusal_accepted()
    takedown = story.issued_notice(listings=3)
    items.answer(takedown.items.get(number=1), answer_with("removed"), by=story.dot)
    return takedown


def rows_links(html: str) -> list[str]:
    return [unescape(url) for url in re.findall(r'href="(/portal/scorecard/listings/[^"]*)"', html)]


@pytest.mark.parametrize("tallied", [False, True])
def test_it_is_what_the_authority_counts(worked, story, cast, dot, client_of, tallied):
    if tallied:
        tallies.tally()
    page = client_of(dot).get(reverse("scorecard"))
    found = breakdown(Scope(platform=cast.harbour), story.bo, clock.now())
    told = {str(tile["label"]): tile["value"] for tile in page.context["counts"]}
    assert told["Requested"] == str(found.total["requested"])
    assert told["Verified removed"] == str(found.total["verified_removed"])
    assert found.total["requested"] > found.total["verified_removed"] > 0
    assert [share["of"] for share in page.context["shares"]][0].startswith(
        str(found.total.within_limit.part)
    )
    assert len(page.context["months"]) == len(found.by_month) == 1


def test_every_number_leads_to_its_listings(worked, dot, client_of):
    client = client_of(dot)
    page = client.get(reverse("scorecard"))
    for tile in page.context["counts"]:
        behind = client.get(tile["url"])
        assert f"{behind.context['total']:,}" == tile["value"], tile["label"]
        assert len(behind.context["items"]) == behind.context["total"]
        for item, _days in behind.context["items"]:
            address = reverse("portal-item", args=[item.takedown.reference, item.number])
            assert address in behind.content.decode()
    for address in rows_links(page.content.decode()):
        assert client.get(address).status_code == 200


def test_nobody_elses_numbers(worked, cast, client_of):
    client = client_of(cast.dev)
    page = client.get(reverse("scorecard"))
    assert "Nothing has been demanded of you yet" in page.content.decode()
    rows = client.get(reverse("scorecard-rows"), {"number": "requested"})
    assert rows.context["total"] == 0


@pytest.mark.parametrize("query", [{}, {"number": "x"}, {"number": "missed", "month": "2026"}])
def test_addresses_that_the_page_did_not_make(dot, client_of, query):
    assert client_of(dot).get(reverse("scorecard-rows"), query).status_code == 404


class TestRemark:
    def test_a_manager_writes_it_and_the_authority_reads_it(self, worked, story, cast, client_of):
        fay = client_of(story.manager())
        sent = fay.post(reverse("scorecard-remark"), {"text": "An outage in September."})
        assert sent.headers["Location"] == f"{reverse('scorecard')}#remark"
        desk = client_of(cast.bo)
        statistics = reverse("statistics")
        for address in (
            reverse("platform-detail", args=[cast.harbour.slug]),
            f"{statistics}?platform={cast.harbour.slug}",
        ):
            assert "An outage in September." in desk.get(address).content.decode()
        for other in (statistics, f"{statistics}?platform={cast.bazaar.slug}"):
            assert "An outage" not in desk.get(other).content.decode()

    def test_an_agent_reads_it(self, story, dot, client_of):
        client_of(story.manager()).post(reverse("scorecard-remark"), {"text": "An outage."})
        client = client_of(dot)
        html = client.get(reverse("scorecard")).content.decode()
        assert "An outage." in html
        assert "A manager of your platform writes it." in html
        assert client.post(reverse("scorecard-remark"), {"text": "Mine"}).status_code == 403
        assert PlatformRemark.objects.get().text == "An outage."

    def test_too_long_says_so(self, story, client_of):
        client = client_of(story.manager())
        sent = client.post(reverse("scorecard-remark"), {"text": "x" * 1_001})
        assert sent.status_code == 422
        assert set(sent.context["form"].errors) == {"text"}


def test_query_counts(worked, dot, client_of, django_assert_max_num_queries):
    client = client_of(dot)
    with django_assert_max_num_queries(20):
        client.get(reverse("scorecard"))
    with django_assert_max_num_queries(14):
        client.get(reverse("scorecard-rows"), {"number": "requested"})
