"""assessment.assess_risk: one person proposes the level."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import assessments
from cases.models import RiskAssessment
from surveillance.outbox.models import OutboxMessage
from tests.cast import SCENARIOS
from tests.contract import CreationContract


class TestAssessRisk(CreationContract):
    transition = assessments.ASSESS_RISK
    model = RiskAssessment
    begin = "restricted_case"
    letters = {("risk_to_validate", "in_app"): 1}
    outsiders = ("cai",)

    def perform(self, ground, by):
        return assessments.assess_risk(ground, by=by, scenarios=SCENARIOS)


def test_keeps_exact_fractions(story):
    assessment = story.assessment()
    assert assessment.level == "serious"
    assert "1/200" in str(assessment.result)


def test_supersedes_an_earlier_proposal(story):
    first = story.assessment()
    second = story.assessment(first.case)
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "proposed")


def test_whoever_assesses_is_not_asked_to_validate(story, cast):
    assessments.assess_risk(story.case(), by=story.bo, scenarios=SCENARIOS)
    assert not OutboxMessage.objects.filter(letter="risk_to_validate").exists()


def test_is_refused_in_a_case_that_is_not_open(story):
    with pytest.raises(ValidationError, match="is not open"):
        assessments.assess_risk(story.closed_case(), by=story.ana, scenarios=SCENARIOS)
