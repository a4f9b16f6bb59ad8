"""endpoint.switch_on: letters go there again, at once."""

from surveillance.webhooks.flows import endpoints
from tests.contract import VerbContract


class TestSwitchOn(VerbContract):
    transition = endpoints.SWITCH_ON
    begin = "endpoint_off"
    by = "ada"
    changes = {"state"}
    outsiders = ("ana", "dot", "dev", "eve")

    def perform(self, row, by):
        return endpoints.switch_on(row, by=by)
