"""key.revoke: dead from now on."""

from surveillance.keys import flows as keys
from tests.contract import VerbContract


class TestRevoke(VerbContract):
    transition = keys.REVOKE
    begin = "key"
    by = "ada"
    changes = {"state"}
    outsiders = ("ana", "dot", "dev", "eve")

    def perform(self, row, by):
        return keys.revoke(row, by=by)
