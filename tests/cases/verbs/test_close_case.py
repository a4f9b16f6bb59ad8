"""case.close: the work ends, with an outcome."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import cases
from tests.contract import VerbContract


class TestCloseCase(VerbContract):
    transition = cases.CLOSE
    begin = "monitoring_case"
    changes = {"state", "closed_at", "outcome"}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return cases.close(row, by=by, outcome="Nothing on sale any more.")


def test_is_refused_while_an_item_is_open_and_names_it(story):
    takedown = story.issued()
    first, second = takedown.items.order_by("number")
    with pytest.raises(ValidationError) as refusal:
        cases.close(takedown.case, by=story.ana, outcome="Enough.")
    assert first.audit_reference in refusal.value.message
    assert second.audit_reference in refusal.value.message
    takedown.case.refresh_from_db()
    assert takedown.case.state == "enforcing"


def test_a_draft_does_not_hold_it_up(story):
    assert cases.close(story.draft().case, by=story.ana, outcome="A toothbrush.").closed_at


def test_needs_an_outcome(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        cases.close(story.case(), by=story.ana, outcome="")
