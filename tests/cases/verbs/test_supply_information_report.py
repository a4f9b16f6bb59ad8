"""report.supply_information: the reporter answers, by the tracking page or by telephone."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import reports
from surveillance.accounts.actor import SYSTEM
from surveillance.audit.models import AuditEntry
from tests.contract import VerbContract


class TestSupplyInformation(VerbContract):
    transition = reports.SUPPLY_INFORMATION
    begin = "asked_report"
    changes = {"state", "incident"}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return reports.supply_information(row, by=by, answer="The small ones.")


def test_the_answer_is_added_to_what_was_told(story):
    report = reports.supply_information(story.asked_report(), by=SYSTEM, answer="The small ones.")
    assert report.incident == "They broke.\n\nThe small ones."


def test_the_words_stay_out_of_the_trail(story):
    report = reports.supply_information(story.asked_report(), by=SYSTEM, answer="The small ones.")
    entry = AuditEntry.objects.about(report.reference).first()
    assert entry.changes["incident"] == ["(personal)", "(personal)"]


def test_needs_an_answer(story):
    with pytest.raises(ValidationError):
        reports.supply_information(story.asked_report(), by=SYSTEM, answer="")
