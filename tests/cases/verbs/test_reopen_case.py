"""case.reopen: begin again where it was left."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import cases
from tests.contract import VerbContract


class TestReopenCase(VerbContract):
    transition = cases.REOPEN
    begin = "closed_case"
    changes = {"state", "closed_at", "outcome"}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return cases.reopen(row, by=by, reason="A new report came in.")


def test_needs_a_reason(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        cases.reopen(story.closed_case(), by=story.ana, reason="")
