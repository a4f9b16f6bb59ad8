"""case.enforce: a request has gone out."""

from cases.flows import cases
from tests.contract import VerbContract


class TestEnforce(VerbContract):
    transition = cases.ENFORCE
    begin = "case"
    changes = {"state"}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return cases.enforce(row, by=by)


class TestEnforceAgain(TestEnforce):
    begin = "monitoring_case"
