"""case.monitor: nothing is open any more."""

from cases.flows import cases
from tests.contract import VerbContract


class TestMonitor(VerbContract):
    transition = cases.MONITOR
    begin = "enforcing_case"
    changes = {"state"}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return cases.monitor(row, by=by)
