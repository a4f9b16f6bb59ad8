"""alert.withdraw: the alert leaves the public register and stays on record."""

import pytest
from django.core.exceptions import ValidationError

from sellers.flows import products
from sellers.models import Alert
from surveillance.accounts.actor import PUBLIC
from tests.contract import VerbContract


class TestWithdrawAlert(VerbContract):
    transition = products.WITHDRAW
    begin = "alert"
    by = "bo"
    changes = {"state"}
    outsiders = ()  # everybody sees a published alert

    def perform(self, row, by):
        return products.withdraw(row, by=by, reason="It was another batch.")


def test_the_public_does_not_see_it_any_more_the_desk_does(story):
    alert = story.withdrawn_alert()
    assert not Alert.objects.visible_to(PUBLIC).contains(alert)
    assert Alert.objects.visible_to(story.ana).contains(alert)


def test_needs_a_reason(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        products.withdraw(story.alert(), by=story.bo, reason="")
