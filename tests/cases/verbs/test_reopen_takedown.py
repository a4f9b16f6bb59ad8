"""takedown.reopen: a listing came back, the order still stands."""

from cases.flows import takedowns
from tests.contract import VerbContract


class TestReopenTakedown(VerbContract):
    transition = takedowns.REOPEN
    begin = "closed"
    changes = {"state", "closed_at"}

    def perform(self, row, by):
        return takedowns.reopen(row, by=by, reason="A listing came back.")
