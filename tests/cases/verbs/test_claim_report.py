"""report.claim: an inspector takes the report on."""

from cases.flows import reports
from tests.contract import VerbContract


class TestClaimReport(VerbContract):
    transition = reports.CLAIM
    begin = "report"
    changes = {"assignee_id"}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return reports.claim(row, by=by)


def test_can_be_taken_over(story):
    report = reports.claim(story.report(), by=story.ana)
    assert reports.claim(report, by=story.bo).assignee_id == story.bo.user_id
