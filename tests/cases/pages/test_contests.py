"""Contests of tiers on the desk: inbox, list, the seller's page, the decision."""

import pytest
from django.urls import reverse

from cases.flows import contests
from cases.models import Contest
from sellers.flows import sellers


@pytest.fixture
def panel_of():
    def show(client, seller):
        return client.get(reverse("seller-contests", args=[seller.reference]))

    return show


def test_it_waits_in_the_supervisors_inbox(story, bo_at_desk, ana_at_desk):
    contest = story.contest()
    page = bo_at_desk.get(reverse("desk"))
    waiting = page.context["waiting"]["contests"]
    assert waiting.total == 1
    assert "contests its tier" in page.content.decode()
    rows = bo_at_desk.get(waiting.url).context["page"].rows
    assert [row.pk for row in rows] == [contest.pk]
    assert "contests" not in ana_at_desk.get(reverse("desk")).context["waiting"]
    contests.dismiss(contest, by=story.bo, reason="It sells the same.")
    assert bo_at_desk.get(reverse("desk")).context["waiting"]["contests"].total == 0


def test_the_sellers_page_shows_it(story, bo_at_desk, ana_at_desk, panel_of):
    contest = story.contest()
    seller = contest.seller
    page = bo_at_desk.get(reverse("seller-detail", args=[seller.reference])).content.decode()
    assert reverse("seller-contests", args=[seller.reference]) in page
    assert "Harbour Market, for its account littleharbour" in page
    assert "contested the tier of littleharbour" in page
    panel = panel_of(bo_at_desk, seller).content.decode()
    for words in ("Harbour Market, for littleharbour", "It has a new importer.", "to be reviewed"):
        assert words in panel
    uphold = reverse("contest-uphold", args=[contest.reference])
    assert uphold in panel
    assert uphold not in panel_of(ana_at_desk, seller).content.decode()
    assert reverse("seller-contests", args=[story.seller("Other").reference]) not in page


def test_a_seller_in_no_tier_has_no_such_panel(story, bo_at_desk):
    seller = story.seller()
    page = bo_at_desk.get(reverse("seller-detail", args=[seller.reference])).content.decode()
    assert reverse("seller-contests", args=[seller.reference]) not in page


@pytest.mark.parametrize(("verb", "tier"), [("uphold", "standard"), ("dismiss", "watched")])
def test_a_supervisor_decides(story, bo_at_desk, ana_at_desk, press, panel_of, verb, tier):
    contest = story.contest()
    refused = ana_at_desk.post(
        reverse(f"contest-{verb}", args=[contest.reference]), {"reason": "No."}
    )
    assert refused.status_code == 403
    home = press(bo_at_desk, f"contest-{verb}", contest.reference, reason="We have looked.")
    assert home == reverse("contest-detail", args=[contest.reference])
    seller = bo_at_desk.get(home).headers["Location"]
    assert seller == f"{reverse('seller-detail', args=[contest.seller.reference])}#contests"
    contest.seller.refresh_from_db()
    assert contest.seller.state == tier
    assert "We have looked." in panel_of(bo_at_desk, contest.seller).content.decode()


def test_the_list_filters(story, cast, bo_at_desk):
    story.dismissed_contest()
    for query, shown in (("", 1), ("?state=open", 0), (f"?platform={cast.bazaar.slug}", 0)):
        page = bo_at_desk.get(reverse("contest-list") + query)
        assert len(page.context["page"].rows) == shown, query


def test_query_counts(story, cast, bo_at_desk, panel_of, django_assert_max_num_queries):
    seller = story.watched_seller()
    for place, platform in enumerate((cast.harbour, cast.bazaar)):
        account = sellers.add_account(seller, by=story.ana, platform=platform, handle=f"s{place}")
        by = story.dot if platform == cast.harbour else cast.actor("dev")
        contests.file(account, by=by, reason="Look.")
    assert Contest.objects.count() == 2
    with django_assert_max_num_queries(14):
        panel_of(bo_at_desk, seller)
    with django_assert_max_num_queries(14):
        bo_at_desk.get(reverse("contest-list"))
