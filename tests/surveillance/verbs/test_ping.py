"""endpoint.ping: a letter of its own, whatever events are chosen."""

from datetime import timedelta

import pytest

from surveillance.flow import WrongState
from surveillance.webhooks.flows import endpoints
from tests.contract import VerbContract


class TestPing(VerbContract):
    transition = endpoints.PING
    begin = "endpoint"
    by = "ada"
    letters = {("ping", "webhook"): 1}
    outsiders = ("ana", "dot", "dev", "eve")

    def perform(self, row, by):
        return endpoints.ping(row, by=by)


def test_once_in_ten_seconds(story, time):
    endpoint = story.endpoint()
    endpoints.ping(endpoint, by=story.system)
    with pytest.raises(WrongState, match="ten seconds"):
        endpoints.ping(endpoint, by=story.system)
    time.pass_(timedelta(seconds=10))
    endpoints.ping(endpoint, by=story.system)
