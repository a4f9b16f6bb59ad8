"""endpoint.ping: a letter of its own, whatever events are chosen."""

from datetime import timedelta

import pytest

from surveillance.flow import WrongState
from surveillance.webhooks import flows
from tests.contract import VerbContract


class TestPing(VerbContract):
    transition = flows.PING
    begin = "endpoint"
    by = "ada"
    letters = {("ping", "webhook"): 1}
    outsiders = ("ana", "dot", "dev", "eve")

    def perform(self, row, by):
        return flows.ping(row, by=by)


def test_once_in_ten_seconds(story, time):
    endpoint = story.endpoint()
    flows.ping(endpoint, by=story.system)
    with pytest.raises(WrongState, match="ten seconds"):
        flows.ping(endpoint, by=story.system)
    time.pass_(timedelta(seconds=10))
    flows.ping(endpoint, by=story.system)
