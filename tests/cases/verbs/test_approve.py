"""takedown.approve: a second person stands behind the draft."""

import pytest
from django.db import IntegrityError, transaction

from cases.flows import takedowns
from cases.models import TakedownRequest
from surveillance.calendars.models import Kind
from surveillance.flow import WrongState
from tests.cast import REASONS
from tests.contract import VerbContract


class TestApprove(VerbContract):
    transition = takedowns.APPROVE
    begin = "submitted"
    by = "bo"
    changes = {"state", "approved_at", "approved_by_id"}
    letters = {("approval_decided", "in_app"): 1}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return takedowns.approve(row, by=by)


@pytest.fixture
def drafted_by_bo(story, cast):
    case = story.case_with_listing()
    takedown = takedowns.draft(
        case,
        by=story.bo,
        platform=cast.harbour,
        kind=Kind.ORDER,
        listings=list(case.listings.all()),
        reasons=REASONS,
    )
    return takedowns.submit(takedown, by=story.bo)


def test_the_drafter_cannot_approve(story, drafted_by_bo):
    with pytest.raises(WrongState, match="a second person approves"):
        takedowns.approve(drafted_by_bo, by=story.bo)


def test_not_even_past_the_verb(cast, drafted_by_bo):
    own = TakedownRequest.objects.filter(pk=drafted_by_bo.pk)
    with pytest.raises(IntegrityError, match="a_second_person_approves"), transaction.atomic():
        own.update(approved_by=cast.bo)
