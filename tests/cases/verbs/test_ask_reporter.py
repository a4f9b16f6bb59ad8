"""report.ask_reporter: a question to the person who reported."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import reports
from surveillance.flow import WrongState
from surveillance.outbox.models import OutboxMessage
from tests.contract import VerbContract


class TestAskReporter(VerbContract):
    transition = reports.ASK_REPORTER
    begin = "answerable_report"
    changes = {"state"}
    letters = {("reporter_asked", "email"): 1}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return reports.ask_reporter(row, by=by, question="Which size?")


def test_is_asked_in_the_language_of_the_report(story):
    report = story.receipt(email="eve@home.example", may_contact=True, language="zh-hant").report
    reports.ask_reporter(report, by=story.ana, question="哪一個尺寸？")
    letter = OutboxMessage.objects.get(letter="reporter_asked")
    assert letter.language == "zh-hant"
    assert "哪一個尺寸？" in str(letter.document)


@pytest.mark.parametrize(
    "reporter", [{"email": ""}, {"email": "eve@home.example", "may_contact": False}]
)
def test_nobody_is_asked_who_left_no_address_or_wants_no_letters(story, reporter):
    report = story.receipt(**reporter).report
    with pytest.raises(WrongState, match="left no address"):
        reports.ask_reporter(report, by=story.ana, question="Which size?")


def test_needs_a_question(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        reports.ask_reporter(story.answerable_report(), by=story.ana, question=" ")
