"""Sellers in the portal: whose tier can be contested, and what became of it."""

import pytest
from django.urls import reverse

from cases.flows import contests
from cases.models import Contest
from sellers.flows import sellers
from tests.cast import REVIEW


@pytest.fixture
def page_of(client_of):
    def show(user):
        return client_of(user).get(reverse("own-sellers"))

    return show


def test_it_names_the_accounts_in_a_tier_and_why(story, cast, dot, page_of):
    story.account_in_a_tier()
    standard = sellers.register("Quiet Shop", by=story.ana)
    sellers.add_account(standard, by=story.ana, platform=cast.harbour, handle="quietshop")
    html = page_of(dot).content.decode()
    for words in ("littleharbour", "Two alerts.", "1 Mar 2027", "watched"):
        assert words in html
    assert "quietshop" not in html
    assert "Little Harbour Toys" not in html


def test_nobody_elses(story, cast, client_of):
    account = story.account_in_a_tier()
    client = client_of(cast.dev)
    html = client.get(reverse("own-sellers")).content.decode()
    assert "littleharbour" not in html
    address = reverse("portal-contest", args=[account.handle])
    assert client.get(address).status_code == 404
    assert client.post(address, {"reason": "Look."}).status_code == 404


def test_from_the_button_to_the_outcome(story, dot, client_of, png, page_of):
    account = story.account_in_a_tier()
    client = client_of(dot)
    address = reverse("portal-contest", args=[account.handle])
    assert address in page_of(dot).content.decode()
    assert "Two alerts." in client.get(address).content.decode()
    sent = client.post(address, {"reason": "It has a new importer.", "file": png})
    assert sent.headers["Location"] == reverse("own-sellers")
    html = page_of(dot).content.decode()
    assert address not in html
    assert "to be reviewed" in html
    contest = Contest.objects.get()
    file = reverse("contest-evidence", args=[contest.reference])
    assert file in html
    assert client.get(file)["Content-Disposition"].startswith("attachment")
    contests.dismiss(contest, by=story.bo, reason="It sells the same.")
    html = page_of(dot).content.decode()
    assert "It sells the same." in html
    assert address in html


def test_the_file_is_for_both_sides_only(story, cast, client_of, png):
    contest = contests.file(story.account_in_a_tier(), by=story.dot, reason="Look.", file=png)
    file = reverse("contest-evidence", args=[contest.reference])
    for user, status in ((cast.dot, 200), (cast.ana, 200), (cast.dev, 404), (cast.ada, 404)):
        assert client_of(user).get(file).status_code == status


def test_without_a_file_there_is_none(story, dot, client_of):
    contest = story.contest()
    address = reverse("contest-evidence", args=[contest.reference])
    assert client_of(dot).get(address).status_code == 404


def test_a_reason_is_needed(story, dot, client_of):
    address = reverse("portal-contest", args=[story.account_in_a_tier().handle])
    assert client_of(dot).post(address, {"reason": ""}).status_code == 422
    assert not Contest.objects.exists()


def test_query_counts(story, cast, dot, client_of, django_assert_max_num_queries):
    for number in range(5):
        seller = sellers.watch(
            sellers.register(f"Shop {number}", by=story.ana),
            by=story.ana,
            reason="Alerts.",
            review_on=REVIEW,
        )
        account = sellers.add_account(
            seller, by=story.ana, platform=cast.harbour, handle=f"shop{number}"
        )
        contests.file(account, by=story.dot, reason="Look.")
    client = client_of(dot)
    with django_assert_max_num_queries(14):
        client.get(reverse("own-sellers"))
