"""report.dismiss: no case follows."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import reports
from surveillance.audit.models import AuditEntry
from surveillance.outbox.models import OutboxMessage
from tests.contract import VerbContract


class TestDismiss(VerbContract):
    transition = reports.DISMISS
    begin = "answerable_report"
    changes = {"state", "triaged_at"}
    letters = {("report_decided", "email"): 1}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return reports.dismiss(row, by=by, reason="It is a toothbrush.")


def test_the_reason_stays_with_us(story):
    report = reports.dismiss(story.answerable_report(), by=story.ana, reason="A prank.")
    assert AuditEntry.objects.about(report.reference).first().reason == "A prank."
    assert "prank" not in str(OutboxMessage.objects.get(letter="report_decided").document)


def test_needs_a_reason(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        reports.dismiss(story.report(), by=story.ana, reason="")
