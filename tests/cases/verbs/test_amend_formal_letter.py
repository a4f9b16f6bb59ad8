"""takedown.amend_formal_letter: a supervisor writes the draft anew and fills in the last date."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cases.flows import formal_steps
from surveillance.audit.models import AuditEntry
from tests.cast import LAST_DATE
from tests.contract import VerbContract


class TestAmendFormalLetter(VerbContract):
    transition = formal_steps.AMEND
    begin = "with_formal_letter"
    by = "bo"
    repeatable = True

    def perform(self, row, by):
        return formal_steps.amend_formal_letter(
            row, by=by, subject="Answer now", text="At last.", answer_by=LAST_DATE
        )


@pytest.fixture
def amend(story):
    takedown = story.with_formal_letter()

    def send(**facts: object):
        told = {"subject": "Answer now", "text": "At last.", "answer_by": LAST_DATE}
        formal_steps.amend_formal_letter(takedown, by=story.bo, **(told | facts))
        return takedown.formal_letters.get()

    return send


def test_paragraphs_stay_paragraphs(amend):
    """As a browser sends them."""
    letter = amend(text="You have not answered.\r\n\r\nAnswer now.\r\n")
    assert (letter.subject, letter.answer_by) == ("Answer now", LAST_DATE)
    assert letter.text == "You have not answered.\n\nAnswer now."


def test_the_last_date_may_wait(amend):
    assert amend(answer_by=None).answer_by is None


@pytest.mark.parametrize("day", [date(2026, 9, 28), date(2026, 9, 1)])
def test_the_last_date_is_still_to_come(amend, day):
    with pytest.raises(ValidationError, match="still to come") as refused:
        amend(answer_by=day)
    assert set(refused.value.error_dict) == {"answer_by"}


@pytest.mark.parametrize("field", ["subject", "text"])
def test_something_is_said(amend, field):
    with pytest.raises(ValidationError, match="Write a sentence") as refused:
        amend(**{field: " "})
    assert set(refused.value.error_dict) == {field}


def test_the_trail_does_not_repeat_a_draft(amend):
    amend(text="We shall see you in court.", subject="Court")
    entry = AuditEntry.objects.get(verb="takedown.amend_formal_letter")
    assert (entry.facts, entry.changes) == ({"number": 1}, {})
