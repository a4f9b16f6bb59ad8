"""endpoint.remove: its secrets are forgotten."""

from surveillance.webhooks.flows import endpoints
from tests.contract import VerbContract


class TestRemove(VerbContract):
    transition = endpoints.REMOVE
    begin = "endpoint"
    by = "ada"
    changes = {"state", "secret"}
    outsiders = ("ana", "dot", "dev", "eve")

    def perform(self, row, by):
        return endpoints.remove(row, by=by)
