"""takedown.ask_sandbox: a platform asks for a demand that counts nowhere."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import sandbox, takedowns
from cases.models import TakedownRequest
from cases.states import TakedownState
from surveillance.calendars.models import Regime
from surveillance.flow import WrongState
from tests.contract import CreationContract


class TestAskSandbox(CreationContract):
    transition = sandbox.ASK
    model = TakedownRequest
    begin = "platform"
    by = "dot"
    letters = {("takedown_issued", "email"): 1, ("takedown_issued", "in_app"): 1}
    joined = [
        "case.open",
        *["listing.record", "case.link_listing"] * 5,
        "takedown.issue",
        "case.enforce",
    ]
    outsiders = ("dev",)

    def perform(self, ground, by):
        return sandbox.ask(ground, by=by)

    def test_makes_one_row_in_its_first_state(self, ground, actor):
        """And issues it at once, in the same operation: that is its second version."""
        before = self.count()
        row = self.perform(ground, actor)
        assert self.count() == before + 1
        assert (row.version, row.state) == (2, TakedownState.ISSUED)


@pytest.mark.parametrize("name", ["ana", "bo", "dot"])
def test_staff_and_the_platform_itself_may(cast, name):
    asked = sandbox.ask(cast.harbour, by=cast.actor(name))
    assert (asked.is_sandbox, asked.state) == (True, TakedownState.ISSUED)
    assert asked.reference.startswith("TEST-2026-")
    assert asked.items.count() == 5
    assert all(item.due_at for item in asked.items.all())


def test_it_is_an_order_where_the_platform_gets_any(cast):
    assert sandbox.ask(cast.harbour, by=cast.actor("dot")).kind == "order"
    assert sandbox.ask(cast.bazaar, by=cast.actor("dev")).kind == "notice"
    assert sandbox.ask(cast.harbour, by=cast.actor("dot"), kind="notice").kind == "notice"


@pytest.mark.parametrize("kind", ["order", "advice"])
def test_a_kind_that_the_platform_does_not_get_is_refused(cast, kind):
    with pytest.raises(ValidationError, match="no regime"):
        sandbox.ask(cast.bazaar, by=cast.actor("dev"), kind=kind)


def test_five_may_be_open_at_once(cast, story):
    for _time in range(sandbox.MOST_OPEN):
        last = sandbox.ask(cast.harbour, by=story.dot)
    with pytest.raises(WrongState, match="5 sandbox demands are open"):
        sandbox.ask(cast.harbour, by=story.dot)
    sandbox.ask(cast.bazaar, by=cast.actor("dev"))  # the other platform's are its own
    TakedownRequest.objects.filter(pk=last.pk).update(state=TakedownState.CLOSED)
    assert sandbox.ask(cast.harbour, by=story.dot).state == TakedownState.ISSUED


def test_four_eyes_are_not_asked_for(cast, story):
    codes = {regime.code for regime in cast.harbour.regimes()}
    Regime.objects.filter(code__in=codes).update(four_eyes=True)
    assert sandbox.ask(cast.harbour, by=story.dot).state == TakedownState.ISSUED
    with pytest.raises(WrongState, match="second person"):
        takedowns.issue(story.draft(), by=story.ana)
