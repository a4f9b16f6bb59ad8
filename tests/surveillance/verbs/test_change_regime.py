"""regime.change: a new version for the demands that are issued from now on."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from surveillance.accounts.actor import SYSTEM
from surveillance.calendars import flows
from surveillance.calendars.content import RegimeContent
from surveillance.calendars.models import Regime
from surveillance.calendars.reference.regimes import Rung
from surveillance.flow import Stale
from tests.contract import CreationContract


def current() -> Regime:
    return Regime.objects.current().get(code="EU-GPSR-22-12")


def change(regime: Regime, by=SYSTEM, **values):
    content = replace(RegimeContent.of(regime), **({"limit_amount": 5} | values))
    return flows.change_regime(regime, by=by, content=content, reason="The law has changed.")


class TestChangeRegime(CreationContract):
    transition = flows.CHANGE_REGIME
    model = Regime
    by = "ada"

    def perform(self, ground, by):
        return change(current(), by)

    def test_makes_one_row_in_its_first_state(self, ground, actor):
        made = self.perform(ground, actor)
        assert (made.version, made.limit_amount, made.is_current) == (2, 5, True)
        assert (made.made_by_id, made.note) == (actor.user_id, "The law has changed.")


def test_an_issued_demand_keeps_its_version_the_next_one_has_the_new(story):
    before = story.issued_notice()
    due_at = before.items.first().due_at
    change(current())
    before.refresh_from_db()
    assert (before.regime.version, before.items.first().due_at) == (1, due_at)
    after = story.issued_notice()
    assert (after.regime.version, after.items.first().derivation["limit"]["amount"]) == (2, 5)


def test_of_two_who_began_from_one_version_the_second_is_refused(cast):
    read = current()
    change(read)
    with pytest.raises(Stale):
        change(read, limit_amount=6)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"limit_amount": 0}, "limit_amount"),
        ({"cut_off": "17:00"}, "cut_off"),
        ({"reminders": (5,)}, "reminders"),
        ({"escalation": (Rung(2, "inspector"), Rung(1, "supervisor"))}, "escalation"),
        ({"escalation": (Rung(2, "nobody"),)}, "escalation"),
        ({"extension_approvals": 0}, "extension_approvals"),
        ({"calendar_code": "XX"}, "calendar_code"),
    ],
)
def test_what_is_wrong_is_named(cast, wrong, field):
    with pytest.raises(ValidationError) as refused:
        change(current(), **wrong)
    assert field in refused.value.message_dict
    assert current().version == 1


def test_a_change_of_nothing_is_refused(cast):
    with pytest.raises(ValidationError, match="changes nothing"):
        change(current(), limit_amount=current().limit_amount)
