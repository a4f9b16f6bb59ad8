"""takedown.withdraw: the request is taken back."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import takedowns
from cases.models import Case
from tests.contract import VerbContract


class TestWithdraw(VerbContract):
    transition = takedowns.WITHDRAW
    begin = "issued"
    changes = {"state", "closed_at", "due_at", "remind_at"}
    letters = {("takedown_withdrawn", "email"): 1, ("takedown_withdrawn", "in_app"): 1}
    joined = ["case.monitor"]

    def perform(self, row, by):
        return takedowns.withdraw(row, by=by, reason="It was another product.")


class TestWithdrawDraft(TestWithdraw):
    """Nobody outside has heard of it, so nobody is told."""

    begin = "draft"
    changes = {"state", "closed_at"}
    letters = {}
    joined = []


def test_what_is_open_in_it_ends_and_what_is_settled_stays(story):
    takedown = story.issued()
    first, second = takedown.items.order_by("number")
    story._confirmed(first)
    takedowns.withdraw(takedown, by=story.ana, reason="It was another product.")
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.state == "confirmed"
    assert (second.state, second.decision) == ("withdrawn", "It was another product.")
    assert second.settled_at
    assert second.version == 3


def test_while_another_request_is_open_the_case_goes_on_enforcing(story):
    takedown = story.issued()
    other = story.issued(case=Case.objects.get(pk=takedown.case_id))
    takedowns.withdraw(takedown, by=story.ana, reason="It was another product.")
    case = Case.objects.get(pk=takedown.case_id)
    other.refresh_from_db()
    assert (case.state, case.due_at) == ("enforcing", other.due_at)


def test_needs_a_reason(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        takedowns.withdraw(story.issued(), by=story.ana, reason="")
