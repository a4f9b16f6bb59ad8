"""item.accept_refusal: the platform was right."""

import pytest
from django.core.exceptions import ValidationError

from cases.flows import items
from cases.models import Item
from tests.contract import VerbContract


class TestAcceptRefusal(VerbContract):
    transition = items.ACCEPT_REFUSAL
    begin = "refused"
    changes = {"state", "decision", "settled_at"}
    letters = {("item_decided", "email"): 1, ("item_decided", "in_app"): 1}

    def perform(self, row, by):
        return items.accept_refusal(row, by=by, reason="It is another model.")


def test_the_listing_stays_online(story):
    item = Item.objects.get(pk=story.refusal_accepted().pk)
    assert item.listing.state == "online"


def test_needs_a_reason(story):
    with pytest.raises(ValidationError, match="Write a sentence"):
        items.accept_refusal(story.refused(), by=story.ana, reason="")
