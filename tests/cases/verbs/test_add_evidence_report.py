"""report.add_evidence: photos that came with a report."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.flows import evidence
from cases.models import Evidence
from surveillance.accounts.actor import SYSTEM
from surveillance.audit.models import AuditEntry
from tests.cast import photo
from tests.contract import VerbContract


class TestAddEvidence(VerbContract):
    transition = evidence.ADD_TO_REPORT
    begin = "report"
    by = "system"
    outsiders = ("dot", "dev", "eve")
    repeatable = True

    def perform(self, row, by):
        return evidence.add_to_report(row, by=by, files=[photo()])


def test_what_the_reporter_called_the_file_stays_out_of_the_trail(story):
    report = story.report()
    (kept,) = evidence.add_to_report(report, by=SYSTEM, files=[photo("eve-ng-in-bath.png")])
    entry = AuditEntry.objects.about(report.reference).first()
    assert kept.filename == "eve-ng-in-bath.png"
    assert entry.facts == {"sha256": kept.sha256, "size": kept.size}


def test_all_are_checked_before_the_first_is_kept(story):
    report = story.report()
    letter = SimpleUploadedFile("letter.png", b"no picture at all")
    with pytest.raises(ValidationError, match="Send a JPEG"):
        evidence.add_to_report(report, by=SYSTEM, files=[photo(), letter])
    assert not Evidence.objects.filter(report=report).exists()
