"""assessment.validate_risk: a second person stands behind the level."""

import pytest

from cases.flows import assessments
from surveillance.flow import WrongState
from tests.cast import SCENARIOS
from tests.contract import VerbContract


class TestValidateRisk(VerbContract):
    transition = assessments.VALIDATE_RISK
    begin = "assessment"
    by = "bo"
    changes = {"state", "validated_by_id", "validated_at"}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return assessments.validate_risk(row, by=by)


def test_the_level_becomes_that_of_the_case(story):
    assessment = story.validated_assessment()
    assessment.case.refresh_from_db()
    assert assessment.case.risk_level == assessment.level == "serious"


def test_supersedes_the_one_before(story):
    first = story.validated_assessment()
    second = assessments.validate_risk(story.assessment(first.case), by=story.bo)
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "validated")


def test_nobody_validates_an_own_assessment(story):
    own = assessments.assess_risk(story.case(), by=story.bo, scenarios=SCENARIOS)
    with pytest.raises(WrongState, match="a second person"):
        assessments.validate_risk(own, by=story.bo)
