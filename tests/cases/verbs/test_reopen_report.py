"""report.reopen: back to the inbox."""

import pytest

from cases.flows import reports
from surveillance.audit.models import AuditEntry
from tests.contract import VerbContract


class TestReopenReport(VerbContract):
    transition = reports.REOPEN
    begin = "accepted_report"
    changes = {"state", "case_id"}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return reports.reopen(row, by=by, reason="It is another product.")


@pytest.mark.parametrize("begin", ["accepted_report", "duplicate_report", "dismissed_report"])
def test_leaves_nothing_of_the_decision(story, begin):
    report = reports.reopen(getattr(story, begin)(), by=story.ana, reason="A mistake.")
    assert (report.state, report.case, report.duplicate_of) == ("received", None, None)


def test_the_case_tells_that_the_report_left(story):
    report = story.accepted_report()
    case = report.case
    reports.reopen(report, by=story.ana, reason="It is another product.")
    assert AuditEntry.objects.about(case.reference).first().verb == "report.reopen"
