"""alert.publish: the alert stands in the public register."""

import pytest
from django.core.exceptions import ValidationError

from sellers.flows import products
from sellers.models import Alert
from surveillance.accounts.actor import PUBLIC
from tests.contract import VerbContract


class TestPublish(VerbContract):
    transition = products.PUBLISH
    begin = "draft_alert"
    by = "bo"
    changes = {"state", "published_on"}
    outsiders = ("dot", "dev", "eve")

    def perform(self, row, by):
        return products.publish(row, by=by)


def test_the_public_sees_alert_and_product(story, time):
    alert = story.alert()
    assert alert.published_on == time.now.date()
    assert Alert.objects.visible_to(PUBLIC).contains(alert)
    assert type(alert.product).objects.visible_to(PUBLIC).contains(alert.product)


def test_says_what_to_do(story):
    alert = story.alert(published=False, what_to_do=" ")
    with pytest.raises(ValidationError) as refusal:
        products.publish(alert, by=story.bo)
    assert list(refusal.value.message_dict) == ["what_to_do"]
