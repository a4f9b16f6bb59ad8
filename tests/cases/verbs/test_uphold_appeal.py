"""item.uphold_appeal: the platform was right, and what was denied holds."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from cases.flows import appeals, items, pausing
from cases.models import Appeal
from cases.states import ItemState
from surveillance.flow import WrongState
from tests.cast import answer_with
from tests.contract import VerbContract

TOLD = {("appeal_decided", "email"): 1, ("appeal_decided", "in_app"): 1}


class TestUpholdAboutARefusal(VerbContract):
    transition = appeals.UPHOLD_APPEAL
    begin = "appealed"
    by = "bo"
    changes = {"state", "decision", "settled_at", "appeal_due_at"}
    letters = TOLD

    def perform(self, row, by):
        return appeals.uphold_appeal(row, by=by, reason="The label names another model.")


class TestUpholdAboutARemoval(TestUpholdAboutARefusal):
    begin = "appealed_removal"
    changes = {"state", "decision", "appeal_due_at"}


def test_it_leads_to_what_was_denied(story):
    refused = appeals.uphold_appeal(story.appealed(), by=story.bo, reason="Right.")
    assert refused.state == ItemState.REFUSAL_ACCEPTED
    removed = appeals.uphold_appeal(story.appealed_removal(), by=story.bo, reason="Right.")
    assert removed.state == ItemState.REMOVED
    assert not removed.awaits_platform
    items.confirm_removal(removed, by=story.ana)


def test_an_answer_given_meanwhile_stays(story):
    item = items.answer(story.appealed_removal(), answer_with("not_found"), by=story.dot)
    assert appeals.uphold_appeal(item, by=story.bo, reason="Right.").state == ItemState.NOT_FOUND


def test_a_refusal_holds_even_where_the_platform_gave_way(story):
    item = items.answer(story.appealed(), answer_with("removed"), by=story.dot)
    upheld = appeals.uphold_appeal(item, by=story.bo, reason="Right.")
    assert upheld.state == ItemState.REFUSAL_ACCEPTED


def test_a_clock_that_stood_stands_no_longer(story):
    item = pausing.pause_item(story.appealed_removal(), by=story.ana, reason="We look at it.")
    assert appeals.uphold_appeal(item, by=story.bo, reason="Right.").paused_at is None


def test_whoever_took_the_decision_does_not_decide(story):
    item = items.reject_answer(story.refused(), by=story.bo, reason="It is the product.")
    item = appeals.appeal(item, by=story.dot, reason="Look at the label.")
    for verb in (appeals.uphold_appeal, appeals.dismiss_appeal):
        with pytest.raises(WrongState, match="another person"):
            verb(item, by=story.bo, reason="I was right.")


def test_the_database_holds_that_too(story, cast):
    lodged = story.appealed().appeals.get()
    with pytest.raises(IntegrityError, match="a_second_person_decides_an_appeal"):
        Appeal.objects.filter(pk=lodged.pk).update(
            state="upheld", decided_by=cast.ana, decided_at=lodged.lodged_at, decision="No."
        )


def test_needs_a_reason(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        appeals.uphold_appeal(story.appealed(), by=story.bo, reason="")
