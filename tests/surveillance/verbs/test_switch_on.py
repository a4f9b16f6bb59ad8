"""endpoint.switch_on: letters go there again, at once."""

from surveillance.webhooks import flows
from tests.contract import VerbContract


class TestSwitchOn(VerbContract):
    transition = flows.SWITCH_ON
    begin = "endpoint_off"
    by = "ada"
    changes = {"state"}
    outsiders = ("ana", "dot", "dev", "eve")

    def perform(self, row, by):
        return flows.switch_on(row, by=by)
