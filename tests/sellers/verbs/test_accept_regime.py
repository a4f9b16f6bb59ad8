"""platform.accept_regime: a person says that the rule, as it stands, is known."""

import pytest

from sellers.flows import platform_setup
from surveillance.accounts.actor import Actor
from surveillance.calendars.models import Regime
from surveillance.flow import WrongState
from tests.contract import VerbContract


class TestAcceptRegime(VerbContract):
    transition = platform_setup.ACCEPT_REGIME
    begin = "platform"

    @pytest.fixture
    def actor(self, story) -> Actor:
        return Actor.of(story.manager())

    def perform(self, row, by):
        return platform_setup.accept_regime(row, row.regime("order"), by=by)


def test_day_and_person_are_kept(story, cast, time):
    fay = Actor.of(story.manager())
    regime = cast.harbour.regime("notice")
    platform_setup.accept_regime(cast.harbour, regime, by=fay)
    (kept,) = cast.harbour.acceptances.all()
    assert (kept.regime, kept.accepted_at, kept.accepted_by_id) == (regime, time.now, fay.user_id)


def test_a_rule_of_others_is_nothing_to_accept(story, cast):
    fay, theirs = Actor.of(story.manager()), Regime.objects.current().get(code="AU-PLEDGE")
    with pytest.raises(WrongState, match="No request to you"):
        platform_setup.accept_regime(cast.harbour, theirs, by=fay)
