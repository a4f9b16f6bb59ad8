"""report.mark_duplicate: the report says what another one says."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import reports
from surveillance.flow import NotVisible
from tests.contract import VerbContract


class TestMarkDuplicate(VerbContract):
    transition = reports.MARK_DUPLICATE
    begin = "answerable_report"
    changes = {"state", "duplicate_of_id", "triaged_at"}
    letters = {("report_decided", "email"): 1}
    outsiders = ("dot", "dev", "eve")

    @pytest.fixture(autouse=True)
    def _original(self, story):
        self.original = story.report()

    def perform(self, row, by):
        return reports.mark_duplicate(row, by=by, original=self.original)


@pytest.fixture
def three(story):
    return [story.report() for _ in range(3)]


def test_a_duplicate_of_a_duplicate_names_the_first(story, three):
    first, second, third = three
    reports.mark_duplicate(second, by=story.ana, original=first)
    third = reports.mark_duplicate(third, by=story.ana, original=second)
    assert third.duplicate_of_id == first.pk


def test_what_duplicated_the_report_now_names_the_first_too(story, three):
    first, second, third = three
    reports.mark_duplicate(third, by=story.ana, original=second)
    reports.mark_duplicate(second, by=story.ana, original=first)
    third.refresh_from_db()
    assert third.duplicate_of_id == first.pk


def test_no_report_is_its_own_duplicate(story, three):
    first, second, _third = three
    with pytest.raises(ValidationError, match="its own duplicate"):
        reports.mark_duplicate(first, by=story.ana, original=first)
    reports.mark_duplicate(second, by=story.ana, original=first)
    with pytest.raises(ValidationError, match="its own duplicate"):
        reports.mark_duplicate(first, by=story.ana, original=second)


def test_the_original_must_be_visible(story, cast):
    hidden = reports.accept(story.report(), by=story.ana, case=story.restricted_case())
    with pytest.raises(NotVisible):
        reports.mark_duplicate(story.report(), by=cast.actor("cai"), original=hidden)
