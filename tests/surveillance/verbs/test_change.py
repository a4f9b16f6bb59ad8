"""endpoint.change: another address, other events."""

from surveillance.webhooks.flows import endpoints
from tests.contract import VerbContract


class TestChange(VerbContract):
    transition = endpoints.CHANGE
    begin = "endpoint"
    by = "ada"
    changes = {"url", "name", "events"}
    outsiders = ("ana", "dot", "dev", "eve")
    repeatable = True

    def perform(self, row, by):
        url = "https://hooks.market.example/new"
        return endpoints.change(row, by=by, url=url, name="Stock", chosen=["takedown_issued"])
