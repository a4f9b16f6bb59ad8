"""item.answer: the platform says what became of one listing; portal, file and API end here."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.flows import batches, items
from cases.flows.items import Answer
from cases.models import Item
from cases.states import ItemState
from surveillance.flow import WrongState
from surveillance.outbox.models import OutboxMessage
from tests.cast import answer_with
from tests.contract import VerbContract, witness


class TestAnswerRemoved(VerbContract):
    transition = items.ANSWER
    begin = "item"
    by = "dot"
    outcome = ItemState.REMOVED
    changes = {
        "state",
        "answered_at",
        "answer_text",
        "identified",
        "first_answered_at",
        "answered_in_time",
    }
    letters = {("answers_arrived", "in_app"): 1}

    def perform(self, row, by):
        return items.answer(row, answer_with(self.outcome), by=by)


class TestAnswerNotFound(TestAnswerRemoved):
    outcome = ItemState.NOT_FOUND


class TestAnswerRefused(TestAnswerRemoved):
    outcome = ItemState.REFUSED
    changes = TestAnswerRemoved.changes | {"ground"}


class TestAnswerNeedsInformation(TestAnswerRemoved):
    """A question is no answer yet: neither first nor in time."""

    outcome = ItemState.NEEDS_INFORMATION
    changes = {"state", "answered_at", "answer_text", "question", "pauses", "paused_at"}


class TestAnswerStillOnline(TestAnswerRemoved):
    """Later than the first answer, which stays the first."""

    begin = "rejected"
    changes = {"state", "answered_at"}

    def perform(self, row, by):
        later = row.started_at + timedelta(hours=1)
        return items.answer(row, answer_with(self.outcome), by=by, at=later)


def test_the_same_id_again_changes_nothing(story):
    item = story.item()
    first = items.answer(item, answer_with("removed", "A-1"), by=story.dot)
    with witness(item) as seen:
        again = items.answer(item, answer_with("removed", "A-1"), by=story.dot)
    assert again == first
    assert not seen.entries
    assert not seen.letters
    assert not seen.changes


def test_not_even_when_the_answer_was_rejected_and_given_anew_since(story):
    item = story.item()
    for answer_id in ("A-1", "A-2"):
        items.answer(item, answer_with("removed", answer_id), by=story.dot)
        items.reject_answer(item, by=story.ana, reason="It is still on sale.")
    for answer_id in ("A-1", "A-2"):
        again = items.answer(item, answer_with("removed", answer_id), by=story.dot)
        assert again.state == "still_online"


@pytest.mark.parametrize(
    "other",
    [
        Answer("removed", "A-1", text="Gone since Monday."),
        Answer("not_found", "A-1", text="As follows."),
        Answer("refused", "A-1", ground=Item.Ground.OTHER, text="As follows."),
        Answer("needs_information", "A-1", text="As follows."),
    ],
)
def test_the_same_id_with_other_content_is_refused(story, other):
    item = items.answer(story.item(), answer_with("removed", "A-1"), by=story.dot)
    with pytest.raises(WrongState, match="A-1 was used for .* with other content"):
        items.answer(item, other, by=story.dot)


def test_the_same_id_for_another_listing_is_refused(story):
    first, second = story.issued().items.order_by("number")
    items.answer(first, answer_with("removed", "A-1"), by=story.dot)
    with pytest.raises(WrongState, match=first.audit_reference):
        items.answer(second, answer_with("removed", "A-1"), by=story.dot)


@pytest.mark.parametrize(
    ("reply", "field"),
    [
        (Answer("confirmed"), "outcome"),
        (Answer("refused", text="No."), "ground"),
        (Answer("refused", ground="whim", text="No."), "ground"),
        (Answer("refused", ground=Item.Ground.COMPLIANT), "text"),
        (Answer("needs_information"), "text"),
    ],
)
def test_what_is_missing_is_named(story, reply, field):
    with pytest.raises(ValidationError) as refusal:
        items.answer(story.item(), reply, by=story.dot)
    assert list(refusal.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("reply", "identified"),
    [
        (Answer("removed"), True),
        (Answer("not_found"), False),
        (Answer("refused", ground=Item.Ground.COMPLIANT, text="Proof attached."), True),
        (Answer("refused", ground=Item.Ground.NOT_OURS, text="See the address."), False),
        (Answer("needs_information", text="Which size?"), None),
    ],
)
def test_says_whether_the_platform_identified_the_listing(story, reply, identified):
    assert items.answer(story.item(), reply, by=story.dot).identified is identified


@pytest.mark.parametrize(("before_due", "in_time"), [(1, True), (0, False), (-1, False)])
def test_is_in_time_until_the_limit_ends(story, before_due, in_time):
    item = story.item()
    at = item.due_at - timedelta(seconds=before_due)
    assert (
        items.answer(item, answer_with("removed"), by=story.dot, at=at).answered_in_time is in_time
    )


def test_the_next_deadline_is_that_of_what_is_not_answered(story):
    takedown = story.issued()
    first, second = takedown.items.order_by("number")
    items.answer(first, answer_with("removed"), by=story.dot)
    takedown.refresh_from_db()
    assert takedown.due_at == second.due_at
    items.answer(second, answer_with("removed"), by=story.dot)
    takedown.refresh_from_db()
    takedown.case.refresh_from_db()
    assert takedown.due_at is takedown.remind_at is takedown.case.due_at is None


def test_many_answers_in_a_minute_are_one_notice(story):
    takedown = story.issued(listings=5)
    replies = [(item, answer_with("removed")) for item in takedown.items.all()]
    batches.answer_each(replies, by=story.dot)
    assert OutboxMessage.objects.filter(letter="answers_arrived").count() == 1


def test_before_the_issue_there_is_nothing_to_answer(story):
    """To its platform the item does not exist yet; see test_is_invisible_to_outsiders."""
    assert not Item.objects.visible_to(story.dot).filter(takedown=story.approved()).exists()
