"""item.supply_information: the platform gets what it asked for, and its clock goes on."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.flows import chasing, items
from surveillance.accounts.actor import SYSTEM
from surveillance.outbox.models import OutboxMessage
from tests.cast import answer_with
from tests.contract import VerbContract


class TestSupplyInformation(VerbContract):
    transition = items.SUPPLY_INFORMATION
    begin = "asked"
    changes = {"state", "information", "pauses", "paused_at", "derivation"}
    letters = {("item_decided", "email"): 1, ("item_decided", "in_app"): 1}

    def perform(self, row, by):
        return items.supply_information(row, by=by, information="Both sizes.")


@pytest.mark.parametrize(
    ("asked", "supplied", "due_on"),
    [
        # Due with Wednesday 30 September. Each working day that the pause touches is added.
        (datetime(2026, 9, 29, 10, tzinfo=UTC), datetime(2026, 9, 29, 12, tzinfo=UTC), 1),
        (datetime(2026, 9, 29, 10, tzinfo=UTC), datetime(2026, 10, 1, 10, tzinfo=UTC), 5),
        # Wednesday to Monday: four working days, the weekend between them is none.
        (datetime(2026, 9, 30, 10, tzinfo=UTC), datetime(2026, 10, 5, 10, tzinfo=UTC), 6),
    ],
)
def test_exactly_the_paused_working_days_are_added(story, asked, supplied, due_on):
    item = story.item()
    items.answer(item, answer_with("needs_information"), by=story.dot, at=asked)
    item = items.supply_information(item, by=story.ana, information="Both sizes.", at=supplied)
    assert item.due_at == datetime(2026, 10, due_on, 22, tzinfo=UTC)
    assert "the platform asked for information" in str(item.derivation)


def test_while_the_clock_stands_nothing_is_late(story):
    item = items.answer(story.item(), answer_with("needs_information"), by=story.dot)
    later = item.due_at + timedelta(days=3)
    assert not type(item).objects.overdue(later).filter(pk=item.pk).exists()


def test_question_and_information_stand_in_the_letter(story):
    items.supply_information(story.asked(), by=story.ana, information="Both sizes.")
    text = str(OutboxMessage.objects.filter(letter="item_decided").first().document)
    assert "As follows." in text  # the question
    assert "Both sizes." in text


def test_the_ladder_goes_on_where_it_was(story):
    """Asked only when the deadline was missed: the supervisor still hears of it."""
    item = story.missed()
    rung = item.escalate_at
    asked = item.due_at + timedelta(hours=1)
    items.answer(item, answer_with("needs_information"), by=story.dot, at=asked)
    item = items.supply_information(item, by=story.ana, information="Both.", at=asked)
    assert item.escalate_at == rung
    assert chasing.escalate(item, by=SYSTEM, at=rung).escalation_step == 2


def test_needs_words(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        items.supply_information(story.asked(), by=story.ana, information="")
