"""endpoint.remove: its secrets are forgotten."""

from surveillance.webhooks import flows
from tests.contract import VerbContract


class TestRemove(VerbContract):
    transition = flows.REMOVE
    begin = "endpoint"
    by = "ada"
    changes = {"state", "secret"}
    outsiders = ("ana", "dot", "dev", "eve")

    def perform(self, row, by):
        return flows.remove(row, by=by)
