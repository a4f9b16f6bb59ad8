"""takedown.request_extension: the platform asks for more time."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import extensions
from tests.contract import VerbContract


class TestRequestExtension(VerbContract):
    transition = extensions.REQUEST_EXTENSION
    begin = "issued"
    by = "dot"
    letters = {("extension_requested", "email"): 1, ("extension_requested", "in_app"): 1}

    def perform(self, row, by):
        return extensions.request_extension(row, by=by, working_days=2, reason="An outage.")


@pytest.mark.parametrize("days", [0, 61])
def test_asks_for_1_to_60_working_days(story, days):
    with pytest.raises(ValidationError, match="1 to 60"):
        extensions.request_extension(
            story.issued(), by=story.dot, working_days=days, reason="An outage."
        )


def test_asking_gives_no_time(story):
    takedown = story.with_extension_requested()
    due_at = takedown.items.first().due_at
    assert takedown.items.get(number=2).due_at == due_at
    assert takedown.items.first().extension == 0
