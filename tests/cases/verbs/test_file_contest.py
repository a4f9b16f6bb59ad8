"""contest.file: a platform speaks for a seller that stands in a tier."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import contests
from cases.models import Contest
from sellers.flows import sellers
from surveillance.flow import NotVisible, WrongState
from tests.cast import photo
from tests.contract import CreationContract


class TestFile(CreationContract):
    transition = contests.FILE
    model = Contest
    begin = "account_in_a_tier"
    by = "dot"
    letters = {("contest_filed", "email"): 1, ("contest_filed", "in_app"): 1}
    joined = ["seller.record_reply"]
    outsiders = ("dev",)

    def perform(self, ground, by):
        return contests.file(ground, by=by, reason="It has a new importer.")


def test_it_is_the_sellers_reply(story):
    contest = story.contest()
    seller = contest.seller
    seller.refresh_from_db()
    assert seller.reply == "Harbour Market, for its account littleharbour: It has a new importer."
    assert (contest.tier, contest.handle) == ("watched", "littleharbour")


def test_with_a_file(story):
    contest = contests.file(
        story.account_in_a_tier(), by=story.dot, reason="Look.", file=photo("declaration.png")
    )
    contest.refresh_from_db()
    assert contest.filename == "declaration.png"
    assert contest.content_type == "image/png"
    assert len(contest.sha256) == 64
    assert contest.file.size


def test_only_a_tier_can_be_contested(story):
    with pytest.raises(WrongState, match="standard tier"):
        contests.file(story.account(), by=story.dot, reason="Look.")


def test_one_at_a_time(story):
    account = story.account_in_a_tier()
    first = contests.file(account, by=story.dot, reason="Look.")
    with pytest.raises(WrongState, match="already"):
        contests.file(account, by=story.dot, reason="Look again.")
    contests.dismiss(first, by=story.bo, reason="It sells the same.")
    contests.file(account, by=story.dot, reason="Look again.")
    assert Contest.objects.count() == 2


def test_another_platforms_account_is_not_there(story, cast):
    elsewhere = sellers.add_account(
        story.watched_seller(), by=story.ana, platform=cast.bazaar, handle="little"
    )
    with pytest.raises(NotVisible):
        contests.file(elsewhere, by=story.dot, reason="Look.")


def test_needs_a_reason(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        contests.file(story.account_in_a_tier(), by=story.dot, reason="")
