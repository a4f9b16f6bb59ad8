"""report.accept: the report goes into a case."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import reports
from surveillance.audit.models import AuditEntry
from surveillance.flow import NotVisible
from tests.contract import VerbContract


class TestAcceptIntoANewCase(VerbContract):
    transition = reports.ACCEPT
    begin = "answerable_report"
    changes = {"state", "case_id", "triaged_at", "assignee_id"}
    letters = {("report_decided", "email"): 1}
    joined = ["case.open"]
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return reports.accept(row, by=by)


class TestAcceptIntoACase(TestAcceptIntoANewCase):
    joined = []

    @pytest.fixture(autouse=True)
    def _case(self, story):
        self.case = story.case()

    def perform(self, row, by):
        return reports.accept(row, by=by, case=self.case)


def test_the_new_case_is_named_after_the_product(story):
    report = reports.accept(story.report(), by=story.ana)
    assert report.case.title == "Cubo Magnetic cubes"
    assert report.case.assignee_id == report.assignee_id == story.ana.user_id


def test_is_refused_into_a_closed_case(story):
    with pytest.raises(ValidationError, match="is not open"):
        reports.accept(story.report(), by=story.ana, case=story.closed_case())


def test_is_refused_into_a_case_that_is_not_visible(story, cast):
    with pytest.raises(NotVisible):
        reports.accept(story.report(), by=cast.actor("cai"), case=story.restricted_case())


def test_stands_in_the_history_of_the_case(story):
    case = story.case()
    reports.accept(story.report(), by=story.ana, case=case)
    assert AuditEntry.objects.about(case.reference).first().verb == "report.accept"
