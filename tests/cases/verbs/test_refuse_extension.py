"""takedown.refuse_extension: no more time."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import extensions
from surveillance.outbox.models import OutboxMessage
from tests.contract import VerbContract


class TestRefuseExtension(VerbContract):
    transition = extensions.REFUSE_EXTENSION
    begin = "with_extension_requested"
    by = "bo"
    letters = {("extension_decided", "email"): 1, ("extension_decided", "in_app"): 1}

    def perform(self, row, by):
        return extensions.refuse_extension(row, by=by, reason="Two days are enough.")


def test_the_platform_reads_why_and_may_ask_again(story):
    takedown = story.with_extension_requested()
    extensions.refuse_extension(takedown, by=story.bo, reason="Two days are enough.")
    letter = OutboxMessage.objects.filter(letter="extension_decided").first()
    assert "Two days are enough." in str(letter.document)
    extensions.request_extension(takedown, by=story.dot, working_days=1, reason="Just one.")
    assert [one.state for one in takedown.extensions.order_by("id")] == ["refused", "requested"]


def test_needs_a_reason(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        extensions.refuse_extension(story.with_extension_requested(), by=story.bo, reason="")
