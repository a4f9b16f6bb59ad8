"""endpoint.switch_off: nothing is sent there any more."""

from surveillance.webhooks import flows
from tests.contract import VerbContract


class TestSwitchOff(VerbContract):
    transition = flows.SWITCH_OFF
    begin = "endpoint"
    by = "ada"
    changes = {"state"}
    outsiders = ("ana", "dot", "dev", "eve")

    def perform(self, row, by):
        return flows.switch_off(row, by=by)
