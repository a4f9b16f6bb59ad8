"""case.lift_restriction: everybody on the desk sees the case again."""

from cases.flows import cases
from cases.models import Case
from tests.contract import VerbContract


class TestLiftRestriction(VerbContract):
    transition = cases.LIFT_RESTRICTION
    begin = "restricted_case"
    changes = {"is_restricted"}
    outsiders = ("cai", "dot", "dev", "eve")

    def perform(self, row, by):
        return cases.lift_restriction(row, by=by, reason="The court has decided.")


def test_the_other_office_sees_it_again(story, cast):
    case = cases.lift_restriction(story.restricted_case(), by=story.bo, reason="Decided.")
    assert Case.objects.visible_to(cast.actor("cai")).contains(case)
