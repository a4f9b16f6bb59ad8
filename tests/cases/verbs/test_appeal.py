"""item.appeal: the platform says that the decision about its answer is wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.flows import appeals, items
from cases.models import Appeal
from surveillance.flow import WrongState
from tests.cast import answer_with
from tests.contract import VerbContract

# Five working days after Monday 28 September end with Monday 5 October, in Brussels.
FIVE_DAYS_LATER = datetime(2026, 10, 5, 22, tzinfo=UTC)


class TestAppeal(VerbContract):
    transition = appeals.APPEAL
    begin = "rejected_refusal"
    by = "dot"
    changes = {"appeal_until", "appeal_due_at"}
    letters = {("appeal_lodged", "email"): 1, ("appeal_lodged", "in_app"): 1}

    def perform(self, row, by):
        return appeals.appeal(row, by=by, reason="Look at the label.")


class TestAppealAgainstStillOnline(TestAppeal):
    begin = "rejected"


def test_it_has_a_clock_of_its_own_and_stops_no_other(story, cast, time):
    rejected = story.rejected_refusal()
    assert rejected.appeal_until == FIVE_DAYS_LATER
    item = appeals.appeal(rejected, by=story.dot, reason="Look at the label.")
    assert (item.due_at, item.started_at) == (rejected.due_at, rejected.started_at)
    assert item.appeal_due_at == FIVE_DAYS_LATER
    lodged = item.appeals.get()
    assert (lodged.denied, lodged.due_at) == ("refused", FIVE_DAYS_LATER)
    assert lodged.against_by == cast.ana
    assert len(lodged.derivation["steps"]) > 5


def test_it_comes_within_its_limit(story, time):
    item = story.rejected()
    with pytest.raises(WrongState, match="has passed"):
        appeals.appeal(item, by=story.dot, reason="Look.", at=FIVE_DAYS_LATER)
    time.now = FIVE_DAYS_LATER
    with pytest.raises(WrongState, match="has passed"):
        appeals.appeal(item, by=story.dot, reason="Look.")
    time.now = FIVE_DAYS_LATER - timedelta(seconds=1)
    appeals.appeal(item, by=story.dot, reason="Look.")


def test_once_for_each_decision(story):
    item = appeals.dismiss_appeal(story.appealed(), by=story.bo, reason="It is the same.")
    with pytest.raises(WrongState, match="no decision"):
        appeals.appeal(item, by=story.dot, reason="Look again.")
    item = items.answer(item, answer_with("removed"), by=story.dot)
    item = items.reject_answer(item, by=story.ana, reason="Still there.")
    appeals.appeal(item, by=story.dot, reason="Look again.")
    assert Appeal.objects.filter(item=item).count() == 2


def test_what_it_asks_is_not_decided_by_the_way(story):
    item = items.answer(story.appealed(), answer_with("removed"), by=story.dot)
    assert item.has_open_appeal
    for verb in (items.confirm_removal, items.reject_answer):
        said = {"note": ""} if verb is items.confirm_removal else {"reason": "No."}
        with pytest.raises(WrongState, match="appeal is decided first"):
            verb(item, by=story.ana, **said)


def test_a_listing_that_is_withdrawn_needs_no_decision(story):
    item = items.withdraw(story.appealed(), by=story.ana, reason="It is another model.")
    assert not item.has_open_appeal
    assert item.appeals.get().has_lapsed
    assert not Appeal.objects.open().exists()


def test_needs_a_reason(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        appeals.appeal(story.rejected(), by=story.dot, reason="")
