"""endpoint.give_up: switched off by itself, and its organisation told by other channels."""

from datetime import timedelta

from surveillance.outbox.models import Lane
from surveillance.webhooks.flows import endpoints
from tests.contract import VerbContract


class TestGiveUp(VerbContract):
    transition = endpoints.GIVE_UP
    begin = "endpoint"
    by = "system"
    changes = {"state", "off_because"}
    letters = {("webhook_switched_off", "email"): 1}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return endpoints.give_up(row, because="It has taken nothing for 5 days.", by=by)


def test_only_after_five_days_in_which_it_took_nothing(story, time):
    failing, well = story.endpoint(), story.endpoint(story.partner())
    Lane.objects.create(key=failing.lane, failures=4, failing_since=time.now)
    time.pass_(endpoints.FAILING_FOR - timedelta(seconds=1))
    assert endpoints.give_up_failing(time.now) == 0
    time.pass_(timedelta(seconds=1))
    assert endpoints.give_up_failing(time.now) == 1
    failing.refresh_from_db()
    well.refresh_from_db()
    assert (failing.state, well.state) == ("off", "on")
    assert endpoints.give_up_failing(time.now) == 0
