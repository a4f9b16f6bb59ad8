"""case.restrict: only its inspector and the supervisors of its office see it."""

import pytest

from cases.flows import cases
from cases.models import Case
from tests.contract import VerbContract


class TestRestrict(VerbContract):
    transition = cases.RESTRICT
    begin = "case"
    changes = {"is_restricted"}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return cases.restrict(row, by=by, reason="A court case is pending.")


@pytest.mark.parametrize(
    ("name", "sees"), [("ana", True), ("bo", True), ("cai", False), ("ada", False), ("dot", False)]
)
def test_who_still_sees_it(story, cast, name, sees):
    case = story.restricted_case()
    assert Case.objects.visible_to(cast.actor(name)).contains(case) is sees
