"""endpoint.change: another address, other events."""

from surveillance.webhooks import flows
from tests.contract import VerbContract


class TestChange(VerbContract):
    transition = flows.CHANGE
    begin = "endpoint"
    by = "ada"
    changes = {"url", "name", "events"}
    outsiders = ("ana", "dot", "dev", "eve")
    repeatable = True

    def perform(self, row, by):
        url = "https://hooks.market.example/new"
        return flows.change(row, by=by, url=url, name="Stock", chosen=["takedown_issued"])
