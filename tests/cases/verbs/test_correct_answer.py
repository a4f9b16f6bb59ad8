"""item.correct_answer: the platform says something else, as long as nobody has decided about it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.flows import corrections, items
from cases.flows.items import Answer
from cases.models import Item
from cases.states import ItemState
from surveillance.flow import WrongState
from surveillance.outbox.models import OutboxMessage
from tests.cast import answer_with
from tests.contract import VerbContract, witness

NOT_OURS = Answer(ItemState.REFUSED, "C-1", ground=Item.Ground.NOT_OURS, text="Another shop.")


class TestCorrectAnswer(VerbContract):
    transition = corrections.CORRECT_ANSWER
    begin = "answered"
    by = "dot"
    changes = {"state", "answer_id", "ground", "answer_text", "identified", "corrected_at"}
    letters = {("answers_arrived", "in_app"): 0}
    repeatable = True  # the same id again changes nothing; see below

    def perform(self, row, by):
        return corrections.correct_answer(row, NOT_OURS, by=by)

    def test_sends_exactly_these_letters(self, row, actor, time):
        """One notice for a minute: the answer that is corrected has just been announced."""
        time.pass_(timedelta(minutes=2))
        with witness(row) as seen:
            self.perform(row, actor)
        assert dict(seen.letters) == {("answers_arrived", "in_app"): 1}


def test_what_was_answered_first_stays_for_the_statistics(story, time):
    item = story.answered()
    first = (item.first_answered_at, item.answered_in_time, item.answered_at)
    time.move_to(item.due_at + timedelta(days=1))
    corrected = corrections.correct_answer(item, NOT_OURS, by=story.dot)
    assert (corrected.first_answered_at, corrected.answered_in_time, corrected.answered_at) == first
    assert (corrected.corrected_at, corrected.identified) == (time.now, False)


def test_the_same_correction_again_changes_nothing(story):
    item = story.answered()
    corrections.correct_answer(item, NOT_OURS, by=story.dot)
    with witness(item) as seen:
        corrections.correct_answer(item, NOT_OURS, by=story.dot)
    assert (seen.entries, seen.changes) == ([], set())


def test_a_late_copy_of_the_first_answer_does_not_undo_it(story):
    item = story.item()
    first = answer_with("removed", "A-1")
    items.answer(item, first, by=story.dot)
    corrections.correct_answer(item, NOT_OURS, by=story.dot)
    assert items.answer(item, first, by=story.dot).state == ItemState.REFUSED


def test_its_id_was_not_used_for_another_content(story):
    item = items.answer(story.item(), answer_with("removed", "A-1"), by=story.dot)
    with pytest.raises(WrongState, match="other content"):
        corrections.correct_answer(item, answer_with("not_found", "A-1"), by=story.dot)


def test_a_question_is_no_answer(story):
    item = story.answered()
    with pytest.raises(ValidationError, match="Correct it to one of"):
        corrections.correct_answer(item, answer_with("needs_information"), by=story.dot)
    with pytest.raises(WrongState):
        corrections.correct_answer(story.asked(), answer_with("removed"), by=story.dot)


def test_a_statement_of_reasons_is_kept_and_told_apart(story):
    said = {"category": "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS"}
    item = items.answer(story.item(), Answer("removed", "A-1", statement=said), by=story.dot)
    assert item.statement == said
    with pytest.raises(WrongState, match="other content"):
        items.answer(item, Answer("removed", "A-1"), by=story.dot)
    assert corrections.correct_answer(item, NOT_OURS, by=story.dot).statement is None


def test_the_inspector_hears_of_it(story, time):
    item = story.answered()
    time.pass_(timedelta(minutes=2))
    corrections.correct_answer(item, NOT_OURS, by=story.dot)
    assert OutboxMessage.objects.filter(letter="answers_arrived").count() == 2
