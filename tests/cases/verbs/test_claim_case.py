"""case.claim: an inspector takes the case on."""

from cases.flows import cases
from tests.contract import VerbContract


class TestClaimCase(VerbContract):
    transition = cases.CLAIM
    begin = "case"
    by = "cai"
    changes = {"assignee_id"}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return cases.claim(row, by=by)


class TestClaimRestrictedCase(TestClaimCase):
    begin = "restricted_case"
    by = "bo"
    outsiders = ("cai", "dot", "dev", "eve")
