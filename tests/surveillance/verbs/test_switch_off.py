"""endpoint.switch_off: nothing is sent there any more."""

from surveillance.webhooks.flows import endpoints
from tests.contract import VerbContract


class TestSwitchOff(VerbContract):
    transition = endpoints.SWITCH_OFF
    begin = "endpoint"
    by = "ada"
    changes = {"state"}
    outsiders = ("ana", "dot", "dev", "eve")

    def perform(self, row, by):
        return endpoints.switch_off(row, by=by)
