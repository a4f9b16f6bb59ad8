"""takedown.revise: the statement of reasons is written anew."""

from dataclasses import replace

from cases.flows import takedowns
from tests.cast import REASONS
from tests.contract import VerbContract


class TestRevise(VerbContract):
    transition = takedowns.REVISE
    begin = "draft"
    changes = {"facts"}
    outsiders = ("dot", "dev", "eve")
    repeatable = True

    def perform(self, row, by):
        reasons = replace(REASONS, facts="The cubes are smaller than 31.7 mm.")
        return takedowns.revise(row, by=by, reasons=reasons)
