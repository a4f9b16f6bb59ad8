"""takedown.submit: a second person is asked to approve the draft."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import takedowns
from surveillance.calendars.models import Kind
from surveillance.flow import WrongState
from surveillance.outbox.models import OutboxMessage
from tests.contract import VerbContract


class TestSubmit(VerbContract):
    transition = takedowns.SUBMIT
    begin = "draft"
    changes = {"state"}
    letters = {("approval_requested", "email"): 1, ("approval_requested", "in_app"): 1}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return takedowns.submit(row, by=by)


def test_asks_the_supervisors_of_the_office_in_their_language(story, cast):
    type(cast.bo).objects.filter(pk=cast.bo.pk).update(language="zh-hant")
    story.submitted()
    letters = OutboxMessage.objects.filter(letter="approval_requested")
    assert {(letter.user, letter.language) for letter in letters} == {(cast.bo, "zh-hant")}


def test_whoever_asks_is_not_asked(story):
    takedowns.submit(story.draft(), by=story.bo)
    assert not OutboxMessage.objects.filter(letter="approval_requested").exists()


def test_what_needs_no_approval_is_not_submitted(story):
    with pytest.raises(WrongState, match="needs no approval"):
        takedowns.submit(story.draft(kind=Kind.NOTICE), by=story.ana)


def test_an_empty_request_is_refused(story):
    with pytest.raises(ValidationError, match="at least one listing"):
        takedowns.submit(story.draft(listings=0), by=story.ana)
